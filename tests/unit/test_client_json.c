/*
 * The client's JSON: what is escaped, and where commas stand.
 *
 * links: init/client/json.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/client/json.h"

static char written[4096];
static size_t written_len;

static void put(const char *bytes, size_t len)
{
	assert_true(written_len + len < sizeof(written));
	memcpy(written + written_len, bytes, len);
	written_len += len;
	written[written_len] = '\0';
}

static struct json begin(void)
{
	written_len = 0;
	written[0] = '\0';
	return (struct json){ .put = put };
}

static void strings_are_escaped_and_stay_utf8(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *json;
	} rows[] = {
		{ "plain", 5, "\"plain\"" },
		{ "", 0, "\"\"" },
		{ "a\"b\\c", 5, "\"a\\\"b\\\\c\"" },
		{ "\0\n\t\x1f\x7f", 5, "\"\\u0000\\u000a\\u0009\\u001f\\u007f\"" },
		{ "\xc3\xa4 \xe2\x80\xa6 \xf0\x9f\x98\x80", 11,
		  "\"\xc3\xa4 \xe2\x80\xa6 \xf0\x9f\x98\x80\"" },
		/* Cut off, overlong, a surrogate, beyond U+10FFFF, a lone continuation */
		{ "\xc3", 1, "\"\\ufffd\"" },
		{ "\xc0\x80", 2, "\"\\ufffd\\ufffd\"" },
		{ "\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "a\x80z", 3, "\"a\\ufffdz\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct json j = begin();

		json_string(&j, NULL, rows[i].bytes, rows[i].len);
		assert_string_equal(written, rows[i].json);
	}
}

static void commas_stand_between_values_alone(void **state)
{
	struct json j = begin();

	(void)state;
	json_open(&j, NULL, '{');
	json_open(&j, "empty", '[');
	json_close(&j, ']');
	json_number(&j, "n", INT64_MIN);
	json_open(&j, "list", '[');
	json_number(&j, NULL, 1);
	json_open(&j, NULL, '{');
	json_string(&j, "k\"", "v", 1);
	json_close(&j, '}');
	json_literal(&j, NULL, "null");
	json_close(&j, ']');
	json_literal(&j, "last", "true");
	json_close(&j, '}');
	assert_string_equal(written, "{\"empty\":[],\"n\":-9223372036854775808,"
			    "\"list\":[1,{\"k\\\"\":\"v\"},null],\"last\":true}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_escaped_and_stay_utf8),
		cmocka_unit_test(commas_stand_between_values_alone),
	};

	return cmocka_run_group_tests_name("client_json", tests, NULL, NULL);
}
