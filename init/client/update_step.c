/*
 * Decides what a state means for an update.  Refuses to know how it is followed.
 */
#include "update_step.h"

bool update_may_begin(unsigned phase)
{
	return phase == IMAGES_READY || phase == IMAGES_ABSENT;
}

uint64_t update_serial_least(const struct images *is, const struct record *record)
{
	uint64_t newest = is->serial > record->highest ? is->serial : record->highest;

	/* Behind the last one there is none. */
	return newest == UINT64_MAX ? newest : newest + 1;
}

enum update_end update_ended(const struct images *is, enum update_goal goal)
{
	static const uint8_t wanted[] = {
		[UPDATE_TO_NEW] = IMAGES_OUTCOME_CONFIRMED,
		[UPDATE_TO_OLD] = IMAGES_OUTCOME_ROLLED_BACK,
	};

	if (!update_may_begin(is->phase))
		return UPDATE_GOES_ON;
	return is->outcome == wanted[goal] ? UPDATE_DONE : UPDATE_FAILED;
}
