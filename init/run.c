/*
 * Acts for one service: makes its sandbox, starts, signals and kills it, and
 * reads what the kernel says of it.  Refuses to know what follows: each fact
 * becomes an event, and order_event() answers with the next action.
 */
#include "run.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include "cgroup/cgroup.h"
#include "clock.h"
#include "console.h"
#include "explain.h"
#include "heard.h"
#include "log.h"
#include "pids.h"
#include "spawn.h"
#include "sys.h"
#include "table.h"
#include "tell.h"
#include "text.h"
#include "watch.h"

enum phase {
	PHASE_NONE,
	PHASE_SANDBOX,	/* the child that fills the sandbox */
	PHASE_START,	/* the service's, before its program is executed */
	PHASE_RUN,	/* and after */
};

struct run {
	struct sandbox box;
	struct spawned child;
	enum phase phase;
	bool watched;		/* the sandbox's fds are in the epoll set */
	bool at_exec;		/* its last word before execve(2) has come */
	struct end end;
	uint64_t started_ms;	/* when this start began */
	uint64_t executed_ms;
	int64_t oom_kills;	/* memory.events when this start began: in all, */
	int64_t oom_at_limit;	/* and at its own limit */
};

static struct run runs[SERVICE_SLOTS];

/* Returns when it happened. */
static uint64_t event(struct supervisor *sup, uint16_t id, enum step_event e)
{
	uint64_t now = clock_now_ms();

	order_event(&sup->order, id, e, now);
	return now;
}

static void close_fd(int *fd)
{
	if (*fd)
		close(*fd);
	*fd = 0;
}

static void not_started(struct supervisor *sup, uint16_t id)
{
	struct run *r = &runs[id];

	r->phase = PHASE_NONE;
	if (!r->box.complete)
		sandbox_release_namespaces(&r->box);
	tell_end(&sup->order, id, &r->end, event(sup, id, STEP_NOT_STARTED));
}

static int64_t memory_events(const struct run *r, const char *key)
{
	return cgroup_read_key(r->box.cgroup_fd, "memory.events", key);
}

static int prepare(struct supervisor *sup, uint16_t id, struct start_error *err)
{
	struct run *r = &runs[id];
	int rc = sandbox_prepare(&services[id], &sup->site, &r->box, err);

	if (rc < 0 || r->watched)
		return rc;
	rc = watch_add(sup->epoll_fd, r->box.events_fd, SOURCE_CGROUP, id, EPOLLPRI);
	if (rc == 0 || rc == -EEXIST)	/* there from a try that failed at the next */
		rc = watch_add(sup->epoll_fd, r->box.log_read, SOURCE_LOG, id, EPOLLIN);
	if (rc < 0)
		return start_error_set(err, STAGE_WATCH, rc, NULL);
	r->watched = true;
	if (r->box.missing)
		console_say_of(services[id].name, "there is no %s to limit", r->box.missing);
	return 0;
}

/* Without it nothing would tell how the start goes. */
static int watch_start(struct supervisor *sup, uint16_t id, struct start_error *err)
{
	struct spawned *child = &runs[id].child;
	int rc = watch_add(sup->epoll_fd, child->status_fd, SOURCE_STATUS, id, EPOLLIN);

	if (rc == 0) {
		pids_put(child->pid, id);
		return 0;
	}
	sys_pidfd_send_signal(child->pidfd, SIGKILL);
	close_fd(&child->pidfd);
	close_fd(&child->status_fd);
	return start_error_set(err, STAGE_WATCH, rc, NULL);
}

static int spawn(struct supervisor *sup, uint16_t id, struct start_error *err)
{
	struct run *r = &runs[id];
	int rc;

	if (!r->box.complete) {
		rc = sandbox_clone(&services[id], &sup->site, &r->box, &r->child, err);
		r->phase = PHASE_SANDBOX;
	} else {
		log_begin_run(id);
		r->oom_kills = memory_events(r, "oom_kill");
		r->oom_at_limit = memory_events(r, "oom");
		rc = spawn_service(&services[id], &r->box, &r->child, err);
		r->phase = PHASE_START;
	}
	return rc < 0 ? rc : watch_start(sup, id, err);
}

static void act_spawn(struct supervisor *sup, uint16_t id)
{
	struct run *r = &runs[id];

	r->end = (struct end){ 0 };
	r->at_exec = false;
	r->started_ms = clock_now_ms();
	if (prepare(sup, id, &r->end.error) < 0 || spawn(sup, id, &r->end.error) < 0)
		not_started(sup, id);
}

static void act_terminate(struct supervisor *sup, uint16_t id)
{
	const struct service *s = &services[id];
	const struct run *r = &runs[id];
	char name[16];
	struct text t = TEXT_ON(name);

	sys_pidfd_send_signal(r->child.pidfd, s->stop_signal);
	if (s->stop_signal == SIGKILL || heard(r->child.pid, s->stop_signal))
		return;
	text_add_signal(&t, s->stop_signal);
	console_say_of(s->name, "has no handler for %s, so it is killed", name);
	event(sup, id, STEP_UNHEARD);
}

/* populated is what cgroup.events just said. */
static void end_if_empty(struct supervisor *sup, uint16_t id, int populated)
{
	if (populated != 0 || sup->order.slot[id].step.state != STEP_CLEANING)
		return;
	tell_end(&sup->order, id, &runs[id].end, event(sup, id, STEP_EMPTY));
}

/* With nothing left in the cgroup there is nothing to kill.  What a kill
 * changes is told by cgroup.events, since it was read before. */
static void act_kill(struct supervisor *sup, uint16_t id)
{
	struct run *r = &runs[id];
	int populated, rc;

	if (r->phase == PHASE_SANDBOX) {
		sys_pidfd_send_signal(r->child.pidfd, SIGKILL);
		return;
	}
	populated = cgroup_populated(r->box.events_fd);
	if (populated != 0) {
		rc = cgroup_kill(r->box.cgroup_fd);
		if (rc < 0)
			console_say_of(services[id].name, "cgroup.kill: %s", strerror(-rc));
	}
	end_if_empty(sup, id, populated);
}

void run_act(struct supervisor *sup, uint16_t id, enum step_action action)
{
	static void (*const acts[STEP_ACTION_COUNT])(struct supervisor *, uint16_t) = {
		[STEP_SPAWN] = act_spawn,
		[STEP_TERMINATE] = act_terminate,
		[STEP_KILL] = act_kill,
	};

	acts[action](sup, id);
}

/* Reading it also tells the kernel that this change has been seen. */
void run_cgroup_changed(struct supervisor *sup, uint16_t id)
{
	end_if_empty(sup, id, cgroup_populated(runs[id].box.events_fd));
}

void run_log_ready(uint16_t id)
{
	log_read(id, runs[id].box.log_read);
}

static void executed(struct supervisor *sup, uint16_t id)
{
	struct run *r = &runs[id];

	r->phase = PHASE_RUN;
	r->end.executed = true;
	r->executed_ms = event(sup, id, STEP_EXECUTED);
	if (sup->order.slot[id].step.state == STEP_UP)
		tell_started(id, r->child.pid, r->executed_ms - r->started_ms);
}

/* Reports, and the end of file that an exec or an end leaves behind. */
void run_status_ready(struct supervisor *sup, uint16_t id)
{
	struct run *r = &runs[id];
	struct stage_report report;
	ssize_t n;

	if (!r->child.status_fd)
		return;
	while ((n = read(r->child.status_fd, &report, sizeof(report))) == sizeof(report)) {
		if (report.error)
			r->end.report = report;
		else
			r->at_exec = true;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close_fd(&r->child.status_fd);
	if (n == 0 && r->phase == PHASE_START && r->at_exec && !r->end.report.stage)
		executed(sup, id);
}

static void sandbox_ended(struct supervisor *sup, uint16_t id, bool well)
{
	struct run *r = &runs[id];

	r->box.complete = well && !r->end.report.stage;
	/* In STEP_KILLING nobody wants the start any more. */
	if (r->box.complete && sup->order.slot[id].step.state == STEP_STARTING &&
	    spawn(sup, id, &r->end.error) == 0)
		return;
	not_started(sup, id);
}

static void service_ended(struct supervisor *sup, uint16_t id, const siginfo_t *info)
{
	struct run *r = &runs[id];

	r->end.lived_ms = clock_now_ms() - (r->end.executed ? r->executed_ms : r->started_ms);
	if (info->si_code != CLD_EXITED && info->si_status == SIGKILL) {
		r->end.out_of_memory = memory_events(r, "oom_kill") > r->oom_kills;
		r->end.at_limit = memory_events(r, "oom") > r->oom_at_limit;
	}
	r->phase = PHASE_NONE;
	log_end_run(id, r->box.log_read);
	event(sup, id, info->si_code == CLD_EXITED && info->si_status == 0 ?
		       STEP_EXITED : STEP_FAILED);
}

bool run_reaped(struct supervisor *sup, const siginfo_t *info)
{
	uint16_t id = pids_take(info->si_pid);
	struct run *r;

	if (id == PIDS_NONE)
		return false;
	r = &runs[id];
	/* What the child reported comes before its end, whichever of the two
	 * the loop saw first. */
	run_status_ready(sup, id);
	close_fd(&r->child.status_fd);
	close_fd(&r->child.pidfd);
	r->end.code = info->si_code;
	r->end.status = info->si_status;
	if (r->phase == PHASE_SANDBOX)
		sandbox_ended(sup, id, info->si_code == CLD_EXITED && info->si_status == 0);
	else
		service_ended(sup, id, info);
	return true;
}
