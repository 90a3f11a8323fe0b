/*
 * Decides what becomes of one service after one event.  Refuses to know of
 * processes, of other services and of the clock: each arrives as an argument.
 */
#include "step.h"

enum timer {
	TIMER_NONE,
	TIMER_START,
	TIMER_STOP,
	TIMER_AGAIN,
};

struct cell {
	uint8_t used;		/* an empty cell means: ignored on purpose */
	uint8_t next;
	uint8_t action;
	uint8_t timer;
};

#define TO(state, ...)	{ .used = 1, .next = STEP_##state, __VA_ARGS__ }
#define DO(what)	.action = STEP_##what
#define UNTIL(what)	.timer = TIMER_##what

/* The end of the main process, whatever state it comes in. */
#define ENDS \
	[STEP_EXITED] = TO(CLEANING, DO(KILL), UNTIL(AGAIN)), \
	[STEP_FAILED] = TO(CLEANING, DO(KILL), UNTIL(AGAIN))

static const struct cell cells[STEP_STATE_COUNT][STEP_EVENT_COUNT] = {
	[STEP_OFF] = {
		[STEP_START] = TO(WAITING),
	},
	[STEP_WAITING] = {
		[STEP_GO] = TO(STARTING, DO(SPAWN), UNTIL(START)),
		[STEP_RETIRE] = TO(OFF),
		[STEP_STOP] = TO(OFF),
	},
	[STEP_STARTING] = {
		[STEP_EXECUTED] = TO(UP),
		[STEP_NOT_STARTED] = TO(DECIDE),
		[STEP_TIMEOUT] = TO(KILLING, DO(KILL), UNTIL(AGAIN)),
		[STEP_STOP] = TO(KILLING, DO(KILL), UNTIL(AGAIN)),
		ENDS,
	},
	[STEP_UP] = {
		[STEP_STOP] = TO(STOPPING, DO(TERMINATE), UNTIL(STOP)),
		ENDS,
	},
	[STEP_STOPPING] = {
		[STEP_UNHEARD] = TO(KILLING, DO(KILL), UNTIL(AGAIN)),
		[STEP_TIMEOUT] = TO(KILLING, DO(KILL), UNTIL(AGAIN)),
		ENDS,
	},
	[STEP_KILLING] = {
		[STEP_NOT_STARTED] = TO(DECIDE),
		[STEP_TIMEOUT] = TO(KILLING, DO(KILL), UNTIL(AGAIN)),
		ENDS,
	},
	[STEP_CLEANING] = {
		[STEP_EMPTY] = TO(DECIDE),
		[STEP_TIMEOUT] = TO(CLEANING, DO(KILL), UNTIL(AGAIN)),
	},
	[STEP_BACKOFF] = {
		[STEP_TIMEOUT] = TO(STARTING, DO(SPAWN), UNTIL(START)),
		[STEP_RETIRE] = TO(OFF),
		[STEP_STOP] = TO(OFF),
	},
	[STEP_DONE] = {
		[STEP_START] = TO(WAITING),
		[STEP_STOP] = TO(OFF),
	},
};

uint64_t step_delay_ms(const struct service *policy, unsigned short_runs)
{
	uint64_t delay = policy->restart_delay_ms;
	uint64_t most = policy->restart_delay_max_ms;

	if (short_runs) {
		/* A delay of 0 is at once, the first time; then it grows too. */
		delay = delay ? delay : 1;
		/* 2^32 ms are 49 days: beyond any maximum, and no overflow. */
		delay <<= short_runs < 32 ? short_runs : 32;
	}
	return delay < most ? delay : most;
}

static bool restarts(const struct service *policy, bool failed)
{
	return policy->restart == SERVICE_RESTART_ALWAYS ||
	       (policy->restart == SERVICE_RESTART_ON_FAILURE && failed);
}

/* The run is over and nothing is left of it. */
static void decide(struct step_service *s, const struct service *policy, uint64_t now_ms)
{
	if (!s->wanted) {
		s->state = STEP_OFF;
	} else if (!restarts(policy, s->failed)) {
		s->state = STEP_DONE;
	} else {
		/* A run as long as the longest delay has shown itself stable. */
		if (now_ms - s->started_ms >= policy->restart_delay_max_ms)
			s->short_runs = 0;
		s->state = STEP_BACKOFF;
		s->deadline_ms = now_ms + step_delay_ms(policy, s->short_runs);
		if (s->short_runs < UINT8_MAX)
			s->short_runs++;
	}
}

static void note_event(struct step_service *s, enum step_event event)
{
	if (event == STEP_START) {
		s->wanted = true;
		s->short_runs = 0;
	} else if (event == STEP_STOP || event == STEP_RETIRE) {
		s->wanted = false;
	} else if (event == STEP_EXITED) {
		s->failed = false;
	} else if (event == STEP_FAILED || event == STEP_NOT_STARTED) {
		s->failed = true;
	} else if (event == STEP_TIMEOUT) {
		s->deadline_ms = 0;	/* it passes once, whoever listens */
	}
}

struct step_result step(struct step_service s, const struct service *policy,
			enum step_event event, uint64_t now_ms)
{
	const struct cell *cell = &cells[s.state][event];

	note_event(&s, event);
	if (!cell->used)
		return (struct step_result){ .next = s };

	s.state = cell->next;
	s.deadline_ms = 0;
	if (cell->timer == TIMER_START)
		s.deadline_ms = now_ms + STEP_START_TIMEOUT_MS;
	else if (cell->timer == TIMER_STOP)
		s.deadline_ms = now_ms + policy->stop_timeout_ms;
	else if (cell->timer == TIMER_AGAIN)
		s.deadline_ms = now_ms + STEP_KILL_AGAIN_MS;
	if (cell->action == STEP_SPAWN)
		s.started_ms = now_ms;
	if (cell->next == STEP_DECIDE)
		decide(&s, policy, now_ms);
	return (struct step_result){ .next = s, .action = cell->action };
}
