/*
 * The order among services: who may start, who must end first, and what is
 * to be done next.  Pure: it owns no process and no clock, so the simulator
 * runs it by the million.  An event costs what the service's own AFTER rows
 * cost and the starts that it makes room for, not what the table does; the
 * deadlines cost O(log n).
 *
 * Use: post events; after each, take actions by order_next() until there are
 * none, and carry them out.  All arrays belong to the caller.
 */
#ifndef PITH_ORDER_H
#define PITH_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "service.h"
#include "step.h"
#include "timers.h"

#define ORDER_NONE UINT16_MAX

/* So many starts are under way at once, but for those that a back-off ends in.
 * A start is some milliseconds of CPU: a thousand at once would each take as
 * long as all together, and pass for hanging. */
#define ORDER_STARTING_MAX 16

struct order_slot {
	struct step_service step;
	uint16_t not_up;	/* of what it comes AFTER */
	uint16_t not_at_rest;	/* of what comes AFTER it */
	uint16_t held;		/* by so many that have not released it */
	uint16_t next_action;	/* the queue of actions */
	uint16_t next_changed;	/* the list of changed services */
	uint16_t next_stop;	/* the list of services to stop */
	uint16_t next_go;	/* the queue of services that are free to start */
	bool go_queued;		/* in that queue */
	uint8_t action;		/* enum step_action; what is queued */
	bool changed;		/* in that list */
};

struct order {
	const struct service *table;
	uint16_t count;
	struct order_slot *slot;	/* count of them */
	struct timers timers;
	uint16_t first, last;		/* queue of actions, ORDER_NONE is empty */
	uint16_t changed;		/* list of those whose step is not saved yet */
	uint16_t first_go, last_go;	/* queue of those that are free to start */
	uint16_t starting;		/* services in STEP_STARTING */
	uint16_t starting_max;		/* ORDER_STARTING_MAX; a test may set another */
	uint16_t running;		/* services that are not at rest */
	bool stopping;			/* the whole system goes down */
};

/* slot and timer: at least `count` of each, zeroed here. */
void order_init(struct order *o, const struct service *table, uint16_t count,
		struct order_slot *slot, struct timers_slot *timer);

void order_start_all(struct order *o, uint64_t now_ms);

/* Ends all services: what comes AFTER another ends before it.  Final.  Not while
 * actions wait: one that gives way to another here would leave a start unmade. */
void order_stop_all(struct order *o, uint64_t now_ms);

/* Tells what happened to one service.  After order_stop_all() a STEP_START
 * or STEP_RESTART is ignored. */
void order_event(struct order *o, uint16_t id, enum step_event event, uint64_t now_ms);

/*
 * Something that is no service keeps this one from starting: it stays in
 * STEP_WAITING until it was released as often as it was held.  Each is a count and
 * changes nothing of a service that runs; one whose back-off ends starts all the
 * same, since it has found what it needs before.  What was held is not saved:
 * whoever takes up holds again, between order_init() and order_resume().
 */
void order_hold(struct order *o, uint16_t id);
void order_release(struct order *o, uint16_t id, uint64_t now_ms);

/* Delivers the deadlines that have passed by now_ms. */
void order_expire(struct order *o, uint64_t now_ms);

/* EXTEND_TIMEOUT_USEC of one service. */
void order_extend(struct order *o, uint16_t id, uint64_t more_ms, uint64_t now_ms);

/*
 * Takes up what another run of PID 1 left.  After order_init(), the caller
 * fills in slot[].step of each service with what was saved last, and calls
 * order_take_up(); then, for each service in any order, order_resume(), which
 * may queue actions again.  has_process: the main process that the state
 * needs is known and not yet reaped.  stopping as the order had it.
 */
void order_take_up(struct order *o, bool stopping);
void order_resume(struct order *o, uint16_t id, bool has_process, uint64_t now_ms);

/* Takes a service out of the list of those whose step has changed since; false
 * when there is none.  To be saved before the next action is carried out. */
bool order_changed(struct order *o, uint16_t *id);

/* The earliest deadline, 0 when there is none. */
uint64_t order_deadline(const struct order *o);

/* Takes the oldest action out of the queue; false when there is none. */
bool order_next(struct order *o, uint16_t *id, enum step_action *action);

static inline bool order_at_rest(const struct order *o)
{
	return !o->running;
}

#endif
