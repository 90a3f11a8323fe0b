/*
 * Deadlines of many services, the earliest one first: a binary heap over
 * arrays that the caller owns.  Setting and removing cost O(log n), looking
 * at the earliest O(1).  Pure; time enters as a parameter.
 */
#ifndef PITH_TIMERS_H
#define PITH_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct timers_slot {
	uint64_t deadline_ms;	/* absolute; 0 is none */
	uint16_t heap;		/* the id that stands at this place of the heap */
	uint16_t place;		/* where this id stands in it */
};

struct timers {
	struct timers_slot *slot;	/* one for each id, zeroed by the caller */
	uint16_t count;			/* ids in the heap */
};

/* deadline_ms 0 removes the id's deadline. */
void timers_set(struct timers *t, uint16_t id, uint64_t deadline_ms);

/* The earliest deadline, or 0 when there is none; its id goes to *id unless that
 * is NULL. */
uint64_t timers_first(const struct timers *t, uint16_t *id);

/* Removes the earliest deadline if it has passed by now_ms; its id goes to *id. */
bool timers_take_due(struct timers *t, uint64_t now_ms, uint16_t *id);

#endif
