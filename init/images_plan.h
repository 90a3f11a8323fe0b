/*
 * What follows from what for the images of services, as pure functions: from each word
 * of the child that verifies and mounts (images_child.h), from its end, from a request,
 * from the storage, and from how services do that run from a release on trial.
 *
 * A phase (images_state.h) names the one task of the child that it needs, so a PID 1
 * that finds itself in any phase knows what is to be done next:
 *
 *	WAITING		the storage settles -> LOOKING
 *	LOOKING		BEGIN:   -> READY, or ABSENT
 *	READY, ABSENT	TIDY, while something is mounted that nobody uses; a request -> PREPARING
 *	PREPARING	TRY:     -> TRYING, or refused and back
 *			GO_BACK: -> READY
 *	TRYING		no task; proved -> CONFIRMING, else -> GOING_BACK
 *	CONFIRMING	CONFIRM: -> READY; if it cannot be put down -> LOOKING
 *	GOING_BACK	GIVE_UP: -> READY
 *
 * A child that ends without its last word leaves nobody knowing what is on the disk,
 * so from any phase with one that leads to LOOKING.  If LOOKING itself ends so: what is
 * in use stays; where nothing is, the firmware's own release is looked at alone, which
 * needs no disk.
 *
 * Nothing of a release counts before the child's last word, but at boot: there each
 * image counts as soon as it is mounted, so that nobody waits for another's.
 */
#ifndef PITH_IMAGES_PLAN_H
#define PITH_IMAGES_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "images_child.h"
#include "images_state.h"

/* Where not even the firmware's own release could be looked at. */
#define IMAGES_AGAIN_MS 10000

#define IMAGES_NO_TASK UINT8_MAX

struct images_plan {
	struct images is;
	struct state_image image[IMAGE_SLOTS];
	uint32_t confirm_ms;		/* as struct board has them */
	bool may_go_back;

	/* What is not put down: another PID 1 has the child's task done anew. */
	uint64_t told[IMAGE_SLOTS];	/* release whose image the child has mounted, or found
					 * to be the same; 0: no word of it yet */
	uint8_t task;			/* enum images_task that the child was started for */
	uint64_t again_ms;		/* ABSENT: look again then; 0: no need */
	bool stored;			/* the storage is there */
	bool stored_late;		/* it came after the look had begun */
	bool factory_only;		/* LOOKING: the disk cannot be trusted to answer */
	bool untidy;			/* something may be mounted that nobody uses */
};

/* What the child has to do now, or IMAGES_NO_TASK; old_in_use: a process of a service
 * still has an image that is none of plan->image. */
unsigned images_plan_task(const struct images_plan *plan, bool old_in_use);

/* The child is about to begin it: what it is told. */
void images_plan_order(struct images_plan *plan, unsigned task, struct images_order *to);

/* A word of the child.  Not taken if the phase needs another task by now: one that tidies
 * may be at it when a request comes.  Likewise for its end. */
void images_plan_word(struct images_plan *plan, const struct images_word *word, uint64_t now_ms);

/* It ended, or had to be killed, without its last word. */
void images_plan_lost(struct images_plan *plan, int error, uint64_t now_ms);

/* The storage is settled, or there is none (storage_state.h); usable: it is mounted. */
void images_plan_stored(struct images_plan *plan, bool usable);

/* enum control_update (control.h).  0 or -errno as there. */
int images_plan_ask(struct images_plan *plan, int what);

/* again_ms has come. */
void images_plan_again(struct images_plan *plan);

/* Services may start from it. */
static inline bool images_plan_has(const struct images_plan *plan, unsigned image)
{
	return plan->image[image].serial && (!plan->is.inherited || plan->told[image]);
}

/* The trial's image, not an image that it left as it was. */
static inline bool images_plan_tries(const struct images_plan *plan, unsigned image)
{
	return plan->is.phase == IMAGES_TRYING &&
	       plan->image[image].serial == plan->is.trial_serial;
}

/* The trial is over: by a service that did not do well, or because all did. */
void images_plan_fail(struct images_plan *plan, uint16_t service);
void images_plan_prove(struct images_plan *plan);

#endif
