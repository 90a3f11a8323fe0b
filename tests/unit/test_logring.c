/*
 * The log ring: what is kept, what gives way, that a record is never half of
 * one, and that what another process left is not believed.
 *
 * links: init/logring.c
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/logring.h"

#define HEADER sizeof(struct logring_record)

/* Bytes beside the ring, which belong to others. */
#define BESIDE 32
#define FOREIGN 0xa5

static void add(struct logring *r, uint8_t *arena, uint64_t time_ms, const char *line)
{
	const struct logring_record record = { .time_ms = time_ms, .len = (uint16_t)strlen(line),
					       .level = LOGRING_NO_LEVEL };

	logring_add(r, arena, record, line);
}

static void records_come_back_in_their_order_with_every_byte(void **state)
{
	static const struct {
		struct logring_record record;
		const char *bytes;
	} rows[] = {
		{ { .time_ms = 1, .len = 3, .level = 6 }, "one" },
		{ { .time_ms = 2, .len = 4, .flags = LOGRING_CUT, .level = 0 }, "t\0\xff\n" },
		{ { .time_ms = UINT64_MAX, .len = 0, .flags = LOGRING_RUN,
		    .level = LOGRING_NO_LEVEL }, "" },
		{ { .time_ms = 3, .len = 1, .flags = LOGRING_DROPPED, .level = 7 }, "9" },
	};
	uint8_t arena[256];
	struct logring r = { .size = sizeof(arena) };
	struct logring_record record;
	uint64_t at = 0, lost = 0;
	char bytes[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		logring_add(&r, arena, rows[i].record, rows[i].bytes);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes),
					      &lost), 1);
		assert_int_equal(record.time_ms, rows[i].record.time_ms);
		assert_int_equal(record.len, rows[i].record.len);
		assert_int_equal(record.flags, rows[i].record.flags);
		assert_int_equal(record.level, rows[i].record.level);
		assert_memory_equal(bytes, rows[i].bytes, record.len);
	}
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes), &lost), 0);
	assert_int_equal(lost, 0);
}

static void the_oldest_gives_way_and_a_late_reader_learns_how_much(void **state)
{
	uint8_t arena[3 * (HEADER + 8)];
	struct logring r = { .size = sizeof(arena) };
	struct logring_record record;
	uint64_t at = 0, lost = 0;
	char bytes[8];

	(void)state;
	add(&r, arena, 1, "12345678");
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes), &lost), 1);
	assert_int_equal(lost, 0);
	for (uint64_t i = 2; i <= 6; i++)
		add(&r, arena, i, "12345678");
	for (uint64_t i = 4; i <= 6; i++) {
		assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes),
					      &lost), 1);
		assert_int_equal(record.time_ms, i);
		assert_int_equal(lost, 2 * (HEADER + 8));
	}
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes), NULL), 0);
	at = 0;		/* the oldest, and nobody asks */
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes), NULL), 1);
	assert_int_equal(record.time_ms, 4);
}

static void a_record_longer_than_the_ring_is_cut_and_marked(void **state)
{
	uint8_t arena[HEADER + 4];
	struct logring r = { .size = sizeof(arena) };
	struct logring_record record;
	uint64_t at = 0;
	char bytes[16];

	(void)state;
	add(&r, arena, 1, "123456");
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, sizeof(bytes), NULL), 1);
	assert_int_equal(record.len, 4);
	assert_int_equal(record.flags, LOGRING_CUT);
	assert_memory_equal(bytes, "1234", 4);
}

static void a_reader_with_little_room_gets_the_beginning(void **state)
{
	uint8_t arena[64];
	struct logring r = { .size = sizeof(arena) };
	struct logring_record record;
	char bytes[4] = "....";
	uint64_t at = 0;

	(void)state;
	add(&r, arena, 1, "123456");
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, 2, NULL), 1);
	assert_int_equal(record.len, 6);
	assert_memory_equal(bytes, "12..", 4);
	assert_int_equal(logring_read(&r, arena, &at, &record, bytes, 2, NULL), 0);
}

static void a_ring_too_small_for_a_header_keeps_nothing(void **state)
{
	uint8_t arena[HEADER];
	struct logring_record record;
	uint64_t at = 0;
	char byte;

	(void)state;
	for (uint32_t size = 0; size < HEADER; size++) {
		struct logring r = { .size = size };

		add(&r, arena, 1, "x");
		assert_int_equal(r.head, 0);
		assert_int_equal(logring_read(&r, arena, &at, &record, &byte, 1, NULL), 0);
		assert_true(logring_is_sound(&r, arena, sizeof(arena)));
	}
}

static void random_records_survive_every_wrap_beside_those_of_others(void **state)
{
	uint8_t *arena = malloc(BESIDE + 997 + BESIDE);
	struct logring r = { .offset = BESIDE, .size = 997 };
	uint64_t read_at = 0, expected = 1, lost = 0;
	uint8_t line[300], got[300];

	(void)state;
	srandom(2);
	memset(arena, FOREIGN, BESIDE + 997 + BESIDE);
	for (uint64_t n = 1; n <= 20000; n++) {
		struct logring_record record = {
			.time_ms = n, .len = (uint16_t)(random() % sizeof(line)),
		};

		memset(line, (int)(n & 255), record.len);
		logring_add(&r, arena, record, line);
		assert_true(logring_is_sound(&r, arena, BESIDE + 997 + BESIDE));
		if (random() % 3)
			continue;
		while (logring_read(&r, arena, &read_at, &record, got, sizeof(got), &lost)) {
			assert_true(record.time_ms >= expected);
			expected = record.time_ms + 1;
			for (unsigned i = 0; i < record.len; i++)
				assert_int_equal(got[i], record.time_ms & 255);
		}
		assert_int_equal(expected, n + 1);
	}
	assert_true(lost > 0);
	for (unsigned i = 0; i < BESIDE; i++) {
		assert_int_equal(arena[i], FOREIGN);
		assert_int_equal(arena[BESIDE + 997 + i], FOREIGN);
	}
	free(arena);
}

/* --- What another process left -------------------------------------------------- */

/* Two records, which the ring of 64 bytes wraps around. */
static void fill(struct logring *r, uint8_t *arena, uint32_t offset)
{
	*r = (struct logring){ .offset = offset, .size = 64 };
	for (uint64_t i = 1; i <= 4; i++)
		add(r, arena, i, "12345678");
	assert_int_equal(r->head - r->tail, 2 * (HEADER + 8));
	assert_true(r->tail % 64 + HEADER + 8 > 64 || r->head % 64 < r->tail % 64);
}

static void a_ring_that_leads_nowhere_is_not_sound(void **state)
{
	static const struct {
		int64_t head, tail;	/* so much is added */
		uint32_t offset, size;
	} rows[] = {
		{ 1, 0, 0, 0 }, { -1, 0, 0, 0 }, { 0, 1, 0, 0 }, { 0, -1, 0, 0 },
		{ 16, 0, 0, 0 },		/* a header of what was overwritten */
		{ -24 - 1, 0, 0, 0 },
		{ 0, 49, 0, 0 },		/* tail behind head */
		{ 1000, 0, 0, 0 },		/* more than the ring holds */
		{ 0, 0, 1, 0 },			/* beyond the arena's end */
		{ 0, 0, 0, 1 },
		{ 0, 0, UINT32_MAX - 32, 0 },
		{ 0, 0, 0, UINT32_MAX - 64 },
		{ 0, 0, 0, (uint32_t)-64 },	/* no ring at all, with records */
	};
	uint8_t *arena = malloc(BESIDE + 64);
	struct logring r;

	(void)state;
	memset(arena, FOREIGN, BESIDE + 64);
	fill(&r, arena, BESIDE);
	assert_true(logring_is_sound(&r, arena, BESIDE + 64));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct logring bad = r;

		bad.head += (uint64_t)rows[i].head;
		bad.tail += (uint64_t)rows[i].tail;
		bad.offset += rows[i].offset;
		bad.size += rows[i].size;
		assert_false(logring_is_sound(&bad, arena, BESIDE + 64));
	}
	free(arena);
}

static void a_length_that_is_wrong_makes_a_ring_unsound(void **state)
{
	uint8_t arena[64];
	struct logring r = { .size = sizeof(arena) };

	(void)state;
	add(&r, arena, 1, "12345678");
	add(&r, arena, 2, "12345678");
	for (unsigned len = 0; len <= UINT16_MAX; len++) {
		uint16_t wrong = (uint16_t)len;

		memcpy(arena + offsetof(struct logring_record, len), &wrong, sizeof(wrong));
		/* The first is as long as it was, or as both. */
		assert_int_equal(logring_is_sound(&r, arena, sizeof(arena)),
				 wrong == 8 || wrong == 8 + HEADER + 8);
	}
}

/* A position at the end of its range must not lead around to a small one. */
static void positions_at_their_end_end_the_search(void **state)
{
	uint8_t arena[64] = { 0 };	/* records without bytes, for ever */
	struct logring r = { .size = sizeof(arena) };

	(void)state;
	r.head = UINT64_MAX - 2;
	r.tail = r.head - 3 * HEADER + 1;
	assert_false(logring_is_sound(&r, arena, sizeof(arena)));
	r.tail = r.head - 3 * HEADER;
	assert_true(logring_is_sound(&r, arena, sizeof(arena)));
}

static void random_bytes_never_lead_a_reader_out_of_the_arena(void **state)
{
	uint8_t *arena = malloc(100);
	uint8_t got[2000];

	(void)state;
	srandom(3);
	for (unsigned n = 0; n < 20000; n++) {
		struct logring r = { .offset = 20, .size = 16 + (uint32_t)random() % 65 };
		struct logring_record record;
		uint64_t at;

		for (unsigned i = 0; i < 100; i++)
			arena[i] = (uint8_t)(random() % 3 ? 0 : random());
		r.tail = (uint64_t)random();
		r.head = r.tail + (uint64_t)random() % 200;
		at = r.tail + (uint64_t)random() % 64;
		while (logring_read(&r, arena, &at, &record, got, sizeof(got), NULL))
			continue;
		assert_true(at >= r.head);
		logring_is_sound(&r, arena, 100);
	}
	free(arena);
}

/* --- A reader that is overwritten while it reads ------------------------------------- */

#define WRITES 200000
#define LINE_MAX 200

static struct {
	uint8_t arena[512];
	struct logring ring;
	int done;
} shared;

static void *write_all(void *unused)
{
	uint8_t line[LINE_MAX];

	(void)unused;
	for (uint64_t n = 1; n <= WRITES; n++) {
		struct logring_record record = {
			.time_ms = n, .len = (uint16_t)(n * 7 % LINE_MAX),
		};

		memset(line, (int)(n & 255), record.len);
		logring_add(&shared.ring, shared.arena, record, line);
	}
	__atomic_store_n(&shared.done, 1, __ATOMIC_RELEASE);
	return NULL;
}

/* Returns how many records were read, each of them whole. */
static unsigned read_all(uint64_t *lost)
{
	uint64_t at = 0, last = 0;
	unsigned count = 0;
	bool done;

	do {
		struct logring_record record;
		uint8_t got[LINE_MAX];

		done = __atomic_load_n(&shared.done, __ATOMIC_ACQUIRE);
		while (logring_read(&shared.ring, shared.arena, &at, &record, got, sizeof(got),
				    lost)) {
			assert_true(record.time_ms > last);
			last = record.time_ms;
			assert_int_equal(record.len, last * 7 % LINE_MAX);
			for (unsigned i = 0; i < record.len; i++)
				assert_int_equal(got[i], last & 255);
			count++;
			/* Now and then it falls behind, to where the next one is put. */
			for (volatile unsigned i = 0; i < (count % 8 ? 0 : last % 512); i++)
				continue;
		}
	} while (!done);
	assert_int_equal(last, WRITES);
	return count;
}

static void a_reader_that_is_overwritten_never_sees_half_a_record(void **state)
{
	uint64_t lost = 0;
	pthread_t writer;

	(void)state;
	shared.ring.size = sizeof(shared.arena);
	assert_int_equal(pthread_create(&writer, NULL, write_all, NULL), 0);
	assert_true(read_all(&lost) > 0);
	assert_int_equal(pthread_join(writer, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_come_back_in_their_order_with_every_byte),
		cmocka_unit_test(the_oldest_gives_way_and_a_late_reader_learns_how_much),
		cmocka_unit_test(a_record_longer_than_the_ring_is_cut_and_marked),
		cmocka_unit_test(a_reader_with_little_room_gets_the_beginning),
		cmocka_unit_test(a_ring_too_small_for_a_header_keeps_nothing),
		cmocka_unit_test(random_records_survive_every_wrap_beside_those_of_others),
		cmocka_unit_test(a_ring_that_leads_nowhere_is_not_sound),
		cmocka_unit_test(a_length_that_is_wrong_makes_a_ring_unsound),
		cmocka_unit_test(positions_at_their_end_end_the_search),
		cmocka_unit_test(random_bytes_never_lead_a_reader_out_of_the_arena),
		cmocka_unit_test(a_reader_that_is_overwritten_never_sees_half_a_record),
	};

	return cmocka_run_group_tests_name("logring", tests, NULL, NULL);
}
