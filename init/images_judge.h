/*
 * What one service's state says of the image that it runs from: whether it has proved
 * itself in a trial, and whether it has to begin anew.  Pure.
 */
#ifndef PITH_IMAGES_JUDGE_H
#define PITH_IMAGES_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "step.h"

enum images_verdict {
	IMAGES_PROVED,		/* or there is nothing to be proved */
	IMAGES_NOT_YET,
	IMAGES_LOST,		/* it has failed for good */
};

/* How a service does from the release on trial: proved if it was up for the last half of
 * it, since ready_ms, or has done its work.  One that nobody wants, or that waits for
 * something else, cannot tell. */
enum images_verdict images_judge(const struct step_service *step, uint64_t ready_ms,
				 uint32_t confirm_ms, uint64_t now_ms);

/* A service that runs, or has run to its end, from another image than it would start
 * from now, begins anew. */
bool images_judge_renews(const struct step_service *step, uint64_t runs_from, uint64_t serial);

#endif
