/*
 * The name that is nearest to what somebody wrote.
 *
 * links: init/client/names.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "init/client/names.h"

static const char *const names[] = {
	"status", "start", "stop", "restart", "table", "top", "logs", "broker", "web", NULL,
};

static const char *name_of(unsigned place)
{
	return names[place];
}

static void distances_count_slips(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned distance;
	} rows[] = {
		{ "", "", 0 },
		{ "", "abc", 3 },
		{ "abc", "", 3 },
		{ "web", "web", 0 },
		{ "web", "wbe", 1 },
		{ "web", "wb", 1 },
		{ "web", "weeb", 1 },
		{ "web", "wab", 1 },
		{ "kitten", "sitting", 3 },
		{ "ca", "abc", 3 },		/* optimal string alignment: not 2 */
		{ "0123456789012345678901234567890", "0123456789012345678901234567890", 0 },
		{ "01234567890123456789012345678901", "0", NAMES_FAR },
		{ "0", "01234567890123456789012345678901", NAMES_FAR },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(names_distance(rows[i].a, rows[i].b), rows[i].distance);
}

static void the_nearest_is_found_and_nothing_far(void **state)
{
	static const struct {
		const char *word, *nearest;
	} rows[] = {
		{ "stauts", "status" }, { "statsu", "status" }, { "brok", "broker" },
		{ "brkoer", "broker" }, { "wbe", "web" }, { "w", "web" }, { "restrat", "restart" },
		{ "stopp", "stop" }, { "log", "logs" }, { "top", "top" },
		{ "", NULL }, { "zebra", NULL }, { "x", NULL }, { "nginx", NULL },
		{ "a-name-that-is-longer-than-any-other", NULL },
	};
	const unsigned count = sizeof(names) / sizeof(names[0]);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int place = names_nearest(rows[i].word, name_of, count);

		if (rows[i].nearest)
			assert_string_equal(place < 0 ? "none" : names[place], rows[i].nearest);
		else
			assert_int_equal(place, -1);
	}
	assert_int_equal(names_nearest("web", name_of, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distances_count_slips),
		cmocka_unit_test(the_nearest_is_found_and_nothing_far),
	};

	return cmocka_run_group_tests_name("client_names", tests, NULL, NULL);
}
