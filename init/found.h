/*
 * Searches for refused system calls (finding.h) that are under way: which fd
 * speaks of which end.
 */
#ifndef PITH_FOUND_H
#define PITH_FOUND_H

#include <stdbool.h>
#include <stdint.h>

#include "finding.h"

/* Searches at once; an end that comes when all are taken goes without. */
#define FOUND_MAX 4

struct found {
	uint16_t id;
	uint32_t exit;		/* number of the end, as struct state_service counts them */
	int32_t call;
	uint32_t arch;
};

/* Begins to search, and adds SOURCE_FINDING to the epoll set. */
void found_begin(int epoll_fd, uint16_t id, uint32_t exit, const struct finding_wish *wish);

/* Takes what was found; false if it was nothing. */
bool found_take(int epoll_fd, uint16_t place, struct found *found);

#endif
