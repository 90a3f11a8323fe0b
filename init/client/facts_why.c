/*
 * Decides how the state that a service is in is explained.  Refuses to know how
 * its last run ended (explain.h).
 */
#include "facts.h"

#include <fcntl.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "clock.h"
#include "has.h"
#include "images_facts.h"
#include "paths.h"
#include "ways.h"

/* Who asks for a lease is held while its interface is not there (uplinks.h). */
static bool add_waiting_for_network(struct text *t, const struct client *c,
				    const struct service *s)
{
	struct ways ways;

	ways_read(c, &ways);
	if (s->lease_of && !ways.is[s->lease_of - 1].index) {
		text_add(t, "waits for %s, which is not there",
			 board.uplinks[s->lease_of - 1].name);
	} else if (s->after_network && !ways_online(&ways)) {
		text_add(t, "waits for network-online: ");
		ways_add_lacks(t, &ways);
	} else {
		return false;
	}
	return true;
}

/* The first of what it comes AFTER that is not up. */
static void add_waiting(struct text *t, const struct client *c, const struct service *s)
{
	struct storage storage = { .state = STORAGE_NONE };

	for (unsigned i = 0; i < s->after_count; i++) {
		struct state_service other;

		facts_read_state(c, s->after[i], &other);
		if (step_is_up(&other.step))
			continue;
		text_add(t, "waits for %s%s, which is %s",
			 services[s->after[i]].provides_time ? "time-valid: " : "",
			 services[s->after[i]].name, state_shown_name(state_shown(&other)));
		return;
	}
	if (add_waiting_for_network(t, c, s))
		return;
	if (facts_read_storage(c, &storage) && !storage_serves(storage.state, s)) {
		text_add(t, "waits for storage: ");
		storage_explain(t, &storage);
		return;
	}
	if (has_image(s) && images_facts_add_waiting(t, c, s))
		return;
	text_add(t, "waits for its turn: no more services are started at once");
}

static void add_deadline(struct text *t, const struct state_service *is, const char *words)
{
	uint64_t now = clock_now_ms();

	if (!is->step.deadline_ms)
		return;
	text_add(t, "%s ", words);
	text_add_duration(t, is->step.deadline_ms > now ? is->step.deadline_ms - now : 0);
}

static void add_limit(struct text *t, const struct service *s)
{
	text_add(t, "reached START_LIMIT: %u starts within ", s->start_limit);
	text_add_duration(t, s->start_limit_window_ms);
	text_add(t, "; `pith start %s` tries again", s->name);
}

/* "; 12M of 80M are in use by all services" */
static void add_use(struct text *t)
{
	int dir = open(PATH_SERVICES_CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int64_t used = cgroup_read_number(dir, "memory.current");
	int64_t high = cgroup_read_number(dir, "memory.high");

	if (dir >= 0)
		close(dir);
	if (used < 0)
		return;
	text_add(t, "; all services use ");
	show_add_size(t, (uint64_t)used);
	if (high >= 0) {
		text_add(t, " of ");
		show_add_size(t, (uint64_t)high);
	}
}

/* What memory pressure made of it.  False if nothing. */
static bool add_pressure(struct text *t, const struct state_service *is)
{
	if (state_shown(is) == STATE_FROZEN) {
		text_add(t, "frozen for memory pressure; goes on when that has gone");
	} else if (state_shown(is) == STATE_SHED) {
		text_add(t, "stopped for memory pressure; comes back when that has gone and "
			 "there is room for half of the ");
		show_add_size(t, is->held > 0 ? (uint64_t)is->held : 0);
		text_add(t, " that it held");
	} else {
		return false;
	}
	add_use(t);
	return true;
}

void facts_add_why(struct text *t, const struct client *c, uint16_t id)
{
	const struct service *s = &services[id];
	struct state_service is;

	facts_read_state(c, id, &is);
	if (add_pressure(t, &is))
		return;
	switch (is.step.state) {
	case STEP_OFF:
		text_add(t, is.runs ? "was stopped" : "was not started");
		break;
	case STEP_WAITING:
		add_waiting(t, c, s);
		break;
	case STEP_STARTING:
		add_deadline(t, &is, "its program is not yet executed; is killed in");
		break;
	case STEP_READYING:
		text_add(t, s->type == SERVICE_TYPE_ONESHOT ? "has not ended" :
							      "has not said READY=1");
		add_deadline(t, &is, "; is killed in");
		break;
	case STEP_UP:
		text_add(t, "its program runs");
		add_deadline(t, &is, "; has to say WATCHDOG=1 within");
		break;
	case STEP_STOPPING:
		text_add_signal(t, s->stop_signal);
		text_add(t, " was sent");
		add_deadline(t, &is, "; is killed in");
		break;
	case STEP_KILLING:
		text_add(t, "was killed, and its end is not seen yet");
		break;
	case STEP_CLEANING:
		text_add(t, "its main process has ended, others are left");
		break;
	case STEP_BACKOFF:
		add_deadline(t, &is, "starts again in");
		text_add(t, "; short runs in a row: %u", is.step.short_runs);
		break;
	case STEP_DONE:
		text_add(t, "%s, and is not started again: RESTART=%s", is.step.failed ? "failed" :
			 "ended", s->restart == SERVICE_RESTART_NO ? "no" : "on-failure");
		break;
	case STEP_FINISHED:
		text_add(t, "ended with status 0");
		break;
	case STEP_GIVEN_UP:
		add_limit(t, s);
		break;
	}
}
