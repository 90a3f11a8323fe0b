/*
 * Decides whether a line may pass.  Refuses to know what becomes of one that
 * may not.
 */
#include "bucket.h"

#define SECOND_US 1000000

/* It is never further ahead than it may be, unless a state that was taken up
 * is wrong: that is a full bucket. */
static uint64_t ahead_us(uint64_t paid_us, uint64_t now_us)
{
	uint64_t ahead = paid_us > now_us ? paid_us - now_us : 0;

	return ahead <= BUCKET_BURST_S * SECOND_US ? ahead : 0;
}

bool bucket_take(uint64_t *paid_us, uint32_t rate, uint64_t now_ms)
{
	uint64_t now_us = now_ms * 1000, ahead;

	if (!rate)
		return true;
	ahead = ahead_us(*paid_us, now_us) + SECOND_US / rate;
	if (ahead > BUCKET_BURST_S * SECOND_US)
		return false;
	*paid_us = now_us + ahead;
	return true;
}

bool bucket_has_second(uint64_t paid_us, uint64_t now_ms)
{
	return ahead_us(paid_us, now_ms * 1000) <= (BUCKET_BURST_S - 1) * SECOND_US;
}
