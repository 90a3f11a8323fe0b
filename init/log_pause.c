/*
 * Decides how often a pipe is looked at.  Refuses to know what comes out of it.
 */
#include "log_pause.h"

#include "log.h"
#include "table.h"
#include "timers.h"

/* What a service may have read without a pause: each read counts a millisecond,
 * and each KB one more.  So whoever writes byte by byte costs PID 1 no more
 * wake-ups than this, and whoever may write without a limit no more than 1 MB
 * a second. */
#define BYTES_A_MS 1024

static struct timers_slot slots[SERVICE_SLOTS];
static struct timers paused = { .slot = slots };
static uint64_t busy_ms[SERVICE_SLOTS];	/* until when its reads are worked off */

/* The more services flood, the less often each is looked at: so all of them
 * together don't keep PID 1 busy either. */
void log_pause_after(uint16_t id, size_t bytes, uint64_t took_ms, bool drops, uint64_t now_ms)
{
	uint64_t busy = (busy_ms[id] > now_ms ? busy_ms[id] : now_ms) + 1 + bytes / BYTES_A_MS;
	uint64_t most = now_ms + LOG_PAUSE_MS, until = 0;

	busy_ms[id] = busy < most ? busy : most;
	if (took_ms >= LOG_LOCKED_MS)
		until = now_ms + LOG_LOCKED_PAUSE_MS;
	else if (drops || busy >= most)
		until = most + paused.count;
	timers_set(&paused, id, until);
}

void log_pause_is_over(uint16_t id)
{
	timers_set(&paused, id, 1);
}

bool log_is_paused(uint16_t id)
{
	return slots[id].deadline_ms != 0;
}

uint64_t log_deadline(void)
{
	return timers_first(&paused, NULL);
}

bool log_next_due(uint64_t now_ms, uint16_t *id)
{
	return timers_take_due(&paused, now_ms, id);
}
