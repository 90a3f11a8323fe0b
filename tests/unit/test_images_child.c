/*
 * Which release counts: from what the record says, what lies in the slots and what the
 * firmware brought along; and what the record says then.  Releases, the disk and PID 1
 * are the test's own.
 *
 * links: init/images_child.c init/refusal.c init/text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "init/dm.h"
#include "init/images_child.h"
#include "init/images_mounted.h"
#include "init/images_release.h"
#include "init/images_words.h"
#include "init/slots.h"
#include "init/worker.h"

#define A SLOT_A
#define B SLOT_B
#define F SLOT_FACTORY

#define SERIAL_LEAST 10

/* Constant for all others. */
struct board own_board __asm__("board") = {
	.serial_least = SERIAL_LEAST,
};
const struct image images[IMAGE_COUNT] = { { .name = "web" }, { .name = "broker" } };

/* --- What there is ------------------------------------------------------------------ */

static uint64_t lies[SLOT_COUNT];	/* serial of what is signed there; 0: nothing */
static unsigned broken;			/* 1 << slot, of whose images one is refused */
static struct record on_disk;
static int read_error, write_error;
static unsigned reads;

static unsigned mounted, tried;		/* 1 << slot */
static bool tidied;

uint64_t images_release_serial(unsigned slot)
{
	return lies[slot];
}

int images_release_check(unsigned slot, uint64_t serial_least, struct refusal *why)
{
	if (!lies[slot])
		return refusal_set(why, REFUSAL_ABSENT, 0);
	if (lies[slot] < serial_least || lies[slot] < SERIAL_LEAST)
		return refusal_set(why, REFUSAL_SERIAL, 0);
	return 0;
}

static int use(unsigned slot, struct refusal *why)
{
	if (broken & 1u << slot)
		return refusal_set(why, REFUSAL_IMAGE_DIGEST, 0);
	mounted |= 1u << slot;
	return 0;
}

int images_release_bring_up(unsigned slot, const uint64_t *keep, struct refusal *why)
{
	(void)keep;
	return use(slot, why);
}

int images_release_try(unsigned slot, const uint64_t *keep, struct refusal *why)
{
	(void)keep;
	tried |= 1u << slot;
	return use(slot, why);
}

const char *slot_name(unsigned slot)
{
	(void)slot;
	return "";
}

unsigned slot_other(unsigned slot)
{
	return slot == B || slot == SLOT_NONE ? A : B;
}

/* As slots.c has it. */
unsigned slot_to_write(unsigned in_use, const struct record *record)
{
	bool counts = record->current == A || record->current == B;

	return slot_other(counts && in_use != A && in_use != B ? record->current : in_use);
}

int record_read(struct record *to)
{
	reads++;
	*to = (struct record){ 0 };
	if (read_error == 0)
		*to = on_disk;
	return read_error;
}

int record_write(const struct record *is)
{
	if (write_error == 0)
		on_disk = *is;
	return write_error;
}

void images_mounted_tidy(const uint64_t *keep)
{
	(void)keep;
	tidied = true;
}

void dm_sweep(void)
{
}

int worker_begin(int report)
{
	(void)report;
	return 0;
}

/* --- What is said of it ------------------------------------------------------------- */

static struct {
	unsigned slot, refused_slots, given_up_slot;	/* refused: 1 << slot */
	uint64_t serial;
	unsigned why;
} said;

static jmp_buf end;

void images_word_of(unsigned what, unsigned slot, uint64_t serial, unsigned i)
{
	(void)serial, (void)i;
	if (what == IMAGES_SAID_GIVEN_UP)
		said.given_up_slot = slot;
}

void images_word_refused(unsigned slot, const struct refusal *why)
{
	assert_int_not_equal(why->why, REFUSAL_NONE);
	/* Once each. */
	assert_false(said.refused_slots & 1u << slot);
	said.refused_slots |= 1u << slot;
}

_Noreturn void images_word_done(unsigned slot, uint64_t serial, const struct refusal *why)
{
	said.slot = slot;
	said.serial = serial;
	said.why = why->why;
	longjmp(end, 1);
}

static void run(unsigned task, unsigned slot, uint64_t serial)
{
	const struct images_order order = {
		.task = (uint8_t)task, .slot = (uint8_t)slot, .serial = serial,
	};

	memset(&said, 0, sizeof(said));
	mounted = tried = reads = 0;
	if (setjmp(end) == 0)
		images_child_become(&order, -1);
}

static void set(const struct record *is, uint64_t a, uint64_t b, uint64_t factory)
{
	on_disk = *is;
	lies[A] = a;
	lies[B] = b;
	lies[F] = factory;
	broken = 0;
	read_error = write_error = 0;
	own_board.update_rollback = false;
}

static void assert_record(unsigned current, uint64_t serial, unsigned trial,
			  uint64_t trial_serial, uint64_t highest)
{
	assert_int_equal(on_disk.current, current);
	assert_int_equal(on_disk.serial, serial);
	assert_int_equal(on_disk.trial, trial);
	assert_int_equal(on_disk.trial_serial, trial_serial);
	assert_int_equal(on_disk.highest, highest);
}

/* --- At boot -------------------------------------------------------------------------- */

#define NOTHING { 0 }
#define CURRENT(slot, number) { .current = (slot), .serial = (number), .highest = (number) }
#define BACK(slot, number, most) { .current = (slot), .serial = (number), .highest = (most) }

static void a_boot_begins_with_the_right_release(void **state)
{
	static const struct {
		const char *what;
		struct record record;
		uint64_t a, b, factory;
		unsigned broken;
		bool rollback;
		unsigned slot, why;	/* of the last word */
	} rows[] = {
		{ "nothing anywhere", NOTHING, 0, 0, 0, 0, false, 0, REFUSAL_ABSENT },
		{ "the firmware's alone", NOTHING, 0, 0, 40, 0, false, F, 0 },
		{ "what was written and never tried",
		  NOTHING, 41, 42, 0, 0, true, 0, REFUSAL_ABSENT },
		{ "the same, with the firmware's", NOTHING, 41, 42, 40, 0, true, F, 0 },
		{ "the current one", CURRENT(A, 42), 42, 41, 40, 0, false, A, 0 },
		{ "the current one in b", CURRENT(B, 42), 43, 42, 40, 0, false, B, 0 },
		{ "the firmware's, since it is newer", CURRENT(A, 42), 42, 41, 50, 0, false, F, 0 },
		{ "that is the same", CURRENT(A, 42), 42, 0, 42, 0, false, A, 0 },
		{ "newer, but broken", CURRENT(A, 42), 42, 0, 50, 1 << F, false, A, 0 },
		{ "current is broken",
		  CURRENT(A, 42), 42, 41, 40, 1 << A, false, 0, REFUSAL_IMAGE_DIGEST },
		{ "and one may go back", CURRENT(A, 42), 42, 41, 40, 1 << A, true, B, 0 },
		{ "both are broken", CURRENT(A, 42), 42, 41, 40, 1 << A | 1 << B, true, F, 0 },
		{ "all are", CURRENT(A, 42), 42, 41, 40, 1 << A | 1 << B | 1 << F, true, 0,
		  REFUSAL_IMAGE_DIGEST },
		{ "what did not prove itself", CURRENT(A, 42), 42, 43, 40, 1 << A, true, F, 0 },
		{ "current is gone", CURRENT(A, 42), 0, 41, 40, 0, true, B, 0 },
		{ "an older one laid there",
		  CURRENT(A, 42), 41, 0, 0, 0, false, 0, REFUSAL_SERIAL },
		{ "an older one, and one may go back",
		  CURRENT(A, 42), 41, 0, 0, 0, true, 0, REFUSAL_SERIAL },
		{ "a newer one laid there", CURRENT(A, 42), 43, 0, 0, 0, false, 0, REFUSAL_SERIAL },
		{ "one went back, to what is older than others",
		  BACK(B, 41, 42), 42, 41, 40, 0, false, B, 0 },
		{ "one went back to the firmware's", BACK(F, 40, 42), 42, 41, 40, 0, false, F, 0 },
		{ "older ones lie in b", BACK(F, 40, 42), 42, 39, 40, 0, true, F, 0 },
		{ "one went back from the firmware's", BACK(A, 42, 50), 42, 0, 50, 0, true, A, 0 },
		{ "and that is newer still", BACK(A, 42, 50), 42, 0, 51, 0, true, F, 0 },
		{ "which is another by now", BACK(F, 40, 42), 42, 0, 39, 0, false, F, 0 },
		{ "which is broken",
		  BACK(F, 40, 42), 42, 0, 40, 1 << F, false, 0, REFUSAL_IMAGE_DIGEST },
		{ "too old for the board", CURRENT(A, 9), 9, 0, 0, 0, true, 0, REFUSAL_SERIAL },
		{ "the firmware's, older than what was",
		  BACK(0, 0, 42), 0, 0, 40, 0, false, 0, REFUSAL_SERIAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set(&rows[i].record, rows[i].a, rows[i].b, rows[i].factory);
		broken = rows[i].broken;
		own_board.update_rollback = rows[i].rollback;
		run(IMAGES_BEGIN, SLOT_NONE, 0);
		if (said.slot != rows[i].slot || said.why != rows[i].why)
			fail_msg("%s: slot %u, why %u", rows[i].what, said.slot, said.why);
		assert_int_equal(said.serial, lies[rows[i].slot]);
		assert_int_equal(mounted, said.slot ? 1u << said.slot : 0);
		assert_memory_equal(&on_disk, &rows[i].record, sizeof(on_disk));
		/* Nobody asks for what is in the other one. */
		if (!rows[i].rollback)
			assert_false(said.refused_slots & 1u << slot_other(rows[i].record.current));
	}
}

static void a_trial_that_was_cut_is_given_up(void **state)
{
	(void)state;
	set(&(struct record){ .current = A, .serial = 42, .highest = 42, .trial = B,
			      .trial_serial = 43 }, 42, 43, 0);
	run(IMAGES_BEGIN, SLOT_NONE, 0);
	assert_int_equal(said.given_up_slot, B);
	assert_int_equal(said.slot, A);
	assert_record(A, 42, 0, 0, 42);
	/* And is not told again. */
	run(IMAGES_BEGIN, SLOT_NONE, 0);
	assert_int_equal(said.given_up_slot, SLOT_NONE);

	/* A medium that cannot be written holds nobody up. */
	on_disk.trial = B;
	on_disk.trial_serial = 43;
	write_error = -EROFS;
	run(IMAGES_BEGIN, SLOT_NONE, 0);
	assert_int_equal(said.slot, A);
	assert_int_equal(said.why, REFUSAL_NONE);
}

static void a_record_that_is_spoilt_is_made_anew(void **state)
{
	(void)state;
	set(&(struct record){ 0 }, 42, 43, 40);
	read_error = -EBADMSG;
	run(IMAGES_BEGIN, SLOT_NONE, 0);
	assert_int_equal(said.slot, B);
	assert_record(B, 43, 0, 0, 43);

	set(&(struct record){ 0 }, 42, 43, 40);
	read_error = -EBADMSG;
	broken = 1u << B;
	run(IMAGES_BEGIN, SLOT_NONE, 0);
	assert_int_equal(said.slot, A);
	assert_int_equal(said.refused_slots, 1u << SLOT_NONE | 1u << B);
	assert_record(A, 42, 0, 0, 42);

	/* What cannot be read now may be there later: it is not written over. */
	set(&(struct record){ .current = A, .serial = 42 }, 42, 43, 40);
	read_error = -EIO;
	run(IMAGES_BEGIN, SLOT_NONE, 0);
	assert_int_equal(said.slot, B);
	assert_record(A, 42, 0, 0, 0);
}

/* The disk hangs. */
static void the_firmwares_alone_needs_no_disk(void **state)
{
	(void)state;
	set(&(struct record){ .current = A, .serial = 30, .highest = 30, .trial = B,
			      .trial_serial = 43 }, 30, 43, 40);
	write_error = -EIO;
	run(IMAGES_BEGIN, SLOT_FACTORY, 0);
	assert_int_equal(said.slot, F);
	assert_int_equal(said.given_up_slot, SLOT_NONE);
	assert_int_equal(reads, 0);

	/* Nor how new another was. */
	on_disk.highest = 50;
	run(IMAGES_BEGIN, SLOT_FACTORY, 0);
	assert_int_equal(said.slot, F);
}

/* --- Updates --------------------------------------------------------------------------- */

static void an_update_is_tried_and_then_counts(void **state)
{
	(void)state;
	set(&(struct record)CURRENT(A, 42), 42, 43, 0);
	run(IMAGES_TRY, A, 42);
	assert_int_equal(said.slot, B);
	assert_int_equal(said.serial, 43);
	assert_int_equal(tried, 1u << B);
	assert_record(A, 42, B, 43, 42);
	run(IMAGES_CONFIRM, A, 42);
	assert_int_equal(said.slot, B);
	assert_int_equal(said.serial, 43);
	assert_record(B, 43, 0, 0, 43);

	lies[A] = 44;
	run(IMAGES_TRY, B, 43);
	assert_record(B, 43, A, 44, 43);
	run(IMAGES_GIVE_UP, B, 43);
	assert_int_equal(said.slot, B);
	assert_int_equal(said.serial, 43);
	assert_record(B, 43, 0, 0, 43);
}

static void what_is_refused_changes_nothing(void **state)
{
	static const struct {
		struct record record;
		uint64_t a, b;
		unsigned broken, why;
		int read_error, write_error;
	} rows[] = {
		{ CURRENT(A, 42), 42, 0, 0, REFUSAL_ABSENT, 0, 0 },
		{ CURRENT(A, 42), 42, 41, 0, REFUSAL_SERIAL, 0, 0 },
		{ CURRENT(A, 42), 42, 42, 0, REFUSAL_SERIAL, 0, 0 },
		{ BACK(A, 42, 43), 42, 43, 0, REFUSAL_SERIAL, 0, 0 },
		{ CURRENT(A, 42), 42, 43, 1 << B, REFUSAL_IMAGE_DIGEST, 0, 0 },
		{ CURRENT(A, 42), 42, 43, 0, REFUSAL_RECORD, 0, -ENOSPC },
		{ CURRENT(A, 42), 42, 43, 0, REFUSAL_RECORD, -EIO, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set(&rows[i].record, rows[i].a, rows[i].b, 0);
		broken = rows[i].broken;
		read_error = rows[i].read_error;
		write_error = rows[i].write_error;
		run(IMAGES_TRY, A, 42);
		assert_int_equal(said.why, rows[i].why);
		assert_int_equal(said.slot, A);
		assert_int_equal(said.serial, 42);
		assert_memory_equal(&on_disk, &rows[i].record, sizeof(on_disk));
	}
}

/* It is in use and newer, and its update is not written over what counted before. */
static void an_update_of_the_firmwares(void **state)
{
	(void)state;
	set(&(struct record)CURRENT(B, 42), 51, 42, 50);
	run(IMAGES_TRY, F, 50);
	assert_int_equal(said.slot, A);
	assert_record(B, 42, A, 51, 42);
	run(IMAGES_CONFIRM, F, 50);
	assert_record(A, 51, 0, 0, 51);
}

/* What counts was refused at boot, and an older one is in use. */
static void an_update_over_what_was_refused(void **state)
{
	(void)state;
	set(&(struct record)CURRENT(A, 42), 43, 41, 0);
	run(IMAGES_TRY, B, 41);
	assert_int_equal(said.slot, A);
	assert_record(B, 41, A, 43, 42);
}

static void a_trial_mends_a_record_that_is_spoilt(void **state)
{
	(void)state;
	set(&(struct record){ 0 }, 42, 43, 0);
	read_error = -EBADMSG;
	run(IMAGES_TRY, A, 42);
	assert_int_equal(said.slot, B);
	assert_record(A, 42, B, 43, 42);
}

static void the_first_of_all_is_an_update_too(void **state)
{
	(void)state;
	set(&(struct record){ 0 }, 41, 0, 0);
	run(IMAGES_TRY, SLOT_NONE, 0);
	assert_int_equal(said.slot, A);
	assert_record(SLOT_NONE, 0, A, 41, 0);
	run(IMAGES_CONFIRM, SLOT_NONE, 0);
	assert_record(A, 41, 0, 0, 41);
}

static void without_a_trial_nothing_is_confirmed(void **state)
{
	(void)state;
	set(&(struct record)CURRENT(A, 42), 42, 43, 0);
	run(IMAGES_CONFIRM, A, 42);
	assert_int_equal(said.why, REFUSAL_RECORD);
	assert_record(A, 42, 0, 0, 42);
}

static void one_goes_back_to_the_newest_that_is_older(void **state)
{
	static const struct {
		uint64_t a, b, factory;
		bool rollback;
		unsigned slot, why;
	} rows[] = {
		{ 42, 41, 40, true, B, 0 },
		{ 42, 39, 40, true, F, 0 },
		{ 42, 0, 40, true, F, 0 },
		{ 42, 43, 0, true, A, REFUSAL_ABSENT },	/* that did not prove itself */
		{ 42, 9, 0, true, A, REFUSAL_SERIAL },
		{ 42, 41, 40, false, A, REFUSAL_SERIAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		set(&(struct record)CURRENT(A, 42), rows[i].a, rows[i].b, rows[i].factory);
		own_board.update_rollback = rows[i].rollback;
		run(IMAGES_GO_BACK, A, 42);
		assert_int_equal(said.slot, rows[i].slot);
		assert_int_equal(said.why, rows[i].why);
		assert_record(rows[i].slot, lies[rows[i].slot], 0, 0, 42);
	}
}

static void tidying_touches_no_disk(void **state)
{
	(void)state;
	set(&(struct record)CURRENT(A, 42), 42, 0, 0);
	read_error = write_error = -EIO;
	tidied = false;
	run(IMAGES_TIDY, A, 42);
	assert_true(tidied);
	assert_int_equal(said.why, REFUSAL_NONE);
	assert_int_equal(said.slot, A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_boot_begins_with_the_right_release),
		cmocka_unit_test(a_trial_that_was_cut_is_given_up),
		cmocka_unit_test(a_record_that_is_spoilt_is_made_anew),
		cmocka_unit_test(the_firmwares_alone_needs_no_disk),
		cmocka_unit_test(an_update_is_tried_and_then_counts),
		cmocka_unit_test(what_is_refused_changes_nothing),
		cmocka_unit_test(an_update_of_the_firmwares),
		cmocka_unit_test(an_update_over_what_was_refused),
		cmocka_unit_test(a_trial_mends_a_record_that_is_spoilt),
		cmocka_unit_test(the_first_of_all_is_an_update_too),
		cmocka_unit_test(without_a_trial_nothing_is_confirmed),
		cmocka_unit_test(one_goes_back_to_the_newest_that_is_older),
		cmocka_unit_test(tidying_touches_no_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
