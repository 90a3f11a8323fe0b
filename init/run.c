/*
 * Keeps what PID 1 holds of each service and puts it down in the state.
 * Refuses to know why it changes.
 */
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>

#include "clock.h"
#include "has.h"
#include "watch.h"

static struct run runs[SERVICE_SLOTS];
static bool changed;
static unsigned vital_lost;

struct run *run_of(uint16_t id)
{
	return &runs[id];
}

void run_clear_end(uint16_t id)
{
	runs[id].end = (struct end){
		.refused_call = -1, .memory_max = -1, .memory_peak = -1,
		.reaper = has_reaper(&services[id]),
	};
}

void run_note_end(struct run *r)
{
	uint64_t since = r->is.executed_ms ? r->is.executed_ms : r->is.started_ms;

	r->end.ended_ms = clock_now_ms();
	/* Of a run whose record was lost not even its start is known. */
	r->end.lived_ms = since ? r->end.ended_ms - since : 0;
}

bool run_failed_by_itself(const struct end *end)
{
	bool exited = end->code == CLD_EXITED;

	return end->reason == END_BY_ITSELF && end->phase != END_NOT_EXECUTED && end->status &&
	       (exited || end->status != SIGKILL);
}

bool run_tells_refused(uint16_t id)
{
	uint32_t exits = runs[id].is.exits;

	return has_filter(&services[id]) && exits &&
	       run_failed_by_itself(&state->slot[id].exits[(exits - 1) % STATE_EXITS]);
}

uint64_t run_event(struct supervisor *sup, uint16_t id, enum step_event event)
{
	uint64_t now = clock_now_ms();

	order_event(&sup->order, id, event, now);
	return now;
}

/* Why its cgroup is about to be killed follows from where it stood. */
static void note_kill(struct state_service *is, const struct step_service *step)
{
	if (is->step.state == STEP_STARTING)
		is->reason = step->wanted && !step->again ? END_START_TIMEOUT : END_CUT_SHORT;
	else if (is->step.state == STEP_READYING)
		is->reason = END_READY_TIMEOUT;
	else if (is->step.state == STEP_UP)
		is->reason = END_WATCHDOG;
	else if (is->step.state == STEP_STOPPING && is->reason != END_UNHEARD)
		is->reason = END_STOP_TIMEOUT;
}

void run_drop_view(const struct supervisor *sup, uint16_t id)
{
	if (!sup->order.stopping)
		sandbox_drop_view(&runs[id].box);
}

static void note_change(const struct supervisor *sup, uint16_t id, struct state_service *is,
			const struct step_service *step)
{
	uint64_t now = clock_now_ms();

	state_add_change(id, is->step.state, step->state, is->pid, now);
	if (step->state == STEP_KILLING)
		note_kill(is, step);
	if (step->state == STEP_UP)
		is->ready_ms = now;
	/* Who is down holds nothing of the board's that may be changed meanwhile. */
	if (step_at_rest(step))
		run_drop_view(sup, id);
}

void run_save(const struct supervisor *sup, uint16_t id)
{
	struct state_service *is = &runs[id].is;
	const struct step_service *step = &sup->order.slot[id].step;

	if (is->step.state != step->state)
		note_change(sup, id, is, step);
	if (services[id].vital)
		vital_lost += (unsigned)step_is_lost(step) - (unsigned)step_is_lost(&is->step);
	is->step = *step;
	state_save_service(id, is);
	changed = true;
}

void run_save_changed(struct supervisor *sup)
{
	uint16_t id;

	while (order_changed(&sup->order, &id))
		run_save(sup, id);
}

void run_take_up(const struct supervisor *sup, uint16_t id)
{
	if (services[id].vital)
		vital_lost += step_is_lost(&sup->order.slot[id].step);
}

bool run_all_vital(void)
{
	return !vital_lost;
}

bool run_changed(void)
{
	bool was = changed;

	changed = false;
	return was;
}

/* Level-triggered.  It is there already after a try that failed at the next, and
 * where only the cgroup is new. */
static int watch(struct supervisor *sup, uint16_t id, int fd, enum source source, uint32_t events)
{
	int rc = fd ? watch_add(sup->epoll_fd, fd, source, id, events) : 0;

	return rc == -EEXIST ? 0 : rc;
}

int run_watch(struct supervisor *sup, uint16_t id)
{
	struct run *r = &runs[id];
	int rc;

	if (r->watched)
		return 0;
	rc = watch(sup, id, r->box.events_fd, SOURCE_CGROUP, EPOLLPRI);
	if (rc == 0)
		rc = watch(sup, id, r->box.log_read, SOURCE_LOG, EPOLLIN);
	if (rc == 0)
		rc = watch(sup, id, r->box.notify_fd, SOURCE_NOTIFY, EPOLLIN);
	r->watched = rc == 0;
	return rc;
}
