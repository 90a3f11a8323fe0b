/*
 * What must hold of every history, said once more and in other words than
 * init/step.c has it.  Refuses to know why something happened.
 */
#include "tests/sim/model.h"

struct book book[SERVICES_MAX];

/* The event that is being told, and whom; `count` is all of them. */
static enum step_event told;
static uint16_t told_whom;

static bool is_running(uint16_t id)
{
	const struct kernel *k = &kernel[id];

	return k->process == RUNNING || (k->process == ZOMBIE && k->executed);
}

static bool is_ending(unsigned state)
{
	return state == STEP_STOPPING || state == STEP_KILLING || state == STEP_CLEANING;
}

/* --- Promises -------------------------------------------------------------- */

static void note_start(struct book *b, unsigned state, bool new_run)
{
	bool runs = state == STEP_STARTING || state == STEP_READYING || state == STEP_UP;

	if (o.stopping)
		return;
	b->stopped = false;
	b->starts = b->broken = 0;
	b->due |= new_run ? runs || is_ending(state) : is_ending(state);
	b->free |= new_run || !runs;
}

static void note(uint16_t id, enum step_event event)
{
	struct book *b = &book[id];
	unsigned state = slots[id].step.state;

	if (event == STEP_START || event == STEP_RESTART) {
		note_start(b, state, event == STEP_RESTART);
	} else if (event == STEP_STOP) {
		b->stopped = true;
		b->due = false;
	} else if (event == STEP_LOST && state == STEP_STARTING) {
		b->broken++;
		b->free = true;
	} else if (event == STEP_PING && state == STEP_UP) {
		b->heard_ms = now;
	} else if (event == STEP_READY) {
		b->ready = true;
	} else if (event == STEP_EXITED || event == STEP_FAILED || event == STEP_LOST ||
		   event == STEP_NOT_STARTED) {
		b->well = event == STEP_EXITED;
	}
}

void claims_before(uint16_t id, enum step_event event)
{
	told = event;
	told_whom = id;
	if (id < count)
		note(id, event);
	else if (event != STEP_TIMEOUT)
		for (uint16_t each = 0; each < count; each++)
			note(each, event);
}

/* --- What follows from what ---------------------------------------------------- */

static void check_bases(uint16_t id)
{
	for (unsigned i = 0; i < table[id].after_count; i++)
		if (!step_is_up(&slots[table[id].after[i]].step))
			broken("what comes AFTER never starts before", id);
}

static void count_start(uint16_t id)
{
	const struct service *s = &table[id];
	struct book *b = &book[id];

	if (!b->starts || now - b->window_ms >= s->start_limit_window_ms) {
		b->window_ms = now;
		b->starts = b->broken = 0;
	}
	b->starts++;
	if (s->start_limit && b->starts - b->broken > s->start_limit)
		broken("a window has no more starts than START_LIMIT", id);
}

static void check_start(uint16_t id, unsigned from)
{
	const struct service *s = &table[id];
	struct book *b = &book[id];
	uint32_t delay = s->restart_delay_ms, most = s->restart_delay_max_ms;

	if (o.stopping || saved_stopping)
		broken("nothing starts in a system that stops", id);
	if (b->stopped)
		broken("what the operator stopped stays stopped", id);
	/* A service that fails is started again without its bases. */
	if (from != STEP_BACKOFF) {
		check_bases(id);
		if (table[id].volume_count && !storage_up)
			broken("what is held never starts", id);
	}
	if (!b->free && now - kernel[id].ended_ms < (delay < most ? delay : most))
		broken("back-off never falls below its floor", id);
	count_start(id);
	b->due = b->free = b->ready = false;
}

static bool restarts(const struct service *s, bool well)
{
	if (s->type == SERVICE_TYPE_ONESHOT && well)
		return false;
	if (s->restart == SERVICE_RESTART_ON_FAILURE)
		return !well;
	return s->restart == SERVICE_RESTART_ALWAYS;
}

static void check_end(uint16_t id, unsigned to)
{
	const struct service *s = &table[id];
	const struct book *b = &book[id];
	bool finished = s->type == SERVICE_TYPE_ONESHOT && b->well;

	if (b->due && !o.stopping)
		broken("a new run that the operator asked for follows at once", id);
	if (to != STEP_OFF && b->stopped)
		broken("what the operator stopped is off", id);
	if (to != STEP_OFF && (to == STEP_FINISHED) != finished)
		broken("a oneshot is finished when it has ended well", id);
	if ((to == STEP_BACKOFF || to == STEP_GIVEN_UP) != restarts(s, b->well) && to != STEP_OFF)
		broken("RESTART decides what follows a run", id);
	if (to == STEP_GIVEN_UP && (!s->start_limit || b->starts < s->start_limit ||
				    now - b->window_ms >= s->start_limit_window_ms))
		broken("nothing is given up before START_LIMIT is reached", id);
}

static void check_up(uint16_t id, unsigned from)
{
	const struct service *s = &table[id];

	seen[SEEN_EARLY_READY] += from == STEP_STARTING && s->ready == SERVICE_READY_NOTIFY;
	if (s->type == SERVICE_TYPE_ONESHOT)
		broken("a oneshot is up only when it has ended", id);
	if (!is_running(id))
		broken("what is up runs", id);
	if (s->ready == SERVICE_READY_NOTIFY && !kernel[id].said_ready)
		broken("READY=notify is up when it has said so", id);
	book[id].heard_ms = now;
}

static void check_readying(uint16_t id)
{
	if (table[id].ready == SERVICE_READY_NOTIFY && book[id].ready)
		broken("a READY=1 that comes early counts", id);
}

static void check_stopping(uint16_t id)
{
	for (unsigned i = 0; o.stopping && i < table[id].before_count; i++)
		if (!step_at_rest(&slots[table[id].before[i]].step))
			broken("what comes AFTER ends before its base is asked to", id);
}

static void see_kill(unsigned from)
{
	if (told != STEP_TIMEOUT)
		return;
	seen[SEEN_START_TIMEOUT] += from == STEP_STARTING;
	seen[SEEN_READY_TIMEOUT] += from == STEP_READYING;
	seen[SEEN_MISSED_PING] += from == STEP_UP;
	seen[SEEN_STOP_TIMEOUT] += from == STEP_STOPPING;
}

static void changed(uint16_t id, unsigned from, unsigned to)
{
	const struct step_service was = { .state = (uint8_t)from };
	bool asked = told == STEP_START || told == STEP_RESTART;

	if (step_at_rest(&was) && !step_at_rest(&slots[id].step) &&
	    !(asked && (told_whom == id || told_whom == count)))
		broken("what rests, given up or done, never starts by itself", id);
	if (to == STEP_STARTING)
		check_start(id, from);
	else if (to == STEP_READYING)
		check_readying(id);
	else if (to == STEP_UP)
		check_up(id, from);
	else if (to == STEP_STOPPING)
		check_stopping(id);
	else if (to == STEP_KILLING)
		see_kill(from);
	else if (to == STEP_OFF || to == STEP_BACKOFF || to >= STEP_DONE)
		check_end(id, to);
	seen[SEEN_HELD_STOPPED] += from == STEP_WAITING && to == STEP_OFF && slots[id].held;
	seen[SEEN_FINISHED] += to == STEP_FINISHED;
}

void claims_after(void)
{
	for (uint16_t id = 0; id < count; id++) {
		unsigned from = book[id].state, to = slots[id].step.state;

		if (from == to)
			continue;
		book[id].state = (uint8_t)to;
		changed(id, from, to);
	}
}

/* --- What is done ------------------------------------------------------------- */

static void check_saved(uint16_t id)
{
	const struct step_service *is = &slots[id].step, *put = &saved[id].step;

	if (is->state != put->state || is->wanted != put->wanted || is->again != put->again ||
	    is->deadline_ms != put->deadline_ms || is->starts != put->starts)
		broken("what was decided is put down before anything is done", id);
}

void claims_action(uint16_t id, enum step_action action)
{
	unsigned state = slots[id].step.state;

	for (uint16_t each = 0; each < count; each++)
		check_saved(each);
	if (action == STEP_SPAWN && state != STEP_STARTING)
		broken("only what is to start is started", id);
	if (action == STEP_SPAWN && (kernel[id].process != NONE || kernel[id].leftovers))
		broken("a service never runs twice", id);
	if (action == STEP_TERMINATE && !is_running(id))
		broken("only a running service is asked to end", id);
	if (action == STEP_KILL && state != STEP_KILLING && state != STEP_CLEANING)
		broken("only what is to end is killed", id);
	if (action == STEP_GIVE_UP && state != STEP_GIVEN_UP)
		broken("only what is given up is said to be", id);
	if (action == STEP_NOTHING || action >= STEP_ACTION_COUNT)
		broken("every action is a known one", id);
}

/* --- How it stands ------------------------------------------------------------- */

void claims_counts(void)
{
	for (uint16_t id = 0; id < count; id++) {
		unsigned not_up = 0, not_at_rest = 0;

		for (unsigned i = 0; i < table[id].after_count; i++)
			not_up += !step_is_up(&slots[table[id].after[i]].step);
		for (unsigned i = 0; i < table[id].before_count; i++)
			not_at_rest += !step_at_rest(&slots[table[id].before[i]].step);
		if (slots[id].not_up != not_up || slots[id].not_at_rest != not_at_rest ||
		    slots[id].held != (table[id].volume_count && !storage_up))
			broken("the counts beside a service tell the truth", id);
	}
}

/* Whatever may never come has a deadline. */
static bool needs_deadline(uint16_t id)
{
	const struct service *s = &table[id];

	switch (slots[id].step.state) {
	case STEP_STARTING:
	case STEP_STOPPING:
	case STEP_KILLING:
	case STEP_CLEANING:
	case STEP_BACKOFF:
		return true;
	case STEP_READYING:
		return s->ready == SERVICE_READY_NOTIFY && s->start_timeout_ms;
	case STEP_UP:
		return s->watchdog_ms;
	default:
		return false;
	}
}

static void check_state(uint16_t id)
{
	const struct step_service *is = &slots[id].step;
	const struct service *s = &table[id];
	bool is_free = is->state == STEP_WAITING && !slots[id].not_up && !slots[id].held;

	if (needs_deadline(id) != (is->deadline_ms != 0))
		broken("what may never come has a deadline, and nothing else has", id);
	if (is->state == STEP_UP && s->watchdog_ms &&
	    is->deadline_ms > book[id].heard_ms + s->watchdog_ms)
		broken("the watchdog waits no longer than WATCHDOG_MS", id);
	if (is_free && o.starting < o.starting_max)
		broken("nobody waits for nothing", id);
	if (is_free && !slots[id].go_queued)
		broken("who is free to start stands in the queue", id);
	if (!step_has_process(is) && kernel[id].process != NONE)
		broken("what has ended has no main process", id);
	if (!step_has_process(is) && is->state != STEP_CLEANING && kernel[id].leftovers)
		broken("nothing of a service that has ended is left", id);
	if (is->state == STEP_GIVEN_UP && s->on_limit == SERVICE_ON_LIMIT_REBOOT && !o.stopping)
		broken("ON_LIMIT=reboot stops the system", id);
	if (slots[id].changed || slots[id].action != STEP_NOTHING)
		broken("nothing is left to be saved or done", id);
	check_saved(id);
}

void claims_all(void)
{
	uint64_t least = 0;
	unsigned running = 0, starting = 0;

	claims_counts();
	for (uint16_t id = 0; id < count; id++) {
		const struct step_service *is = &slots[id].step;

		check_state(id);
		running += !step_at_rest(is);
		starting += is->state == STEP_STARTING;
		if (is->deadline_ms && (!least || is->deadline_ms < least))
			least = is->deadline_ms;
	}
	if (running != o.running)
		broken("the number of running services is right", count);
	if (starting != o.starting)
		broken("the number of starts under way is right", count);
	if (least != order_deadline(&o))
		broken("the earliest deadline is the first", count);
	if (o.first != ORDER_NONE || o.last != ORDER_NONE || o.changed != ORDER_NONE)
		broken("the lists are empty when all is done", count);
}
