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
	TIMER_WATCHDOG,
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

#define TO_KILLING	TO(KILLING, DO(KILL), UNTIL(AGAIN))
#define TO_CLEANING	TO(CLEANING, DO(KILL), UNTIL(AGAIN))
#define TO_STOPPING	TO(STOPPING, DO(TERMINATE), UNTIL(STOP))

/* The end of the main process, whatever state it comes in, seen or not. */
#define ENDS \
	[STEP_EXITED] = TO_CLEANING, \
	[STEP_FAILED] = TO_CLEANING, \
	[STEP_LOST] = TO_CLEANING

static const struct cell cells[STEP_STATE_COUNT][STEP_EVENT_COUNT] = {
	[STEP_OFF] = {
		[STEP_START] = TO(WAITING),
		[STEP_RESTART] = TO(WAITING),
	},
	[STEP_WAITING] = {
		[STEP_GO] = TO(STARTING, DO(SPAWN), UNTIL(START)),
		[STEP_RETIRE] = TO(OFF),
		[STEP_STOP] = TO(OFF),
	},
	[STEP_STARTING] = {
		[STEP_EXECUTED] = TO(LAUNCHED),
		[STEP_NOT_STARTED] = TO(DECIDE),
		[STEP_TIMEOUT] = TO_KILLING,
		[STEP_STOP] = TO_KILLING,
		[STEP_RESTART] = TO_KILLING,
		ENDS,
	},
	[STEP_READYING] = {
		[STEP_READY] = TO(UP, UNTIL(WATCHDOG)),
		[STEP_TIMEOUT] = TO_KILLING,
		[STEP_STOP] = TO_STOPPING,
		[STEP_RESTART] = TO_STOPPING,
		ENDS,
	},
	[STEP_UP] = {
		[STEP_PING] = TO(UP, UNTIL(WATCHDOG)),
		[STEP_TIMEOUT] = TO_KILLING,
		[STEP_STOP] = TO_STOPPING,
		[STEP_RESTART] = TO_STOPPING,
		ENDS,
	},
	[STEP_STOPPING] = {
		[STEP_UNHEARD] = TO_KILLING,
		[STEP_TIMEOUT] = TO_KILLING,
		[STEP_RESUME] = TO_STOPPING,
		ENDS,
	},
	[STEP_KILLING] = {
		[STEP_NOT_STARTED] = TO(DECIDE),
		[STEP_TIMEOUT] = TO_KILLING,
		[STEP_RESUME] = TO_KILLING,
		ENDS,
	},
	[STEP_CLEANING] = {
		[STEP_EMPTY] = TO(DECIDE),
		[STEP_TIMEOUT] = TO_CLEANING,
		[STEP_RESUME] = TO_CLEANING,
	},
	[STEP_BACKOFF] = {
		[STEP_TIMEOUT] = TO(STARTING, DO(SPAWN), UNTIL(START)),
		[STEP_START] = TO(WAITING),
		[STEP_RESTART] = TO(WAITING),
		[STEP_RETIRE] = TO(OFF),
		[STEP_STOP] = TO(OFF),
	},
	[STEP_DONE] = {
		[STEP_START] = TO(WAITING),
		[STEP_RESTART] = TO(WAITING),
		[STEP_STOP] = TO(OFF),
	},
	[STEP_FINISHED] = {
		[STEP_START] = TO(WAITING),
		[STEP_RESTART] = TO(WAITING),
		[STEP_STOP] = TO(OFF),
	},
	[STEP_GIVEN_UP] = {
		[STEP_START] = TO(WAITING),
		[STEP_RESTART] = TO(WAITING),
		[STEP_STOP] = TO(OFF),
		[STEP_RESUME] = TO(GIVEN_UP, DO(GIVE_UP)),
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

/* A start at that time would be one too many in its window. */
static bool limit_reached(const struct step_service *s, const struct service *policy,
			  uint64_t at_ms)
{
	return policy->start_limit && s->starts >= policy->start_limit &&
	       at_ms - s->window_ms < policy->start_limit_window_ms;
}

static enum step_action back_off(struct step_service *s, const struct service *policy,
				 uint64_t now_ms)
{
	uint64_t delay;

	/* A run as long as the longest delay has shown itself stable. */
	if (now_ms - s->started_ms >= policy->restart_delay_max_ms)
		s->short_runs = 0;
	delay = step_delay_ms(policy, s->short_runs);
	if (limit_reached(s, policy, now_ms + delay)) {
		s->state = STEP_GIVEN_UP;
		return STEP_GIVE_UP;
	}
	s->state = STEP_BACKOFF;
	s->deadline_ms = now_ms + delay;
	if (s->short_runs < UINT8_MAX)
		s->short_runs++;
	return STEP_NOTHING;
}

/* The run is over and nothing is left of it. */
static enum step_action decide(struct step_service *s, const struct service *policy,
			       uint64_t now_ms)
{
	bool again = s->again;

	s->again = false;
	if (!s->wanted)
		s->state = STEP_OFF;
	else if (again)
		s->state = STEP_WAITING;
	else if (policy->type == SERVICE_TYPE_ONESHOT && !s->failed)
		s->state = STEP_FINISHED;
	else if (!restarts(policy, s->failed))
		s->state = STEP_DONE;
	else
		return back_off(s, policy, now_ms);
	return STEP_NOTHING;
}

/* Its program runs.  Is it ready with that? */
static void launch(struct step_service *s, const struct service *policy, uint64_t now_ms)
{
	bool notifies = policy->ready == SERVICE_READY_NOTIFY;

	if (policy->type == SERVICE_TYPE_ONESHOT) {
		s->state = STEP_READYING;
	} else if (notifies && !s->ready) {
		s->state = STEP_READYING;
		if (policy->start_timeout_ms)
			s->deadline_ms = now_ms + policy->start_timeout_ms;
	} else {
		s->state = STEP_UP;
		if (policy->watchdog_ms)
			s->deadline_ms = now_ms + policy->watchdog_ms;
	}
}

static bool is_ending(const struct step_service *s)
{
	return s->state >= STEP_STOPPING && s->state <= STEP_CLEANING;
}

/* What somebody asks for.  A new run follows the present one at once. */
static void note_wish(struct step_service *s, enum step_event event)
{
	if (event == STEP_STOP || event == STEP_RETIRE) {
		s->wanted = s->again = false;
	} else if (event == STEP_START || event == STEP_RESTART) {
		if (is_ending(s) || (event == STEP_RESTART && step_has_process(s)))
			s->again = true;
		s->wanted = true;
		s->short_runs = 0;
		s->starts = 0;
	}
}

static void note_event(struct step_service *s, enum step_event event)
{
	note_wish(s, event);
	if (event == STEP_EXITED) {
		s->failed = false;
	} else if (event == STEP_FAILED || event == STEP_NOT_STARTED) {
		s->failed = true;
	} else if (event == STEP_LOST) {
		s->failed = true;
		/* A start that PID 1 itself broke off is made up for. */
		if (s->state == STEP_STARTING)
			s->again = s->wanted;
	} else if (event == STEP_READY) {
		s->ready = true;
	} else if (event == STEP_TIMEOUT) {
		s->deadline_ms = 0;	/* it passes once, whoever listens */
	}
}

static void note_spawn(struct step_service *s, const struct service *policy, uint64_t now_ms)
{
	s->started_ms = now_ms;
	s->ready = false;
	if (!s->starts || now_ms - s->window_ms >= policy->start_limit_window_ms) {
		s->window_ms = now_ms;
		s->starts = 0;
	}
	if (s->starts < UINT32_MAX)
		s->starts++;
}

static uint64_t deadline(enum timer timer, const struct service *policy, uint64_t now_ms)
{
	switch (timer) {
	case TIMER_START:
		return now_ms + STEP_START_TIMEOUT_MS;
	case TIMER_STOP:
		return now_ms + policy->stop_timeout_ms;
	case TIMER_AGAIN:
		return now_ms + STEP_KILL_AGAIN_MS;
	case TIMER_WATCHDOG:
		return policy->watchdog_ms ? now_ms + policy->watchdog_ms : 0;
	case TIMER_NONE:
		break;
	}
	return 0;
}

struct step_result step(struct step_service s, const struct service *policy,
			enum step_event event, uint64_t now_ms)
{
	const struct cell *cell = &cells[s.state][event];
	enum step_action action = cell->action;

	note_event(&s, event);
	if (!cell->used)
		return (struct step_result){ .next = s };

	s.state = cell->next;
	s.deadline_ms = deadline(cell->timer, policy, now_ms);
	if (action == STEP_SPAWN)
		note_spawn(&s, policy, now_ms);
	if (cell->next == STEP_DECIDE)
		action = decide(&s, policy, now_ms);
	else if (cell->next == STEP_LAUNCHED)
		launch(&s, policy, now_ms);
	return (struct step_result){ .next = s, .action = action };
}

struct step_service step_extend(struct step_service s, uint64_t more_ms, uint64_t now_ms)
{
	bool awaited = s.state == STEP_READYING || s.state == STEP_STOPPING;

	if (awaited && s.deadline_ms && s.deadline_ms < now_ms + more_ms)
		s.deadline_ms = now_ms + more_ms;
	return s;
}

const char *step_state_name(unsigned state)
{
	static const char *const names[STEP_STATE_COUNT] = {
		[STEP_OFF] = "off",
		[STEP_WAITING] = "waiting",
		[STEP_STARTING] = "starting",
		[STEP_READYING] = "readying",
		[STEP_UP] = "up",
		[STEP_STOPPING] = "stopping",
		[STEP_KILLING] = "killing",
		[STEP_CLEANING] = "cleaning",
		[STEP_BACKOFF] = "backoff",
		[STEP_DONE] = "done",
		[STEP_FINISHED] = "finished",
		[STEP_GIVEN_UP] = "failed",
	};

	return state < STEP_STATE_COUNT ? names[state] : "?";
}
