/*
 * How it stands with the images of services, for PID 1 and clients: the release in use,
 * the one that is being tried, and in words.  Pure, and without a word about how a phase
 * comes about (images_plan.h).
 */
#ifndef PITH_IMAGES_STATE_H
#define PITH_IMAGES_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "refusal.h"
#include "service.h"

enum images_phase {
	IMAGES_NONE,		/* no service of the table has an image */
	IMAGES_WAITING,		/* for the storage, which is looked for or checked */
	IMAGES_LOOKING,		/* the child verifies and mounts */
	IMAGES_READY,
	IMAGES_PREPARING,	/* the child verifies an update; services run on */
	IMAGES_TRYING,		/* services run from it, and it has to prove itself */
	IMAGES_CONFIRMING,	/* it has; the child puts that down */
	IMAGES_GOING_BACK,	/* it has not; services run from the old one again */
	IMAGES_ABSENT,		/* there is no release that may be used: services wait */
	IMAGES_PHASE_COUNT,
};

/* How the last update ended. */
enum images_outcome {
	IMAGES_OUTCOME_NONE,
	IMAGES_OUTCOME_CONFIRMED,
	IMAGES_OUTCOME_REFUSED,		/* why */
	IMAGES_OUTCOME_FAILED,		/* service: did not become ready, or gave up */
	IMAGES_OUTCOME_ROLLED_BACK,	/* an operator asked for it */
	IMAGES_OUTCOME_CUT,		/* the power went, or the system ended, in its trial */
	IMAGES_OUTCOME_COUNT,
};

/* Zeroed is IMAGES_NONE. */
struct images {
	uint8_t phase;		/* enum images_phase */
	uint8_t slot;		/* enum slot of the release in use */
	uint8_t trial_slot;	/* and of the one that is being tried */
	uint8_t outcome;	/* enum images_outcome */
	uint16_t service;	/* of IMAGES_OUTCOME_FAILED */
	bool goes_back;		/* IMAGES_PREPARING: to the release before, as an operator asked */
	bool inherited;		/* the images are of another table's PID 1, which may have
				 * trusted other keys: who runs goes on, nobody starts */
	uint64_t serial;	/* of the release in use; 0: none */
	uint64_t trial_serial;
	uint64_t trial_began_ms, trial_ends_ms;	/* CLOCK_MONOTONIC */
	struct refusal why;	/* of ABSENT and of IMAGES_OUTCOME_REFUSED */
};

/* One of images[]. */
struct state_image {
	uint64_t serial;	/* release whose image services start from; 0: none, they wait */
	uint64_t before;	/* the same before the trial; 0: it did not change */
	uint64_t corrupted;	/* blocks that dm-verity refused since boot */
};

const char *images_phase_name(unsigned phase);

/* "release 42 in slot b", "release 43 is being tried, 20 s left" */
void images_explain(struct text *t, const struct images *is, uint64_t now_ms);

/* "web did not become ready", after a word for what is meant. */
void images_explain_outcome(struct text *t, const struct images *is);

/* "refused", for programs. */
const char *images_outcome_name(unsigned outcome);

/* What is worth a line of the console, if it was otherwise before; else nothing. */
void images_tell(struct text *t, const struct images *was, const struct images *is);

#endif
