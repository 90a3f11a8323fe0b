/*
 * Decides what a service's state says of its image.  Refuses to know what follows for the
 * release.
 */
#include "images_judge.h"

enum images_verdict images_judge(const struct step_service *step, uint64_t ready_ms,
				 uint32_t confirm_ms, uint64_t now_ms)
{
	if (step_is_lost(step))
		return IMAGES_LOST;
	/* One that waits does so for a service that is judged itself, or for what has
	 * nothing to do with the release. */
	if (!step->wanted || step->state == STEP_WAITING || step_at_rest(step))
		return IMAGES_PROVED;
	return step->state == STEP_UP && ready_ms + confirm_ms / 2 <= now_ms ?
	       IMAGES_PROVED : IMAGES_NOT_YET;
}

bool images_judge_renews(const struct step_service *step, uint64_t runs_from, uint64_t serial)
{
	if (!step->wanted || !runs_from || runs_from == serial || step->state == STEP_WAITING)
		return false;
	/* It is on its way already. */
	return !(step->again && step->state >= STEP_STOPPING && step->state <= STEP_CLEANING);
}
