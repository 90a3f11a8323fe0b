/*
 * How the record of the slots lies on the disk: each record has one spelling, and
 * whatever is no spelling of one is refused.
 *
 * links: init/record.c init/state_read.c init/step.c init/sys.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "init/record.h"
#include "init/slots.h"

const struct board board;

/* Its file is for tests in guests. */
int slots_open_file(int folder, const char *name)
{
	(void)folder, (void)name;
	return -ENOENT;
}

int slots_make_folder(void)
{
	return -ENODEV;
}

int slots_remove(int folder, const char *name)
{
	(void)folder, (void)name;
	return -ENOENT;
}

static const struct record some = {
	.current = SLOT_B, .trial = SLOT_A, .serial = 42, .trial_serial = 0x0102030405060708,
	.highest = 43,
};

static const char some_bytes[] =
	"7069746872656331" "0201000000000000" "2a00000000000000" "0807060504030201"
	"2b00000000000000" "7f8f1bb174755bab";

static void assert_refused(const uint8_t *bytes, size_t len)
{
	static const struct record none;
	struct record is;

	memset(&is, 0x5a, sizeof(is));
	assert_int_equal(record_decode(&is, bytes, len), -EBADMSG);
	assert_int_equal(is.current, none.current);
	assert_int_equal(is.trial, none.trial);
	assert_int_equal(is.serial, none.serial);
	assert_int_equal(is.highest, none.highest);
}

/* What was in memory before, padding among it, is not written. */
static void its_bytes_are_known(void **state)
{
	uint8_t bytes[RECORD_SIZE];
	struct record is;

	(void)state;
	for (int before = 0; before <= 0xff; before += 0xff) {
		memset(bytes, before, sizeof(bytes));
		memset(&is, before, sizeof(is));
		is.current = some.current;
		is.trial = some.trial;
		is.serial = some.serial;
		is.trial_serial = some.trial_serial;
		is.highest = some.highest;
		record_encode(bytes, &is);
		hex_assert_equal(bytes, sizeof(bytes), some_bytes);
	}
}

static void each_record_that_makes_sense_comes_back(void **state)
{
	static const struct record rows[] = {
		{ 0 },
		{ .highest = 7 },
		{ .trial = SLOT_A, .trial_serial = 1 },
		{ .current = SLOT_A, .serial = UINT64_MAX, .highest = UINT64_MAX },
		{ .current = SLOT_A, .serial = 41, .trial = SLOT_B, .trial_serial = 43,
		  .highest = 42 },
		{ .current = SLOT_FACTORY, .serial = 41, .trial = SLOT_B, .trial_serial = 43 },
	};
	uint8_t bytes[RECORD_SIZE];
	struct record is;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		record_encode(bytes, &rows[i]);
		assert_int_equal(record_decode(&is, bytes, sizeof(bytes)), 0);
		assert_int_equal(is.current, rows[i].current);
		assert_int_equal(is.trial, rows[i].trial);
		assert_int_equal(is.serial, rows[i].serial);
		assert_int_equal(is.trial_serial, rows[i].trial_serial);
		assert_int_equal(is.highest, rows[i].highest);
	}
}

/* Though their checksum is right. */
static void one_that_makes_no_sense_is_refused(void **state)
{
	static const struct record rows[] = {
		{ .current = SLOT_COUNT, .serial = 1 },
		{ .current = 0xff, .serial = 1 },
		{ .current = SLOT_A },
		{ .serial = 1 },
		{ .trial = SLOT_B },
		{ .trial_serial = 1 },
		{ .trial = SLOT_FACTORY, .trial_serial = 1 },
		{ .current = SLOT_B, .serial = 1, .trial = SLOT_B, .trial_serial = 2 },
	};
	uint8_t bytes[RECORD_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		record_encode(bytes, &rows[i]);
		assert_refused(bytes, sizeof(bytes));
	}
}

static void each_bit_counts(void **state)
{
	uint8_t bytes[RECORD_SIZE];

	(void)state;
	record_encode(bytes, &some);
	for (unsigned bit = 0; bit < 8 * RECORD_SIZE; bit++) {
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_refused(bytes, sizeof(bytes));
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void a_part_of_it_is_none(void **state)
{
	uint8_t bytes[RECORD_SIZE + 1] = { 0 };

	(void)state;
	record_encode(bytes, &some);
	for (size_t len = 0; len <= sizeof(bytes); len++)
		if (len != RECORD_SIZE)
			assert_refused(bytes, len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_bytes_are_known),
		cmocka_unit_test(each_record_that_makes_sense_comes_back),
		cmocka_unit_test(one_that_makes_no_sense_is_refused),
		cmocka_unit_test(each_bit_counts),
		cmocka_unit_test(a_part_of_it_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
