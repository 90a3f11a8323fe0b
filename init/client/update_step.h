/*
 * When an update may begin, which releases are new enough, and how it ended, by PID 1's
 * state of it.  Pure.
 */
#ifndef PITH_CLIENT_UPDATE_STEP_H
#define PITH_CLIENT_UPDATE_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "images_state.h"
#include "record.h"

enum update_goal {
	UPDATE_TO_NEW,
	UPDATE_TO_OLD,	/* as --rollback has it */
};

/* Nothing of PID 1's goes on with releases: the slot that is not in use is free. */
bool update_may_begin(unsigned phase);

/* A release has to have at least this serial: more than that of each that has proved
 * itself, and than the one in use. */
uint64_t update_serial_least(const struct images *is, const struct record *record);

enum update_end {
	UPDATE_GOES_ON,
	UPDATE_DONE,
	UPDATE_FAILED,
};

enum update_end update_ended(const struct images *is, enum update_goal goal);

#endif
