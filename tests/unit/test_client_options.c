/*
 * The client's command lines: options and names in any order, and what is
 * refused.
 *
 * links: init/client/options.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/client/client.h"
#include "init/client/options.h"

#define WORDS 8

static unsigned said;

void client_say(const char *fmt, ...)
{
	(void)fmt;
	said++;
}

struct result {
	bool follow;
	int number, time_ms;
	const char *word;
	const char *names[3];
};

static int read_words(const char *const *words, struct result *r, int least, int most)
{
	const struct option_row rows[] = {
		{ 'f', "follow", OPTION_FLAG, &r->follow },
		{ 'n', "number", OPTION_NUMBER, &r->number },
		{ 't', "time", OPTION_SECONDS, &r->time_ms },
		{ 0, "word", OPTION_WORD, &r->word },
	};
	int argc = 0;

	*r = (struct result){ .number = -1, .time_ms = -1, .word = "" };
	said = 0;
	while (words[argc])
		argc++;
	return options_read(argc, (char **)words, rows, 4, r->names, least, most);
}

static void options_and_names_stand_in_any_order(void **test)
{
	static const struct {
		const char *words[WORDS];
		struct result is;
	} rows[] = {
		{ { "c" }, { false, -1, -1, "", { 0 } } },
		{ { "c", "a", "-f", "b" }, { true, -1, -1, "", { "a", "b" } } },
		{ { "c", "-n", "5", "a" }, { false, 5, -1, "", { "a" } } },
		{ { "c", "-n5", "-f" }, { true, 5, -1, "", { 0 } } },
		{ { "c", "-fn5" }, { true, 5, -1, "", { 0 } } },
		{ { "c", "-fn", "0" }, { true, 0, -1, "", { 0 } } },
		{ { "c", "--number=7", "--word", "w" }, { false, 7, -1, "w", { 0 } } },
		{ { "c", "--word=", "--word=-f" }, { false, -1, -1, "-f", { 0 } } },
		{ { "c", "-t", "2" }, { false, -1, 2000, "", { 0 } } },
		{ { "c", "-t0.25" }, { false, -1, 250, "", { 0 } } },
		{ { "c", "-t", ".5" }, { false, -1, 500, "", { 0 } } },
		{ { "c", "-t", "1.001" }, { false, -1, 1001, "", { 0 } } },
		{ { "c", "--", "-f", "-" }, { false, -1, -1, "", { "-f", "-" } } },
		{ { "c", "-", "x" }, { false, -1, -1, "", { "-", "x" } } },
		{ { "c", "-n", "1000000000" }, { false, 1000000000, -1, "", { 0 } } },
	};

	(void)test;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct result r;
		int names = 0;

		while (rows[i].is.names[names])
			names++;
		assert_int_equal(read_words(rows[i].words, &r, 0, 3), names);
		assert_int_equal(r.follow, rows[i].is.follow);
		assert_int_equal(r.number, rows[i].is.number);
		assert_int_equal(r.time_ms, rows[i].is.time_ms);
		assert_string_equal(r.word, rows[i].is.word);
		for (int n = 0; n < names; n++)
			assert_string_equal(r.names[n], rows[i].is.names[n]);
		assert_int_equal(said, 0);
	}
}

static void what_is_wrong_is_said_once(void **test)
{
	static const char *const rows[][WORDS] = {
		{ "c", "-x", "a" },
		{ "c", "--nothing", "a" },
		{ "c", "--num=5", "a" },	/* no abbreviations */
		{ "c", "a", "-n" },
		{ "c", "a", "-n", "" },
		{ "c", "a", "-n", "-1" },
		{ "c", "a", "-n", "5x" },
		{ "c", "a", "-n", "1.5" },
		{ "c", "a", "-n", "1000000001" },
		{ "c", "a", "-n", "99999999999999999999999" },
		{ "c", "a", "-t", "1.2345" },
		{ "c", "a", "-t", "1.2.3" },
		{ "c", "a", "-t", "1000001" },
		{ "c", "a", "--follow=1" },
		{ "c", "a", "b", "c" },		/* too many names */
		{ "c" },			/* none */
	};

	(void)test;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct result r;

		assert_int_equal(read_words(rows[i], &r, 1, 2), -1);
		assert_int_equal(said, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_names_stand_in_any_order),
		cmocka_unit_test(what_is_wrong_is_said_once),
	};

	return cmocka_run_group_tests_name("client_options", tests, NULL, NULL);
}
