/*
 * A hash table with one chain for each service slot.  Refuses to know what
 * a process is.
 */
#include "pids.h"

#include "table.h"

/* Ids are stored plus 1, so that .bss is an empty table. */
static uint16_t head[SERVICE_SLOTS], next[SERVICE_SLOTS];
static pid_t pids[SERVICE_SLOTS];

void pids_put(pid_t pid, uint16_t id)
{
	uint16_t *chain = &head[(unsigned)pid % SERVICE_SLOTS];

	pids[id] = pid;
	next[id] = *chain;
	*chain = (uint16_t)(id + 1);
}

uint16_t pids_take(pid_t pid)
{
	uint16_t *at = &head[(unsigned)pid % SERVICE_SLOTS];

	for (; *at; at = &next[*at - 1]) {
		uint16_t id = (uint16_t)(*at - 1);

		if (pids[id] != pid)
			continue;
		*at = next[id];
		return id;
	}
	return PIDS_NONE;
}
