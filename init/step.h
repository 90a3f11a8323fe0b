/*
 * The life of one service as a pure function over a const table: what state
 * follows, what is to be done, and until when.  PID 1 and the simulator call
 * the same function.
 *
 * Times are absolute milliseconds of one clock that never goes back.
 */
#ifndef PITH_STEP_H
#define PITH_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "service.h"

enum step_state {
	STEP_OFF,	/* nobody wants it to run, and nothing of it runs */
	STEP_WAITING,	/* wanted; what it comes AFTER is not up, or it is held */
	STEP_STARTING,	/* being prepared, or its program not yet executed */
	STEP_READYING,	/* its program runs: READY=1, or a oneshot's end, is to come */
	STEP_UP,	/* runs and is ready */
	STEP_STOPPING,	/* was asked to end */
	STEP_KILLING,	/* its whole cgroup was killed; the end is not yet seen */
	STEP_CLEANING,	/* its main process ended; others may be left */
	STEP_BACKOFF,	/* ended; starts again when its delay has passed */
	STEP_DONE,	/* ended, and its restart policy leaves it so */
	STEP_FINISHED,	/* a oneshot that ended with status 0 */
	STEP_GIVEN_UP,	/* reached its START_LIMIT */
	STEP_STATE_COUNT,

	/* In the table only: the policy picks the state. */
	STEP_DECIDE,	/* the run is over */
	STEP_LAUNCHED,	/* its program runs */
};

enum step_event {
	STEP_START,		/* somebody wants it to run */
	STEP_RESTART,		/* somebody wants a new run of it */
	STEP_GO,		/* all that it comes AFTER is up */
	STEP_EXECUTED,		/* its program runs */
	STEP_READY,		/* it said READY=1 */
	STEP_PING,		/* it said WATCHDOG=1 */
	STEP_NOT_STARTED,	/* the start ended before there was a main process */
	STEP_EXITED,		/* the main process ended with status 0 */
	STEP_FAILED,		/* the main process ended in any other way */
	STEP_EMPTY,		/* no process is left in its cgroup */
	STEP_TIMEOUT,		/* the deadline has passed */
	STEP_UNHEARD,		/* it has no handler for its STOP_SIGNAL */
	STEP_RETIRE,		/* the system goes down: run on, never again */
	STEP_STOP,		/* it shall end now */

	/* PID 1 was executed anew and remembers this state. */
	STEP_RESUME,		/* what the state needs is there */
	STEP_LOST,		/* the main process that it needs is not */
	STEP_EVENT_COUNT,
};

enum step_action {
	STEP_NOTHING,
	STEP_SPAWN,		/* make what it needs and start it */
	STEP_TERMINATE,		/* send STOP_SIGNAL to the main process */
	STEP_KILL,		/* kill the cgroup, and tell when it is empty */
	STEP_GIVE_UP,		/* say so, and do what ON_LIMIT says; again at STEP_RESUME */
	STEP_ACTION_COUNT,
};

/* Zeroed is a service that has never run. */
struct step_service {
	uint8_t state;		/* enum step_state */
	bool wanted;
	bool failed;		/* how the last run ended */
	bool again;		/* when this run is over, start at once */
	bool ready;		/* READY=1 came before its exec was seen */
	uint8_t short_runs;	/* in a row; the exponent of the back-off */
	uint32_t starts;	/* in the window of START_LIMIT */
	uint64_t window_ms;	/* when that window began */
	uint64_t started_ms;	/* when the last start began */
	uint64_t deadline_ms;	/* 0 is none */
};

struct step_result {
	struct step_service next;
	enum step_action action;
};

/* From the first system call to the program's first instruction.  A start is
 * a few milliseconds of system calls; one that takes this long hangs. */
#define STEP_START_TIMEOUT_MS 30000

/* A kill that failed (no memory, no file) or whose end went unseen is done
 * again after this time, until the cgroup is seen to be empty. */
#define STEP_KILL_AGAIN_MS 1000

struct step_result step(struct step_service now_is, const struct service *policy,
			enum step_event event, uint64_t now_ms);

/* How long a service waits after this many short runs in a row.  The first
 * delay is RESTART_DELAY_MS; each further one doubles, up to the maximum. */
uint64_t step_delay_ms(const struct service *policy, unsigned short_runs);

/* EXTEND_TIMEOUT_USEC of sd_notify(3): a deadline for becoming ready or for
 * ending is now at least more_ms away. */
struct step_service step_extend(struct step_service now_is, uint64_t more_ms, uint64_t now_ms);

/* Nothing runs and nothing will without a new STEP_START. */
static inline bool step_at_rest(const struct step_service *s)
{
	return s->state == STEP_OFF || s->state >= STEP_DONE;
}

/* What comes AFTER it may start. */
static inline bool step_is_up(const struct step_service *s)
{
	return s->state == STEP_UP || s->state == STEP_FINISHED;
}

/* There is a main process, or one on its way. */
static inline bool step_has_process(const struct step_service *s)
{
	return s->state >= STEP_STARTING && s->state <= STEP_KILLING;
}

/* Failed for good: the board does without it. */
static inline bool step_is_lost(const struct step_service *s)
{
	return s->state == STEP_GIVEN_UP || (s->state == STEP_DONE && s->failed);
}

/* As `pith status` shows it: "up". */
const char *step_state_name(unsigned state);

#endif
