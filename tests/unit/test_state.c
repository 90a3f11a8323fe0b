/*
 * The records that outlive PID 1: that the newest whole one counts, whatever a
 * crash has torn, and that the state of another table is left alone.
 *
 * links: init/state_read.c init/step.c
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/state.h"
#include "init/state_copy.h"

const struct board board = { .fingerprint = 0x1234, .network_fingerprint = 0x99 };

static struct state_slot slot;
static struct state whole;

static const size_t copy_size = sizeof(struct state_service_copy);

/* A record whose every part tells its number. */
static void fill_in_record(struct state_service *is, uint32_t n)
{
	memset(is, (int)(n & 255), sizeof(*is));
	is->runs = n;
	is->at_exec = is->complete = is->stale = is->reloading = n & 1;
	is->step.wanted = is->step.failed = is->step.again = is->step.ready = n & 1;
}

static void put(uint32_t n)
{
	struct state_service is;

	fill_in_record(&is, n);
	state_copy_put(slot.copy, copy_size, &is, sizeof(is));
}

/* The number that is read, 0 for none; the record is whole. */
static uint32_t get(void)
{
	struct state_service is, expected;

	if (!state_read_service(&slot, &is))
		return 0;
	fill_in_record(&expected, is.runs);
	assert_memory_equal(&is, &expected, sizeof(is));
	return is.runs;
}

static int forget(void **unused)
{
	(void)unused;
	memset(&slot, 0, sizeof(slot));
	return 0;
}

static void what_was_never_written_is_not_read(void **unused)
{
	struct state_service is;
	struct state_board at_board;

	(void)unused;
	assert_false(state_read_service(&slot, &is));
	memset(&slot, 0xff, sizeof(slot));
	assert_false(state_read_service(&slot, &is));
	assert_false(state_read_board(&whole, &at_board));
	put(7);		/* whatever number seems to stand there */
	assert_int_equal(get(), 7);
}

static void the_newest_counts(void **unused)
{
	(void)unused;
	for (uint32_t n = 1; n <= 1000; n++) {
		put(n);
		assert_int_equal(get(), n);
	}
}

static void the_boards_record_is_kept_likewise(void **unused)
{
	struct state_board is = { .deadline_ms = 5, .ending = 2, .killed = true };
	struct state_board got;

	(void)unused;
	for (int n = 1; n <= 3; n++) {
		is.helper_pid[1] = n;
		state_copy_put(whole.board, sizeof(whole.board[0]), &is, sizeof(is));
		assert_true(state_read_board(&whole, &got));
		assert_memory_equal(&got, &is, sizeof(is));
	}
	whole.board[0].is.ending ^= 1;
	whole.board[1].is.ending ^= 1;
	assert_false(state_read_board(&whole, &got));
}

static void the_images_record_is_kept_likewise(void **unused)
{
	struct state_images is = { .is = { .phase = IMAGES_READY, .serial = 42 } }, got;

	(void)unused;
	assert_false(state_read_images(&whole, &got));
	for (uint64_t n = 1; n <= 3; n++) {
		is.image[0].serial = n;
		state_copy_put(whole.images, sizeof(whole.images[0]), &is, sizeof(is));
		assert_true(state_read_images(&whole, &got));
		assert_memory_equal(&got, &is, sizeof(is));
	}
	whole.images[0].is.is.serial ^= 1;
	whole.images[1].is.is.serial ^= 1;
	assert_false(state_read_images(&whole, &got));
}

/* The bytes of a write arrive in any order, and a crash ends it anywhere. */
static void a_torn_write_loses_that_write_alone(void **unused)
{
	(void)unused;
	srandom(4);
	for (uint32_t n = 3; n < 3000; n++) {
		struct state_slot before, after;
		const uint8_t *new = (const uint8_t *)after.copy;
		uint8_t *bytes = (uint8_t *)slot.copy;
		bool torn = false;
		unsigned of = 1 + (unsigned)random() % 8;

		forget(NULL);
		put(n - 2);
		put(n - 1);
		before = slot;
		put(n);
		after = slot;
		slot = before;
		for (size_t i = 0; i < sizeof(slot.copy); i++) {
			if ((unsigned)random() % 8 < of)
				bytes[i] = new[i];
			torn |= bytes[i] != new[i];
		}
		assert_int_equal(get(), torn ? n - 1 : n);
		/* And the next write leaves the good one alone. */
		put(n + 1);
		assert_int_equal(get(), n + 1);
	}
}

static void a_write_never_touches_the_copy_that_counts(void **unused)
{
	(void)unused;
	put(1);
	for (uint32_t n = 2; n < 100; n++) {
		const struct state_service_copy *newest = state_copy_newest(slot.copy, copy_size);
		struct state_service_copy was = *newest;

		if (n % 3 == 0)		/* the older one is torn */
			slot.copy[newest == slot.copy].is.pid ^= 8;
		put(n);
		assert_memory_equal(newest, &was, sizeof(was));
		assert_int_equal(get(), n);
	}
}

static void any_bit_that_flips_is_found(void **unused)
{
	struct state_slot good;
	uint8_t *newest;

	(void)unused;
	put(1);
	put(2);
	good = slot;
	newest = (uint8_t *)&slot.copy[1];
	assert_ptr_equal(state_copy_newest(slot.copy, copy_size), newest);
	for (size_t bit = 0; bit < copy_size * 8; bit++) {
		newest[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(get(), 1);
		slot.copy[0].sequence ^= 1;
		assert_int_equal(get(), 0);
		slot = good;
	}
}

/* --- While it is written ------------------------------------------------------ */

#define WRITES 300000
static int done;

static void *write_all(void *unused)
{
	(void)unused;
	for (uint32_t n = 1; n <= WRITES; n++)
		put(n);
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	return NULL;
}

static void a_reader_beside_the_writer_sees_whole_records_in_their_order(void **unused)
{
	uint32_t last = 0;
	pthread_t writer;
	bool over;

	(void)unused;
	assert_int_equal(pthread_create(&writer, NULL, write_all, NULL), 0);
	do {
		uint32_t n;

		over = __atomic_load_n(&done, __ATOMIC_ACQUIRE);
		n = get();
		if (!n)
			continue;	/* none yet, or overtaken again and again */
		assert_true(n >= last);
		last = n;
	} while (!over);
	assert_int_equal(last, WRITES);
	assert_int_equal(pthread_join(writer, NULL), 0);
}

/* --- Whose state it is ----------------------------------------------------------- */

static void seal(struct state_header *h)
{
	h->check = state_checksum(h, offsetof(struct state_header, check));
}

static void fill_in(struct state *s)
{
	s->header = (struct state_header){
		.magic = STATE_MAGIC, .version = STATE_VERSION, .size = sizeof(*s),
		.slots_at = offsetof(struct state, slot), .slot_size = sizeof(s->slot[0]),
		.slot_count = SERVICE_COUNT, .arena_at = offsetof(struct state, arena),
		.arena_size = sizeof(s->arena), .fingerprint = board.fingerprint,
		.network_fingerprint = board.network_fingerprint,
	};
	seal(&s->header);
}

static void another_state_is_not_ours(void **unused)
{
	static const size_t sizes[] = { 0, 8, sizeof(struct state_header), sizeof(whole) - 1,
					sizeof(whole) + 1 };
	struct state_header *h = &whole.header;

	(void)unused;
	fill_in(&whole);
	assert_true(state_is_ours(&whole, sizeof(whole)));
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_false(state_is_ours(&whole, sizes[i]));
	for (size_t bit = 0; bit < sizeof(*h) * 8; bit++) {
		((uint8_t *)h)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(state_is_ours(&whole, sizeof(whole)));
		fill_in(&whole);
	}
#define DIFFERS(field) (h->field++, seal(h), !state_is_ours(&whole, sizeof(whole)) && \
			(fill_in(&whole), true))
	assert_true(DIFFERS(magic));
	assert_true(DIFFERS(version));
	assert_true(DIFFERS(size));
	assert_true(DIFFERS(slot_size));
	assert_true(DIFFERS(slot_count));
	assert_true(DIFFERS(fingerprint));
	h->size++;
	seal(h);
	assert_false(state_is_ours(&whole, sizeof(whole) + 1));
	fill_in(&whole);
	assert_true(state_is_ours(&whole, sizeof(whole)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_was_never_written_is_not_read, forget),
		cmocka_unit_test_setup(the_newest_counts, forget),
		cmocka_unit_test_setup(the_boards_record_is_kept_likewise, forget),
		cmocka_unit_test_setup(the_images_record_is_kept_likewise, forget),
		cmocka_unit_test_setup(a_torn_write_loses_that_write_alone, forget),
		cmocka_unit_test_setup(a_write_never_touches_the_copy_that_counts, forget),
		cmocka_unit_test_setup(any_bit_that_flips_is_found, forget),
		cmocka_unit_test_setup(
			a_reader_beside_the_writer_sees_whole_records_in_their_order, forget),
		cmocka_unit_test_setup(another_state_is_not_ours, forget),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
