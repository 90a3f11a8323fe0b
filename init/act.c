/*
 * Acts for one service: makes its sandbox, starts, signals and kills it.
 * Refuses to know what follows: each fact becomes an event, and order_event()
 * answers with the next action.
 */
#include "act.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>

#include "cgroup/cgroup.h"
#include "clock.h"
#include "console.h"
#include "ending.h"
#include "fds.h"
#include "has.h"
#include "heard.h"
#include "images_start.h"
#include "listen.h"
#include "log.h"
#include "notify.h"
#include "pids.h"
#include "spawn.h"
#include "sys.h"
#include "tell.h"
#include "text.h"
#include "watch.h"

static int set_freeze(struct run *r, const char *value)
{
	return cgroup_write(r->box.cgroup_fd, "cgroup.freeze", value);
}

void act_freeze(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	bool first = r->is.shed != SHED_FROZEN;
	int rc;

	/* Put down before it is done: nobody would thaw it after a crash. */
	r->is.shed = SHED_FROZEN;
	if (first)
		state_add_change(id, STEP_UP, STATE_FROZEN, r->is.pid, clock_now_ms());
	run_save(sup, id);
	rc = set_freeze(r, "1");
	if (rc < 0)
		console_say_of(services[id].name, "freezing it: %s", strerror(-rc));
}

void act_thaw(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);

	if (r->is.shed != SHED_FROZEN)
		return;
	set_freeze(r, "0");
	r->is.shed = SHED_NOT;
	state_add_change(id, STATE_FROZEN, STEP_UP, r->is.pid, clock_now_ms());
	run_save(sup, id);
}

void act_end_run(struct supervisor *sup, uint16_t id, uint64_t now_ms)
{
	struct run *r = run_of(id);
	const struct step_service *step = &sup->order.slot[id].step;

	/* It was killed as it was; the next run is not to begin so. */
	if (r->is.shed == SHED_FROZEN) {
		set_freeze(r, "0");
		r->is.shed = SHED_NOT;
	}
	/* After a start that failed the next one begins with nothing of it. */
	if (r->end.phase == END_NOT_EXECUTED)
		run_drop_view(sup, id);
	r->end.next_state = step->state;
	r->end.pause_ms = step->state == STEP_BACKOFF ? step->deadline_ms - now_ms : 0;
	state_add_exit(id, r->is.exits++, &r->end);
	run_save(sup, id);
	tell_end(&sup->order, id, &r->end, now_ms);
}

/* The start ended before there was a main process. */
static void not_started(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);

	r->is.phase = PHASE_NONE;
	r->is.pid = 0;
	if (!r->box.complete)
		sandbox_release_namespaces(&r->box);
	run_note_end(r);
	r->end.reason = r->is.reason;
	act_end_run(sup, id, run_event(sup, id, STEP_NOT_STARTED));
}

static int prepare(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	bool first = !r->watched;
	int rc = sandbox_prepare(&services[id], &sup->site, &r->box, &r->end.error);

	if (rc < 0)
		return rc;
	rc = run_watch(sup, id);
	if (rc < 0)
		return start_error_set(&r->end.error, STAGE_WATCH, rc, NULL);
	if (first && r->box.missing)
		console_say_of(services[id].name, "there is no %s to limit", r->box.missing);
	return 0;
}

/* Without it nothing would tell how the start goes. */
static int watch_start(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	int rc = watch_add(sup->epoll_fd, r->child.status_fd, SOURCE_STATUS, id, EPOLLIN);

	if (rc == 0) {
		pids_put(r->child.pid, id);
		r->is.pid = r->end.pid = r->child.pid;
		run_save(sup, id);
		return 0;
	}
	spawned_give_up(r->child.pidfd, r->child.status_fd);
	r->child = (struct spawned){ 0 };
	return start_error_set(&r->end.error, STAGE_WATCH, rc, NULL);
}

/* From here on what is counted is this run's.  After an end that the counts were asked
 * for, as long as nothing could change them, they need not be read again. */
static void count_memory(struct run *r)
{
	static const char *const keys[] = { "oom_kill", "oom" };
	int64_t counts[2] = { r->oom_kills, r->oom_at_limit };

	if (!r->counted)
		cgroup_read_keys(r->box.cgroup_fd, "memory.events", keys, counts, 2);
	r->counted = false;
	r->is.oom_kills = counts[0];
	r->is.oom_at_limit = counts[1];
}

/* What an earlier run left unread is not this one's word. */
static void begin_run(uint16_t id)
{
	struct run *r = run_of(id);

	log_begin_run(id, r->is.started_ms);
	if (has_notify_socket(&services[id]) && r->box.notify_fd)
		notify_drain(r->box.notify_fd);
	state_set_text(id, "", 0);
	r->is.image = has_image(&services[id]) ? images_serial(&services[id]) : 0;
	r->is.runs++;
	count_memory(r);
}

/* It waits for its image instead, as if asked to begin anew. */
static int refuse_image(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);

	r->is.reason = END_CUT_SHORT;
	run_event(sup, id, STEP_RESTART);
	return start_error_set(&r->end.error, STAGE_ROOT, -EAGAIN, NULL);
}

static int make_namespaces(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	int rc = sandbox_make_namespaces(&services[id], &sup->site, &r->box, &r->end.error);

	r->box.complete = r->is.complete = rc == 0;
	return rc;
}

static int start(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	int rc = 0;

	if (has_image(&services[id]) && !images_may_start(&services[id]))
		return refuse_image(sup, id);
	if (!r->box.complete)
		rc = make_namespaces(sup, id);
	if (rc < 0)
		return rc;
	begin_run(id);
	rc = spawn_service(&services[id], &r->box, run_tells_refused(id), &r->child, &r->end.error);
	/* Somebody has removed its cgroup: the next start makes it anew.  One of
	 * its DEVICES that is not there is another matter. */
	if ((rc == -ENOENT || rc == -ENODEV) && r->end.error.stage != STAGE_DEVICE)
		r->is.cgroup_spent = true;
	r->is.phase = PHASE_START;
	return rc < 0 ? rc : watch_start(sup, id);
}

static void act_spawn(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	struct state_service *is = &r->is;

	run_clear_end(id);
	is->at_exec = is->reloading = is->leaving = false;
	is->reason = END_BY_ITSELF;
	is->sent = 0;
	is->ready_ms = is->executed_ms = 0;
	is->started_ms = clock_now_ms();
	/* From here on: a start from an older one is broken off. */
	is->image = has_image(&services[id]) ? images_serial(&services[id]) : 0;
	r->killed = r->given_up = false;
	/* Before anything is made: a crash from here on is this start's. */
	run_save(sup, id);
	if (is->stale || is->cgroup_spent)
		sandbox_discard_cgroup(&services[id], &sup->site, &r->box);
	if (is->stale) {
		sandbox_discard(&r->box);
		listen_release(&services[id]);
	}
	if (is->stale || is->cgroup_spent)
		r->watched = r->counted = is->stale = is->cgroup_spent = false;
	if (prepare(sup, id) < 0 || start(sup, id) < 0)
		not_started(sup, id);
}

static void act_terminate(struct supervisor *sup, uint16_t id)
{
	const struct service *s = &services[id];
	struct run *r = run_of(id);
	char name[16];
	struct text t = TEXT_ON(name);

	r->is.reason = r->is.shed == SHED_STOPPED ? END_SHED : END_ASKED;
	r->is.sent = s->stop_signal;
	sys_pidfd_send_signal(r->child.pidfd, s->stop_signal);
	/* A reaper takes every signal, and may be back at waiting for the next one:
	 * then no set shows that it does. */
	if (s->stop_signal == SIGKILL || has_reaper(s) || heard(r->child.pid, s->stop_signal))
		return;
	text_add_signal(&t, s->stop_signal);
	console_say_of(s->name, "has no handler for %s, so it is killed", name);
	r->is.reason = END_UNHEARD;
	run_event(sup, id, STEP_UNHEARD);
}

void act_if_empty(struct supervisor *sup, uint16_t id, int populated)
{
	if (populated == 0 && run_state(sup, id) == STEP_CLEANING)
		act_end_run(sup, id, run_event(sup, id, STEP_EMPTY));
}

/* The main process is PID 1 of its namespace: with it everything in there goes.
 * cgroup.kill is for when that is not known, or was not enough, and its price
 * is a cgroup made anew: some kernels (6.14 to at least 6.18) kill at once what
 * is then cloned into the old one, as if it had escaped. */
static int kill_run(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	bool first = !r->killed;

	r->killed = true;
	if (first && r->child.pidfd)
		return sys_pidfd_send_signal(r->child.pidfd, SIGKILL);
	r->is.cgroup_spent = true;
	run_save(sup, id);
	return cgroup_kill(r->box.cgroup_fd);
}

/* With nothing left in the cgroup there is nothing to kill.  What a kill
 * changes is told by cgroup.events, since it was read before. */
static void act_kill(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	int populated, rc;

	populated = cgroup_populated(r->box.events_fd);
	if (populated != 0) {
		rc = kill_run(sup, id);
		if (rc < 0)
			console_say_of(services[id].name, "killing it: %s", strerror(-rc));
	}
	act_if_empty(sup, id, populated);
}

static void act_give_up(struct supervisor *sup, uint16_t id)
{
	/* A release that is only tried is no reason to reboot: the old one is there. */
	bool tried = has_image(&services[id]) && images_tries(&services[id]);
	bool reboots = services[id].on_limit == SERVICE_ON_LIMIT_REBOOT && !tried;

	/* What an earlier PID 1 gave up, it has said. */
	if (!run_of(id)->given_up)
		tell_given_up(&sup->order, id, reboots ? "the board reboots" :
			      tried ? "so the release that is tried is given up" :
			      "it stays down until it is asked to start");
	if (reboots)
		sup->ending = ENDING_REBOOT;
}

void act(struct supervisor *sup, uint16_t id, enum step_action action)
{
	static void (*const acts[STEP_ACTION_COUNT])(struct supervisor *, uint16_t) = {
		[STEP_SPAWN] = act_spawn,
		[STEP_TERMINATE] = act_terminate,
		[STEP_KILL] = act_kill,
		[STEP_GIVE_UP] = act_give_up,
	};

	acts[action](sup, id);
}

int act_signal(struct supervisor *sup, uint16_t id, int signal)
{
	struct run *r = run_of(id);
	int rc;

	if (r->is.phase != PHASE_RUN)
		return -ESRCH;
	rc = sys_pidfd_send_signal(r->child.pidfd, signal);
	if (rc == 0 && (r->is.reason == END_BY_ITSELF || r->is.reason == END_SIGNALLED)) {
		r->is.reason = END_SIGNALLED;
		r->is.sent = signal;
		run_save(sup, id);
	}
	return rc;
}
