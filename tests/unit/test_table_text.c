/*
 * Text that comes in and goes out: which bytes a configuration may have, how
 * .config's strings are read and written, how bytes become C, and which name
 * a misspelt one is near to.
 *
 * links: init/table/utf8.c init/table/dotconfig.c init/table/report.c
 * links: init/table/arena.c init/table/literal.c init/table/nearest.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/table/dotconfig.h"
#include "init/table/literal.h"
#include "init/table/nearest.h"
#include "init/table/utf8.h"

static void only_well_formed_characters_that_show_are_accepted(void **state)
{
	static const struct {
		const char *text;
		size_t length;
	} rows[] = {
		{ " ", 1 }, { "~", 1 }, { "\t", 0 }, { "\x1f", 0 }, { "\x7f", 0 },
		{ "\xc2\xa0", 2 }, { "\xc2\x9f", 0 }, { "\xdf\xbf", 2 }, { "\xc1\xbf", 0 },
		{ "\xc0\x80", 0 }, { "\x80", 0 }, { "\xbf", 0 },
		{ "\xe0\xa0\x80", 3 }, { "\xe0\x9f\xbf", 0 }, { "\xed\x9f\xbf", 3 },
		{ "\xed\xa0\x80", 0 }, { "\xef\xbf\xbf", 3 }, { "\xe1\x80", 0 },
		{ "\xe1\x80\xc0", 0 },
		{ "\xf0\x90\x80\x80", 4 }, { "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf4\x8f\xbf\xbf", 4 }, { "\xf4\x90\x80\x80", 0 },
		{ "\xf5\x80\x80\x80", 0 }, { "\xff", 0 }, { "\xf1\x80\x80", 0 },
		{ "\xf1\x80\x80\x7f", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (utf8_printable(rows[i].text, strlen(rows[i].text)) != rows[i].length)
			fail_msg("row %zu is not as expected", i);
	}
	assert_int_equal(utf8_printable("", 1), 0);
	assert_int_equal(utf8_printable("\xc3\xa9", 1), 0);
}

/* Reads content as a file; what is said goes to *said, to be freed. */
static struct dotconfig read_content(struct arena *arena, const char *content, size_t length,
				     char **said)
{
	char path[] = "/tmp/dotconfig-XXXXXX";
	int fd = mkstemp(path);
	size_t said_length;
	struct report report = { .to = open_memstream(said, &said_length) };
	struct dotconfig config;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, length), length);
	close(fd);
	config = dotconfig_read(arena, &report, path);
	unlink(path);
	fclose(report.to);
	return config;
}

static void a_line_becomes_symbol_value_and_place(void **state)
{
	static const struct {
		const char *line, *symbol, *value;
		bool quoted;
	} rows[] = {
		{ "CONFIG_A=y", "A", "y", false },
		{ "CONFIG_A_1=-12", "A_1", "-12", false },
		{ "CONFIG_A=", "A", "", false },
		{ "# CONFIG_A is not set", "A", "n", false },
		{ "CONFIG_A=\"\"", "A", "", true },
		{ "CONFIG_A=\"b c=d # e\"", "A", "b c=d # e", true },
		{ "CONFIG_A=\"\\\"\\\\\"", "A", "\"\\", true },
		{ "CONFIG_A=\"\303\251\"", "A", "\303\251", true },
		{ "CONFIG_A=\"", NULL, NULL, false },
		{ "CONFIG_A=\"\\\"", NULL, NULL, false },
		{ "CONFIG_A=\"\\", NULL, NULL, false },
		{ "CONFIG_A=\"b\"c", NULL, NULL, false },
		{ "CONFIG_A=\"b\" ", NULL, NULL, false },
		{ "CONFIG_A", NULL, NULL, false },
		{ "CONFIG_=y", NULL, NULL, false },
		{ "CONFIG_A-B=y", NULL, NULL, false },
		{ " CONFIG_A=y", NULL, NULL, false },
		{ "A=y", NULL, NULL, false },
		{ "CONFIG_A=\r", NULL, NULL, false },
		{ "CONFIG_A=\"\xc3\"", NULL, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { NULL };
		const char *content = arena_printf(&arena, "# a comment\n\n%s\n", rows[i].line);
		char *said;
		struct dotconfig config = read_content(&arena, content, strlen(content), &said);

		if (config.count != !!rows[i].symbol)
			fail_msg("%s is %s", rows[i].line, config.count ? "taken" : "refused");
		assert_int_equal(!*said, config.count);
		if (config.count) {
			assert_string_equal(config.at->symbol, rows[i].symbol);
			assert_string_equal(config.at->value, rows[i].value);
			assert_int_equal(config.at->quoted, rows[i].quoted);
			assert_int_equal(config.at->line, 3);
		} else {
			assert_non_null(strstr(said, ":3: "));
		}
		free(said);
		arena_free(&arena);
	}
}

static void the_last_of_twins_counts_and_is_reported(void **state)
{
	static const char content[] = "CONFIG_B=1\nCONFIG_A=2\n# CONFIG_B is not set\n";
	struct arena arena = { NULL };
	char *said;
	struct dotconfig config = read_content(&arena, content, strlen(content), &said);

	(void)state;
	assert_int_equal(config.count, 2);
	assert_string_equal(dotconfig_find(&config, "B")->value, "n");
	assert_string_equal(dotconfig_find(&config, "A")->value, "2");
	assert_null(dotconfig_find(&config, "C"));
	assert_non_null(strstr(said, ":3: B=n: stands in line 1 already"));
	free(said);
	arena_free(&arena);
}

static void a_nul_byte_is_refused_and_the_rest_still_read(void **state)
{
	static const char content[] = "CONFIG_A=y\0z\nCONFIG_B=y";
	struct arena arena = { NULL };
	char *said;
	struct dotconfig config = read_content(&arena, content, sizeof(content) - 1, &said);

	(void)state;
	assert_int_equal(config.count, 1);
	assert_true(dotconfig_is_on(&config, "B"));
	assert_false(dotconfig_is_on(&config, "A"));
	assert_non_null(strstr(said, "control character"));
	free(said);
	arena_free(&arena);
}

static void a_string_in_c_means_exactly_its_bytes(void **state)
{
	static const struct {
		const char *text, *literal;
	} rows[] = {
		{ "", "\"\"" },
		{ "a b", "\"a b\"" },
		{ "\"\\", "\"\\\"\\\\\"" },
		{ "\?\?/", "\"\\?\\?/\"" },
		{ "\n1", "\"\\0121\"" },
		{ "\x7f\xff" "0", "\"\\177\\3770\"" },
		{ "%s", "\"%s\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *seen;
		size_t length;
		FILE *memory = open_memstream(&seen, &length);

		literal_string(rows[i].text, memory);
		fclose(memory);
		assert_string_equal(seen, rows[i].literal);
		free(seen);
	}
}

static void errors_show_what_cannot_be_shown_as_hexadecimal(void **state)
{
	char *said;
	size_t length;
	struct report report = { .to = open_memstream(&said, &length) };

	(void)state;
	report_error(&report, "a\n\x1b[1m \xc3\xa9 \xc3 %s", "\x7f");
	fclose(report.to);
	assert_string_equal(said, "a\\x0a\\x1b[1m \xc3\xa9 \\xc3 \\x7f\n");
	assert_int_equal(report.errors, 1);
	free(said);
}

static void the_nearest_name_is_found_if_any_is_near(void **state)
{
	static const char *const known[] = { "broker", "sensor", "web", "web-ui" };
	static const struct {
		const char *word, *best;
	} rows[] = {
		{ "brokre", "broker" }, { "roker", "broker" }, { "brokers", "broker" },
		{ "web", "web" }, { "wbe", NULL }, { "we", "web" }, { "web_ui", "web-ui" },
		{ "snsr", "sensor" }, { "mqtt", NULL }, { "", NULL },
		{ "a-word-that-is-far-longer-than-any-name-of-a-service-or-of-an-option", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nearest nearest = { .word = rows[i].word };

		for (size_t j = 0; j < sizeof(known) / sizeof(known[0]); j++)
			nearest_offer(&nearest, known[j]);
		if (!rows[i].best && nearest.best)
			fail_msg("%s is near to %s", rows[i].word, nearest.best);
		if (rows[i].best)
			assert_string_equal(nearest.best, rows[i].best);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_well_formed_characters_that_show_are_accepted),
		cmocka_unit_test(a_line_becomes_symbol_value_and_place),
		cmocka_unit_test(the_last_of_twins_counts_and_is_reported),
		cmocka_unit_test(a_nul_byte_is_refused_and_the_rest_still_read),
		cmocka_unit_test(a_string_in_c_means_exactly_its_bytes),
		cmocka_unit_test(errors_show_what_cannot_be_shown_as_hexadecimal),
		cmocka_unit_test(the_nearest_name_is_found_if_any_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
