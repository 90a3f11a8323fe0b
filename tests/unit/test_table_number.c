/*
 * Numbers and sizes: what is one, what is none, and where 64 bits end.
 *
 * links: init/table/number.c
 */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/number.h"

struct row {
	const char *text;
	int error;
	uint64_t number;
};

static const struct row plain[] = {
	{ "0", 0, 0 },
	{ "7", 0, 7 },
	{ "007", 0, 7 },
	{ "18446744073709551615", 0, UINT64_MAX },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "99999999999999999999999", -ERANGE, 0 },
	{ "99999999999999999999999x", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "1x", -EINVAL, 0 },
	{ "0x10", -EINVAL, 0 },
	{ "1K", -EINVAL, 0 },
	{ "1.5", -EINVAL, 0 },
};

static const struct row scaled[] = {
	{ "0", 0, 0 },
	{ "0G", 0, 0 },
	{ "4096", 0, 4096 },
	{ "1K", 0, 1024 },
	{ "16M", 0, 16777216 },
	{ "3G", 0, 3221225472 },
	{ "18014398509481983K", 0, UINT64_MAX - 1023 },
	{ "18014398509481984K", -ERANGE, 0 },
	{ "17179869183G", 0, UINT64_MAX - 1073741823 },
	{ "17179869184G", -ERANGE, 0 },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "K", -EINVAL, 0 },
	{ "1k", -EINVAL, 0 },
	{ "1T", -EINVAL, 0 },
	{ "1KB", -EINVAL, 0 },
	{ "1KK", -EINVAL, 0 },
	{ "1 K", -EINVAL, 0 },
	{ "-1K", -EINVAL, 0 },
	{ "1.5M", -EINVAL, 0 },
};

static void check(const struct row *rows, size_t count,
		  int (*parse)(const char *, size_t, uint64_t *))
{
	for (size_t i = 0; i < count; i++) {
		uint64_t number = 0;
		int error = parse(rows[i].text, strlen(rows[i].text), &number);

		if (error != rows[i].error || (!error && number != rows[i].number))
			fail_msg("<%s> gave %d and %" PRIu64, rows[i].text, error, number);
	}
}

static void a_number_is_digits_alone_and_fits_64_bits(void **state)
{
	(void)state;
	check(plain, sizeof(plain) / sizeof(plain[0]), number_parse);
}

static void a_size_is_a_number_with_a_power_of_1024(void **state)
{
	(void)state;
	check(scaled, sizeof(scaled) / sizeof(scaled[0]), number_parse_scaled);
}

static void only_the_given_length_is_read(void **state)
{
	uint64_t number;

	(void)state;
	assert_int_equal(number_parse("123", 2, &number), 0);
	assert_int_equal(number, 12);
	assert_int_equal(number_parse_scaled("12KM", 3, &number), 0);
	assert_int_equal(number, 12 * 1024);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_digits_alone_and_fits_64_bits),
		cmocka_unit_test(a_size_is_a_number_with_a_power_of_1024),
		cmocka_unit_test(only_the_given_length_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
