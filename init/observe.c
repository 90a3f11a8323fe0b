/*
 * Reads what the kernel and the services say of a run, and tells the order.
 * Refuses to know what is done about it (act.c).
 */
#include "observe.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act.h"
#include "cgroup/cgroup.h"
#include "clock.h"
#include "fds.h"
#include "found.h"
#include "has.h"
#include "log.h"
#include "notify.h"
#include "part.h"
#include "pids.h"
#include "report.h"
#include "tell.h"
#include "watch.h"

/* A service that floods its notify socket takes its turn like all others. */
#define MESSAGES_A_TURN 8

/* A record of a refused call says something of an end that soon follows. */
#define FINDING_AGE_MAX_MS 10000

/* Between two searches for what may not be there, of one service: each reads the
 * kernel's whole log. */
#define SEARCH_PAUSE_MS 1000

/* At the end of a run all that may wait is read: net.unix.max_dgram_qlen is 10
 * as the kernel has it. */
#define LAST_TURNS 2

/* Reading it also tells the kernel that this change has been seen. */
void observe_cgroup(struct supervisor *sup, uint16_t id)
{
	act_if_empty(sup, id, cgroup_populated(run_of(id)->box.events_fd));
}

void observe_log(struct supervisor *sup, uint16_t id)
{
	(void)sup;
	log_read(id, run_of(id)->box.log_read, clock_now_ms());
}

static void executed(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	unsigned next;

	r->is.phase = PHASE_RUN;
	r->is.executed_ms = run_event(sup, id, STEP_EXECUTED);
	run_save(sup, id);
	next = run_state(sup, id);
	if (next == STEP_UP || next == STEP_READYING)
		tell_started(id, r->child.pid, r->is.executed_ms - r->is.started_ms);
}

/* As read(2), which it is where never any files come along. */
static ssize_t read_report(uint16_t id, struct stage_report *report)
{
	struct run *r = run_of(id);

	if (report_has_socket(&services[id]))
		return report_read(&services[id], &r->box, r->child.status_fd, report,
				   &r->end.error);
	return read(r->child.status_fd, report, sizeof(*report));
}

/* Reports, and the end of file that an exec or an end leaves behind. */
void observe_status(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	struct stage_report report;
	ssize_t n;

	if (!r->child.status_fd)
		return;
	while ((n = read_report(id, &report)) == sizeof(report)) {
		if (report.error) {
			r->end.report = report;
		} else if (report.stage == STAGE_EXEC) {
			r->is.at_exec = true;
			run_save(sup, id);
		}
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	/* Put down first: a PID 1 that is executed anew in between finds the
	 * end of file again, or knows that it was seen. */
	if (n == 0 && r->is.phase == PHASE_START && r->is.at_exec && !r->end.report.stage)
		executed(sup, id);
	watch_drop(sup->epoll_fd, &r->child.status_fd);
}

static void became_ready(struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	bool was_up = run_state(sup, id) == STEP_UP;
	uint64_t now = run_event(sup, id, STEP_READY);

	r->is.reloading = false;
	if (!was_up && run_state(sup, id) == STEP_UP)
		tell_ready(id, now - r->is.executed_ms);
}

static void take_message(struct supervisor *sup, uint16_t id, const struct notify_message *m)
{
	struct run *r = run_of(id);

	if (m->status)
		state_set_text(id, m->status, m->status_len);
	if (m->reloading)
		r->is.reloading = true;
	if (m->stopping)
		r->is.leaving = true;
	if (m->extend_ms)
		order_extend(&sup->order, id, m->extend_ms, clock_now_ms());
	if (m->ready)
		became_ready(sup, id);
	if (m->ping)
		run_event(sup, id, STEP_PING);
	/* Only in STEP_UP is a passed deadline the watchdog's. */
	if (m->trigger && run_state(sup, id) == STEP_UP)
		run_event(sup, id, STEP_TIMEOUT);
	run_save(sup, id);
}

/* It begins with what no text has: it is for a part that knows this service. */
static void pass_on(struct supervisor *sup, uint16_t id, const char *bytes, size_t len)
{
	for (const struct part *const *at = parts, *part; (part = *at); at++)
		if (part->told && part->told(sup, id, bytes, len, clock_now_ms()))
			sup->unsaved = true;
}

/* Who speaks has been executed, though that may not have been read yet. */
bool observe_notify(struct supervisor *sup, uint16_t id)
{
	static char bytes[NOTIFY_MESSAGE_MAX];
	struct run *r = run_of(id);

	observe_status(sup, id);
	for (int i = 0; i < MESSAGES_A_TURN; i++) {
		struct notify_message message;
		int len = notify_receive(r->box.notify_fd, bytes);

		if (len == -EMSGSIZE)
			continue;
		if (len < 0)
			return false;
		if (r->is.phase != PHASE_RUN && r->is.phase != PHASE_START)
			continue;	/* of a run that is over */
		if (services[id].lease_of && len && !bytes[0]) {
			pass_on(sup, id, bytes, (size_t)len);
			continue;
		}
		notify_parse(bytes, (size_t)len, &message);
		take_message(sup, id, &message);
	}
	return true;
}

static uint32_t difference(int64_t now, int64_t before)
{
	return now > before && before >= 0 ? (uint32_t)(now - before) : 0;
}

/* Of a run that the kernel killed: was it for want of memory?  The rest is asked
 * for in that case alone, since it is said in no other. */
static void note_memory(struct run *r)
{
	/* With memory.oom.group the whole service is one such event. */
	static const char *const keys[] = { "oom_kill", "oom", "oom_group_kill" };
	int cgroup = r->box.cgroup_fd;
	bool empty = cgroup_populated(r->box.events_fd) == 0;	/* and stays so */
	int64_t counts[3];

	r->counted = cgroup_read_keys(cgroup, "memory.events", keys, counts, 3) == 0 && empty;
	r->oom_kills = counts[0];
	r->oom_at_limit = counts[1];
	r->end.oom_kills = difference(counts[0], r->is.oom_kills);
	if (!r->end.oom_kills)
		return;
	r->end.oom_kills_ever = difference(counts[2] > 0 ? counts[2] : counts[0], 0);
	r->end.at_limit = difference(counts[1], r->is.oom_at_limit) > 0;
	r->end.memory_max = cgroup_read_number(cgroup, "memory.max");
	r->end.memory_peak = cgroup_read_number(cgroup, "memory.peak");
}

static void note_end(struct run *r, const siginfo_t *info)
{
	bool ran = r->is.phase == PHASE_RUN;

	r->end.code = info->si_code;
	r->end.status = info->si_status;
	r->end.pid = info->si_pid;
	r->end.reason = r->is.reason;
	r->end.sent = r->is.sent;
	r->end.phase = !ran ? END_NOT_EXECUTED : r->is.ready_ms ? END_WAS_READY : END_EXECUTED;
	run_note_end(r);
}

static bool exited_well(const siginfo_t *info)
{
	return info->si_code == CLD_EXITED && info->si_status == 0;
}

static bool was_killed_by_seccomp(const struct run *r)
{
	if (r->end.code != CLD_EXITED)
		return r->end.status == SIGSYS;
	return r->end.reaper && r->end.status == 128 + SIGSYS;
}

/* Of a reaper's program only the user is known, and a call that failed may be
 * one of a process that the program had started. */
static void explain_by_seccomp(const struct supervisor *sup, uint16_t id)
{
	struct run *r = run_of(id);
	struct finding_wish wish = {
		.killed = was_killed_by_seccomp(r), .uid_base = services[id].uid_base,
		.age_max_ms = FINDING_AGE_MAX_MS,
	};

	if (wish.killed) {
		wish.pid = r->end.reaper ? 0 : r->end.pid;
	} else {
		if (!run_tells_refused(id) || !run_failed_by_itself(&r->end) ||
		    r->end.ended_ms < r->search_after_ms)
			return;
		r->search_after_ms = r->end.ended_ms + SEARCH_PAUSE_MS;
		if (r->end.lived_ms < wish.age_max_ms)
			wish.age_max_ms = (uint32_t)r->end.lived_ms;
	}
	found_begin(sup->epoll_fd, id, r->is.exits, &wish);
}

static void service_ended(struct supervisor *sup, uint16_t id, const siginfo_t *info)
{
	struct run *r = run_of(id);

	if (info->si_code != CLD_EXITED && info->si_status == SIGKILL)
		note_memory(r);
	if (FILTER_COUNT)
		explain_by_seccomp(sup, id);
	r->is.phase = PHASE_NONE;
	r->is.pid = 0;
	log_end_run(id, r->box.log_read, r->end.ended_ms);
	run_event(sup, id, exited_well(info) ? STEP_EXITED : STEP_FAILED);
	run_save(sup, id);
}

bool observe_end(struct supervisor *sup, const siginfo_t *info)
{
	uint16_t id = pids_take(info->si_pid);
	struct run *r;

	if (id == PIDS_NONE)
		return false;
	r = run_of(id);
	/* What the child reported or said comes before its end, whichever of
	 * them the loop saw first. */
	observe_status(sup, id);
	for (int i = 0; has_notify_socket(&services[id]) && r->box.notify_fd && i < LAST_TURNS &&
	     observe_notify(sup, id); i++)
		;
	watch_drop(sup->epoll_fd, &r->child.status_fd);
	fds_drop(&r->child.pidfd);
	note_end(r, info);
	service_ended(sup, id, info);
	return true;
}

/* The end itself may not be put down yet: others of its cgroup may linger. */
static struct end *end_of(const struct found *found)
{
	struct run *r = run_of(found->id);

	if (r->is.exits == found->exit)
		return &r->end;
	return &state->slot[found->id].exits[found->exit % STATE_EXITS];
}

void observe_finding(struct supervisor *sup, uint16_t place)
{
	struct found found;
	struct end *end;

	if (!FILTER_COUNT || !found_take(sup->epoll_fd, place, &found))
		return;
	end = end_of(&found);
	end->refused_call = found.call;
	end->refused_arch = found.arch;
	run_save(sup, found.id);
	tell_refused_call(found.id, found.call, found.arch);
}
