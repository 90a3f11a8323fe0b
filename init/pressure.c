/*
 * Tells shed.c how it stands, and does what it decides.  Refuses to know who
 * gives way to whom, and where the kernel keeps its numbers (memory.h).
 */
#include "pressure.h"

#include <string.h>
#include <sys/epoll.h>

#include "act.h"
#include "cgroup/cgroup.h"
#include "clock.h"
#include "console.h"
#include "fds.h"
#include "memory.h"
#include "watch.h"

static struct shed shed;
static struct shed_row rows[SERVICE_SLOTS];
static int trigger_fd;		/* 0: there is none */

static uint64_t deadline(void)
{
	return shed.deadline_ms;
}

static void save(struct state_board *to)
{
	to->shed = shed;
}

static uint64_t limit_of_board(const struct supervisor *sup)
{
	uint64_t free = memory_free() + memory_used(sup->site.cgroup_fd);

	return shed_limit(free, sup->order.count);
}

/* --- One step --------------------------------------------------------------------- */

static void fill_rows(const struct supervisor *sup)
{
	for (unsigned i = 0; i < board.shed_count; i++) {
		uint16_t id = board.shed[i];
		const struct step_service *step = &sup->order.slot[id].step;
		const struct state_service *is = &run_of(id)->is;

		rows[i] = (struct shed_row){
			.held = is->held > 0 ? (uint64_t)is->held : 0,
			.mark = is->shed,
			.runs = step->wanted &&
				(step_has_process(step) || step->state == STEP_BACKOFF),
			.freezable = step->state == STEP_UP && !services[id].watchdog_ms,
			.ending = is->shed == SHED_STOPPED && !step_at_rest(step),
		};
	}
}

static void stop(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);

	r->is.held = cgroup_read_number(r->box.cgroup_fd, "memory.current");
	act_thaw(sup, id);
	r->is.shed = SHED_STOPPED;
	run_event(sup, id, STEP_STOP);
	run_save(sup, id);	/* both in one record */
}

static void start(struct supervisor *sup, uint16_t id)
{
	run_of(id)->is.shed = SHED_NOT;
	run_event(sup, id, STEP_START);
	run_save(sup, id);
}

static void spare_nobody(struct supervisor *sup)
{
	for (unsigned i = 0; i < board.shed_count; i++) {
		struct run *r = run_of(board.shed[i]);

		if (r->is.shed == SHED_NOT)
			continue;
		r->is.shed = SHED_NOT;
		run_save(sup, board.shed[i]);
	}
}

static void take_step(struct supervisor *sup, struct shed_step step)
{
	static const char *const words[] = {
		[SHED_FREEZE] = "is frozen", [SHED_STOP] = "is stopped",
		[SHED_THAW] = "comes back", [SHED_START] = "comes back",
		[SHED_REST] = NULL,
	};
	uint16_t id = board.shed[step.row];

	if (step.action == SHED_NOTHING)
		return;
	if (step.action == SHED_LIFT || step.action == SHED_LOWER)
		console_say("memory pressure%s", step.action == SHED_LOWER ? " has gone" :
			    ": nothing is left that may give way");
	else if (words[step.action])
		console_say("memory pressure: %s %s", services[id].name, words[step.action]);
	switch (step.action) {
	case SHED_FREEZE:
		act_freeze(sup, id);
		break;
	case SHED_STOP:
		stop(sup, id);
		break;
	case SHED_THAW:
		act_thaw(sup, id);
		break;
	case SHED_START:
		start(sup, id);
		break;
	case SHED_REST:
		spare_nobody(sup);
		break;
	default:
		memory_set_high(sup->site.cgroup_fd, step.action == SHED_LIFT ? 0 : shed.high);
	}
}

/* The trigger has fired. */
static bool happened(struct supervisor *sup, enum source source, uint16_t id, uint64_t now_ms)
{
	uint64_t used;

	(void)id;
	if (source != SOURCE_PRESSURE || !trigger_fd)
		return false;
	used = memory_used(sup->site.cgroup_fd);
	fill_rows(sup);
	take_step(sup, shed_pressure(&shed, rows, board.shed_count, used, now_ms));
	return shed.deadline_ms != 0;
}

/* Gives back what is due. */
static bool tick(struct supervisor *sup, uint64_t now_ms)
{
	uint64_t used;

	if (!shed.deadline_ms || now_ms < shed.deadline_ms)
		return false;
	used = memory_needed(sup->site.cgroup_fd);
	fill_rows(sup);
	take_step(sup, shed_timeout(&shed, rows, board.shed_count, used, now_ms));
	return true;
}

/* What was done for pressure gives way to an operator. */
static void asked(struct supervisor *sup, uint16_t id, enum control_verb verb)
{
	struct run *r = run_of(id);

	if (!services[id].shed || (verb == CONTROL_KILL && r->is.shed != SHED_FROZEN))
		return;
	act_thaw(sup, id);
	r->is.shed = (uint8_t)shed_overrule(&shed, verb != CONTROL_STOP);
	run_save(sup, id);
}

/* --- Begin and end ------------------------------------------------------------------ */

/* What the last PID 1 had frozen or stopped.  It may not have come to freezing. */
static void take_back(struct supervisor *sup, uint16_t id)
{
	if (run_of(id)->is.shed == SHED_FROZEN)
		act_freeze(sup, id);
	/* It was not put down that there is pressure. */
	if (!shed.deadline_ms) {
		shed.hold_ms = SHED_HOLD_MS;
		shed.deadline_ms = clock_now_ms() + shed.hold_ms;
	}
}

static void give_back(struct supervisor *sup, uint16_t id)
{
	if (run_of(id)->is.shed == SHED_STOPPED)
		start(sup, id);
	act_thaw(sup, id);
	run_of(id)->is.shed = SHED_NOT;
	run_save(sup, id);
}

/* A row that is not to give way in this table comes back. */
static void take_back_all(struct supervisor *sup)
{
	for (uint16_t id = 0; id < sup->order.count; id++) {
		if (!run_of(id)->is.shed)
			continue;
		if (trigger_fd && services[id].shed)
			take_back(sup, id);
		else
			give_back(sup, id);
	}
}

static int open_anew(struct supervisor *sup)
{
	int rc = trigger_fd ? 0 : fds_keep(memory_open_trigger(sup->site.cgroup_fd), FDS_PRESSURE);

	if (rc < 0)
		return rc;
	trigger_fd = FDS_PRESSURE;
	if (!shed.high)
		shed.high = limit_of_board(sup);
	rc = shed.lifted ? 0 : memory_set_high(sup->site.cgroup_fd, shed.high);
	if (rc == 0)
		rc = watch_add(sup->epoll_fd, trigger_fd, SOURCE_PRESSURE, 0, EPOLLPRI);
	return rc;
}

static void close_it(struct supervisor *sup)
{
	if (trigger_fd)
		memory_set_high(sup->site.cgroup_fd, 0);
	watch_drop(sup->epoll_fd, &trigger_fd);
	shed = (struct shed){ 0 };
}

static void take_up(struct supervisor *sup, const struct state_board *was,
		    enum state_origin origin, uint64_t now_ms)
{
	(void)sup, (void)origin, (void)now_ms;
	shed = was->shed;
}

/* A kernel that tells of no pressure is said. */
static void begin(struct supervisor *sup, enum state_origin origin, bool ending)
{
	bool wanted = board.shed_count && !ending;
	int rc = 0;

	trigger_fd = fds_find(FDS_PRESSURE);
	if (origin == STATE_FRESH || origin == STATE_BROKEN)
		fds_drop(&trigger_fd);	/* whose it is, nobody knows */
	if (wanted)
		rc = open_anew(sup);
	if (rc < 0)
		console_say("memory pressure is not told (%s): no service gives way to it",
			    strerror(-rc));
	if (!wanted || rc < 0)
		close_it(sup);
	take_back_all(sup);
}

/* Whatever is frozen has to be able to end too, and nobody is held back any more. */
static void end(struct supervisor *sup)
{
	if (!trigger_fd)
		return;
	for (unsigned i = 0; i < board.shed_count; i++)
		act_thaw(sup, board.shed[i]);
	close_it(sup);
}

const struct part pressure_part = {
	.take_up = take_up, .open = begin, .save = save, .happened = happened, .tick = tick,
	.deadline = deadline, .asked = asked, .end = end,
};
