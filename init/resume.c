/*
 * Decides of each service whether its main process is still the one that the
 * record names.  Refuses to know what follows: the order does.
 */
#include "resume.h"

#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>

#include "clock.h"
#include "console.h"
#include "fds.h"
#include "listen.h"
#include "pids.h"
#include "sys.h"
#include "watch.h"

/* waitid(2); musl has no name for it yet. */
#define WAIT_PIDFD 3

/* Still our child, living or not yet reaped. */
static bool is_there(int pidfd)
{
	siginfo_t info;

	return pidfd && SYS_INT(SYS_waitid, WAIT_PIDFD, pidfd, &info,
				WEXITED | WNOHANG | WNOWAIT, NULL) == 0;
}

/* Whatever is left in the cgroup is killed, and then it starts anew. */
static void distrust(struct state_service *is)
{
	*is = (struct state_service){
		.step = { .state = STEP_CLEANING, .wanted = true, .again = true },
		.cgroup_spent = true,
		.runs = is->runs, .exits = is->exits,
	};
}

static void drop_child(struct run *r)
{
	/* A start that was cut short sees its parent's end go, and ends. */
	fds_drop(&r->child.pidfd);
	fds_drop(&r->child.status_fd);
	r->is.phase = PHASE_NONE;
	r->is.pid = 0;
	run_note_end(r);
	r->end.reason = r->is.reason == END_REPLACED ? END_REPLACED : END_UNSEEN;
	r->end.phase = r->is.executed_ms ? END_EXECUTED : END_NOT_EXECUTED;
}

static void find_child(struct run *r, uint16_t id)
{
	r->child = (struct spawned){
		.pid = r->is.pid,
		.pidfd = fds_find(fds_number(id, FD_PIDFD)),
		.status_fd = fds_find(fds_number(id, FD_STATUS)),
	};
	if (r->is.phase == PHASE_NONE || !is_there(r->child.pidfd)) {
		drop_child(r);
		return;
	}
	/* Its last word may have been read and not been put down; who lives
	 * behind the end of file was executed.  (One that is killed in its
	 * recipe at this very time is taken for executed as well.) */
	if (r->is.phase == PHASE_START)
		r->is.at_exec = true;
	pids_put(r->child.pid, id);
}

static void find(struct supervisor *sup, uint16_t id, bool broken)
{
	struct run *r = run_of(id);

	memset(r, 0, sizeof(*r));
	run_clear_end(id);
	sandbox_find(&r->box, id);
	r->unknown = !state_read_service(&state->slot[id], &r->is);
	if (broken || (r->unknown && r->box.cgroup_fd))
		distrust(&r->is);
	r->given_up = r->is.step.state == STEP_GIVEN_UP;
	find_child(r, id);
	r->box.complete = r->is.complete && sandbox_has_namespaces(&services[id], &r->box);
	if (!r->box.complete) {
		sandbox_release_namespaces(&r->box);
		listen_release(&services[id]);
	}
	sup->order.slot[id].step = r->is.step;
	run_take_up(sup, id);
}

/* Without its cgroup nothing could be killed, nor its end be seen. */
static void watch(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	int rc = 0;
	bool needed = step_has_process(&r->is.step) || r->is.step.state == STEP_CLEANING;

	if (needed && !r->box.cgroup_fd)
		rc = sandbox_prepare(&services[id], &sup->site, &r->box, &r->end.error);
	if (rc == 0 && r->box.cgroup_fd)
		rc = run_watch(sup, id);
	if (rc == 0 && r->child.status_fd)
		rc = watch_add(sup->epoll_fd, r->child.status_fd, SOURCE_STATUS, id, EPOLLIN);
	if (rc < 0)
		console_say_of(services[id].name, "taking it up: %s", strerror(-rc));
}

void resume_all(struct supervisor *sup, bool stopping, bool broken)
{
	const unsigned count = SERVICE_COUNT;
	uint64_t now = clock_now_ms();

	for (unsigned id = 0; id < count; id++)
		find(sup, (uint16_t)id, broken);
	order_take_up(&sup->order, stopping);
	for (unsigned id = 0; id < count; id++) {
		watch(sup, (uint16_t)id);
		order_resume(&sup->order, (uint16_t)id, run_of((uint16_t)id)->is.phase != PHASE_NONE,
			     now);
		/* A row that is new here has never been asked for. */
		if (run_of((uint16_t)id)->unknown && !stopping)
			order_event(&sup->order, (uint16_t)id, STEP_START, now);
	}
}
