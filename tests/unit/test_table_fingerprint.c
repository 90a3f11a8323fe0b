/*
 * Fingerprints: FNV-1a of 64 bits, as the test vectors of its authors have it
 * (draft-eastlake-fnv, appendix C).  What the table's are made from is
 * tests/table's business.
 *
 * links: init/table/fingerprint.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/fingerprint.h"

static const struct {
	const char *bytes;
	size_t length;
	uint64_t expected;
} rows[] = {
	{ "", 0, UINT64_C(0xcbf29ce484222325) },
	{ "a", 1, UINT64_C(0xaf63dc4c8601ec8c) },
	{ "foobar", 6, UINT64_C(0x85944171f73967e8) },
	{ "foobar", 7, UINT64_C(0x34531ca7168b8f38) },
	{ "\xff\x00\x00\x01", 4, UINT64_C(0x6961196491cc682d) },
};

static void bytes_have_their_fingerprint(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(fingerprint_of(rows[i].bytes, rows[i].length), rows[i].expected);
}

static void what_is_written_has_the_fingerprint_of_its_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fingerprint_text content;

		fingerprint_begin(&content);
		for (size_t j = 0; j < rows[i].length; j++)
			fputc((unsigned char)rows[i].bytes[j], content.to);
		fflush(content.to);
		assert_int_equal(content.length, rows[i].length);
		assert_memory_equal(content.text, rows[i].bytes, rows[i].length);
		assert_int_equal(fingerprint_end(&content), rows[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_have_their_fingerprint),
		cmocka_unit_test(what_is_written_has_the_fingerprint_of_its_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
