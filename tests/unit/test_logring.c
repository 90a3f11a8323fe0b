/*
 * The log ring: what is kept, what gives way, and that a record is never
 * half of one.
 *
 * links: init/logring.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/logring.h"

#define HEADER sizeof(struct logring_record)

static void records_come_back_in_their_order_with_every_byte(void **state)
{
	uint8_t mem[256];
	struct logring r = { .mem = mem, .size = sizeof(mem) };
	struct logring_record record;
	uint64_t at = 0;
	char bytes[16];

	(void)state;
	logring_add(&r, 1, "one", 3, 0);
	logring_add(&r, 2, "t\0\xff\n", 4, LOGRING_CUT);
	logring_add(&r, 3, "", 0, 0);
	assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 1);
	assert_int_equal(record.time_ms, 1);
	assert_memory_equal(bytes, "one", 3);
	assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 1);
	assert_int_equal(record.flags, LOGRING_CUT);
	assert_int_equal(record.len, 4);
	assert_memory_equal(bytes, "t\0\xff\n", 4);
	assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 1);
	assert_int_equal(record.len, 0);
	assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 0);
}

static void the_oldest_gives_way_and_a_late_reader_goes_on_there(void **state)
{
	uint8_t mem[3 * (HEADER + 8)];
	struct logring r = { .mem = mem, .size = sizeof(mem) };
	struct logring_record record;
	uint64_t at = 0;
	char bytes[8];

	(void)state;
	for (uint64_t i = 1; i <= 5; i++)
		logring_add(&r, i, "12345678", 8, 0);
	for (uint64_t i = 3; i <= 5; i++) {
		assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 1);
		assert_int_equal(record.time_ms, i);
	}
	assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 0);
}

static void a_record_longer_than_the_ring_is_cut_and_marked(void **state)
{
	uint8_t mem[HEADER + 4];
	struct logring r = { .mem = mem, .size = sizeof(mem) };
	struct logring_record record;
	uint64_t at = 0;
	char bytes[16];

	(void)state;
	logring_add(&r, 1, "123456", 6, 0);
	assert_int_equal(logring_read(&r, &at, &record, bytes, sizeof(bytes)), 1);
	assert_int_equal(record.len, 4);
	assert_int_equal(record.flags, LOGRING_CUT);
	assert_memory_equal(bytes, "1234", 4);
}

static void a_ring_too_small_for_a_header_keeps_nothing(void **state)
{
	uint8_t mem[HEADER];
	struct logring_record record;
	uint64_t at = 0;
	char byte;

	(void)state;
	for (uint32_t size = 0; size < HEADER; size++) {
		struct logring r = { .mem = mem, .size = size };

		logring_add(&r, 1, "x", 1, 0);
		assert_int_equal(r.head, 0);
		assert_int_equal(logring_read(&r, &at, &record, &byte, 1), 0);
	}
}

static void random_records_of_every_length_survive_every_wrap(void **state)
{
	uint8_t *mem = malloc(997);
	struct logring r = { .mem = mem, .size = 997 };
	uint64_t read_at = 0, expected = 1;
	uint8_t line[300], got[300];

	(void)state;
	srandom(2);
	for (uint64_t n = 1; n <= 20000; n++) {
		uint16_t len = (uint16_t)(random() % sizeof(line));
		struct logring_record record;

		memset(line, (int)(n & 255), len);
		logring_add(&r, n, line, len, 0);
		if (random() % 3)
			continue;
		while (logring_read(&r, &read_at, &record, got, sizeof(got))) {
			assert_true(record.time_ms >= expected);
			expected = record.time_ms + 1;
			for (unsigned i = 0; i < record.len; i++)
				assert_int_equal(got[i], record.time_ms & 255);
		}
		assert_int_equal(expected, n + 1);
	}
	free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_their_order_with_every_byte),
		cmocka_unit_test(the_oldest_gives_way_and_a_late_reader_goes_on_there),
		cmocka_unit_test(a_record_longer_than_the_ring_is_cut_and_marked),
		cmocka_unit_test(a_ring_too_small_for_a_header_keeps_nothing),
		cmocka_unit_test(random_records_of_every_length_survive_every_wrap),
	};

	return cmocka_run_group_tests_name("logring", tests, NULL, NULL);
}
