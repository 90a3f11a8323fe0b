/*
 * Decides which release counts, and puts that down.  Refuses to know how it is verified
 * and mounted, and what becomes of services.
 */
#include "images_child.h"

#include <errno.h>
#include <stdbool.h>

#include "dm.h"
#include "images_mounted.h"
#include "images_release.h"
#include "images_words.h"
#include "slots.h"
#include "table.h"
#include "worker.h"

static const struct images_order *order;
static struct record record;
static int record_error;	/* of reading it: none of it is known then */

static const struct refusal taken = { .image = REFUSAL_NO_IMAGE_ID };

/* Nothing has changed. */
static _Noreturn void fail(const struct refusal *why)
{
	images_word_done(order->slot, order->serial, why);
}

static void read_record(void)
{
	record_error = record_read(&record);
	if (record_error == -ENOENT)
		record_error = 0;
}

static int write_record(struct refusal *why)
{
	int rc = record_write(&record);

	return rc < 0 ? refusal_set(why, REFUSAL_RECORD, rc) : 0;
}

/* --- Which release ---------------------------------------------------------------- */

/* It is what counts, or newer than all that did. */
static uint64_t least_of(unsigned slot)
{
	return slot == record.current || board.update_rollback ? 0 : record.highest;
}

/* Somebody has laid another release into the slot that counts. */
static int check_current(struct refusal *why)
{
	uint64_t serial = images_release_serial(record.current);

	if (serial == record.serial)
		return 0;
	refusal_set(why, REFUSAL_SERIAL, 0);
	why->serial = serial;
	why->serial_least = record.serial;
	return -EBADMSG;
}

static int begin_with(unsigned slot, struct refusal *why)
{
	int rc = images_release_check(slot, least_of(slot), why);

	/* The firmware may have another than it had. */
	if (rc == 0 && slot == record.current && slot != SLOT_FACTORY)
		rc = check_current(why);
	return rc < 0 ? rc : images_release_bring_up(slot, order->keep, why);
}

/* The record was spoilt: from now on it says this. */
static void mend_record(unsigned slot, uint64_t serial)
{
	struct refusal why;

	record = (struct record){ .current = (uint8_t)slot, .serial = serial,
				  .highest = serial };
	if (write_record(&why) < 0)
		images_word_refused(SLOT_NONE, &why);
}

/* Does not return if it can be used. */
static void try_to_begin(unsigned slot, struct refusal *first)
{
	struct refusal why = taken;

	if (begin_with(slot, &why) == 0) {
		uint64_t serial = images_release_serial(slot);

		if (record_error == -EBADMSG)
			mend_record(slot, serial);
		images_word_done(slot, serial, &taken);
	}
	/* A firmware may do without one. */
	if (slot == SLOT_FACTORY && why.why == REFUSAL_ABSENT)
		return;
	images_word_refused(slot, &why);
	if (first->why == REFUSAL_NONE)
		*first = why;
}

/* The power went, or the system ended. */
static void give_up_trial(void)
{
	uint8_t slot = record.trial;
	struct refusal why;

	if (!slot)
		return;
	record.trial = SLOT_NONE;
	record.trial_serial = 0;
	if (write_record(&why) < 0)
		images_word_refused(slot, &why);
	images_word_of(IMAGES_SAID_GIVEN_UP, slot, 0, REFUSAL_NO_IMAGE_ID);
}

/* SLOT_NONE, if there is no other. */
static unsigned newest_but(const bool without[SLOT_COUNT])
{
	unsigned newest = SLOT_NONE;
	uint64_t highest = 0;

	for (unsigned slot = SLOT_A; slot < SLOT_COUNT; slot++) {
		uint64_t serial = images_release_serial(slot);

		if (!without[slot] && serial > highest) {
			newest = slot;
			highest = serial;
		}
	}
	return newest;
}

/* Nobody knows which one counted: the newest that is there. */
static void begin_without_record(struct refusal *first)
{
	bool tried[SLOT_COUNT] = { false };

	for (;;) {
		unsigned newest = newest_but(tried);

		if (newest == SLOT_NONE)
			return;
		tried[newest] = true;
		try_to_begin(newest, first);
	}
}

/* Than what the record says; each look at a release costs a signature. */
static bool is_older(unsigned slot)
{
	uint64_t serial = images_release_serial(slot);

	return serial && serial < record.serial;
}

/* The firmware's own is the first choice if it is newer, for then the firmware was; else
 * the last resort, if it may be as old as it is.  What is in the other slot is older, or
 * did not prove itself. */
static void begin_by_record(struct refusal *first)
{
	uint64_t factory = images_release_serial(SLOT_FACTORY);
	/* An operator may have gone back from it, or to it. */
	bool factory_first = record.current == SLOT_FACTORY ||
			     (factory > record.serial && factory > record.highest);

	if (factory_first)
		try_to_begin(SLOT_FACTORY, first);
	if (record.current && record.current != SLOT_FACTORY)
		try_to_begin(record.current, first);
	if (board.update_rollback && is_older(slot_other(record.current)))
		try_to_begin(slot_other(record.current), first);
	if (!factory_first)
		try_to_begin(SLOT_FACTORY, first);
}

/* --- Tasks ------------------------------------------------------------------------ */

static _Noreturn void begin(void)
{
	struct refusal first = taken, why;

	if (order->slot == SLOT_FACTORY) {
		try_to_begin(SLOT_FACTORY, &first);
	} else if (record_error) {
		refusal_set(&why, REFUSAL_RECORD, record_error);
		images_word_refused(SLOT_NONE, &why);
		begin_without_record(&first);
	} else {
		give_up_trial();
		begin_by_record(&first);
	}
	if (first.why == REFUSAL_NONE)
		refusal_set(&first, REFUSAL_ABSENT, 0);
	images_word_done(SLOT_NONE, 0, &first);
}

/* The record has to be known for all others. */
static void need_record(void)
{
	struct refusal why;

	if (!record_error)
		return;
	/* What is put down of the trial mends one that is spoilt. */
	if (record_error == -EBADMSG && order->task == IMAGES_TRY) {
		record = (struct record){ .current = order->slot, .serial = order->serial,
					  .highest = order->serial };
		return;
	}
	refusal_set(&why, REFUSAL_RECORD, record_error);
	fail(&why);
}

/* Verified, its images mounted; or it ends here. */
static uint64_t prepare(unsigned slot, uint64_t least)
{
	struct refusal why = taken;

	if (images_release_check(slot, least, &why) == 0 &&
	    images_release_try(slot, order->keep, &why) == 0)
		return images_release_serial(slot);
	images_word_refused(slot, &why);
	fail(&why);
}

static _Noreturn void put_down(unsigned slot, uint64_t serial)
{
	struct refusal why;

	if (write_record(&why) < 0)
		fail(&why);
	images_word_done(slot, serial, &taken);
}

static _Noreturn void try(void)
{
	unsigned slot = slot_to_write(order->slot, &record);
	uint64_t newest = record.highest > order->serial ? record.highest : order->serial;
	uint64_t serial = prepare(slot, newest + 1);

	/* It was refused at boot, and is not there any more: what is in use counts. */
	if (record.current == slot) {
		record.current = order->slot;
		record.serial = order->serial;
	}
	record.trial = (uint8_t)slot;
	record.trial_serial = serial;
	put_down(slot, serial);
}

/* The newest that is older than what is in use. */
static unsigned before(void)
{
	bool without[SLOT_COUNT] = { false };

	for (unsigned slot = SLOT_A; slot < SLOT_COUNT; slot++)
		without[slot] = images_release_serial(slot) >= order->serial;
	return newest_but(without);
}

static _Noreturn void go_back(void)
{
	unsigned slot = before();
	uint64_t serial = prepare(slot, board.update_rollback ? 0 : record.highest);

	/* The next boot does not take the firmware's for a newer one. */
	if (record.highest < order->serial)
		record.highest = order->serial;
	record.current = (uint8_t)slot;
	record.serial = serial;
	put_down(slot, serial);
}

static _Noreturn void confirm(void)
{
	struct refusal why;

	if (!record.trial) {
		refusal_set(&why, REFUSAL_RECORD, -ENOENT);
		fail(&why);
	}
	record.current = record.trial;
	record.serial = record.trial_serial;
	if (record.highest < record.serial)
		record.highest = record.serial;
	record.trial = SLOT_NONE;
	record.trial_serial = 0;
	put_down(record.current, record.serial);
}

static _Noreturn void give_up(void)
{
	record.trial = SLOT_NONE;
	record.trial_serial = 0;
	put_down(order->slot, order->serial);
}

static _Noreturn void tidy(void)
{
	images_mounted_tidy(order->keep);
	images_word_done(order->slot, order->serial, &taken);
}

_Noreturn void images_child_become(const struct images_order *told, int report)
{
	struct refusal why;
	int rc = worker_begin(report);

	order = told;
	if (rc < 0) {
		refusal_set(&why, REFUSAL_VERIFIER, rc);
		fail(&why);
	}
	if (VERITY_COUNT)
		dm_sweep();
	if (order->task == IMAGES_TIDY)
		tidy();
	/* For the firmware's own no disk is asked: it may not answer. */
	if (order->task != IMAGES_BEGIN || order->slot != SLOT_FACTORY)
		read_record();
	if (order->task == IMAGES_BEGIN)
		begin();
	need_record();
	switch (order->task) {
	case IMAGES_TRY:
		try();
	case IMAGES_GO_BACK:
		go_back();
	case IMAGES_CONFIRM:
		confirm();
	default:
		give_up();
	}
}
