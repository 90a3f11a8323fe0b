/*
 * The one place in which PID 1 waits.  Refuses to know what a service needs
 * to start (act.h) and what follows from what (order.h).
 */
#include "supervise.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "act.h"
#include "boot.h"
#include "clock.h"
#include "console.h"
#include "dispose.h"
#include "ending.h"
#include "fds.h"
#include "hearing.h"
#include "listen.h"
#include "log.h"
#include "observe.h"
#include "part.h"
#include "resume.h"
#include "run.h"
#include "table.h"
#include "watch.h"
#include "watchdog.h"

/* Events of one turn; what is left comes with the next. */
#define EVENTS_MAX 32

/* Orphans reaped in one turn, so that a hundred thousand of them don't keep
 * a service waiting. */
#define REAPS_MAX 64

/* A service that floods its notify socket is not listened to for this long. */
#define NOTIFY_PAUSE_MS 20

static struct timers_slot notify_slots[SERVICE_SLOTS];
static struct timers notify_paused = { .slot = notify_slots };
static struct order_slot slots[SERVICE_SLOTS];
static struct timers_slot timers[SERVICE_SLOTS];

/* Kept in the state: how the shutdown stands, and what each part puts there. */
static struct state_board kept;
static bool board_saved;	/* and clients were not told since */

static void save_board(void)
{
	FOR_EACH_PART_WITH(save)
		part->save(&kept);
	state_save_board(&kept);
	board_saved = true;
}

static void carry_out(struct supervisor *sup)
{
	enum step_action action;
	uint16_t id;

	/* Put down before it is done: whoever takes over after a crash does it
	 * again rather than never. */
	if (sup->unsaved)
		save_board();
	sup->unsaved = false;
	run_save_changed(sup);
	while (order_next(&sup->order, &id, &action)) {
		act(sup, id, action);
		run_save_changed(sup);
	}
}

static bool parts_reaped(pid_t pid, uint64_t now_ms)
{
	FOR_EACH_PART_WITH(reaped)
		if (part->reaped(pid, now_ms))
			return true;
	return false;
}

static void parts_happened(struct supervisor *sup, enum source source, uint16_t id)
{
	FOR_EACH_PART_WITH(happened)
		if (part->happened(sup, source, id, clock_now_ms()))
			save_board();
}

static void parts_tick(struct supervisor *sup, uint64_t now_ms)
{
	bool changed = false;

	FOR_EACH_PART_WITH(tick)
		if (part->to_the_end || !kept.ending)
			changed |= part->tick(sup, now_ms);
	if (changed)
		save_board();
}

/* Of no service. */
static void take_end(const struct supervisor *sup, pid_t pid, uint64_t now_ms)
{
	if (parts_reaped(pid, now_ms))
		save_board();
	else if (!dispose_reaped(pid))
		hearing_met_orphan(sup->epoll_fd, now_ms);
}

/* SIGCHLD coalesces: reaps until there is none, or this turn's share is
 * done.  What a child's end means is put down before it is reaped: a crash in
 * between leaves it there to be seen again.  True if there may be more. */
static bool reap(struct supervisor *sup, uint64_t now_ms)
{
	for (int i = 0; i < REAPS_MAX; i++) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || !info.si_pid)
			return false;
		if (!observe_end(sup, &info))
			take_end(sup, info.si_pid, now_ms);
		run_save_changed(sup);
		waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG);
		carry_out(sup);
	}
	return true;
}

static void parts_changed(void)
{
	FOR_EACH_PART_WITH(changed)
		part->changed();
}

static void begin_to_end(struct supervisor *sup, uint64_t now_ms)
{
	if (!ending_begin(sup, &kept, now_ms))
		return;
	/* Before the first service is asked: a PID 1 that is executed anew
	 * meanwhile goes on with it. */
	save_board();
	FOR_EACH_PART_WITH(end)
		part->end(sup);
	order_stop_all(&sup->order, now_ms);
	carry_out(sup);
}

static bool is_over(struct supervisor *sup, uint64_t now_ms)
{
	bool changed = false, over = ending_is_over(sup, &kept, now_ms, &changed);

	if (changed)
		save_board();
	return over;
}

/* The console is watched only while lines wait: an idle tty is always
 * writable. */
static void watch_console(const struct supervisor *sup)
{
	static int watched = -1;
	int fd = console_waiting_fd();

	if (fd == watched)
		return;
	if (watched >= 0)
		epoll_ctl(sup->epoll_fd, EPOLL_CTL_DEL, watched, NULL);
	watched = -1;
	/* If it cannot be watched, the next event of any kind tries again. */
	if (fd >= 0 && watch_add(sup->epoll_fd, fd, SOURCE_CONSOLE, 0, EPOLLOUT) == 0)
		watched = fd;
}

/* What pauses is not watched meanwhile: it would be readable all the time. */
static void watch(const struct supervisor *sup, int fd, enum source source, uint16_t id, bool on)
{
	watch_change(sup->epoll_fd, fd, source, id, on ? EPOLLIN : 0);
}

static void read_log(struct supervisor *sup, uint16_t id)
{
	observe_log(sup, id);
	if (log_is_paused(id))
		watch(sup, run_of(id)->box.log_read, SOURCE_LOG, id, false);
}

/* Read also where nothing more comes: there is a word about what was dropped. */
static void resume_logs(struct supervisor *sup, uint64_t now_ms)
{
	uint16_t id;

	while (log_next_due(now_ms, &id)) {
		observe_log(sup, id);
		watch(sup, run_of(id)->box.log_read, SOURCE_LOG, id, !log_is_paused(id));
	}
}

static void read_notify(struct supervisor *sup, uint16_t id)
{
	if (!observe_notify(sup, id))
		return;
	watch(sup, run_of(id)->box.notify_fd, SOURCE_NOTIFY, id, false);
	timers_set(&notify_paused, id, clock_now_ms() + NOTIFY_PAUSE_MS);
}

static void resume_notify(struct supervisor *sup, uint64_t now_ms)
{
	uint16_t id;

	while (timers_take_due(&notify_paused, now_ms, &id))
		watch(sup, run_of(id)->box.notify_fd, SOURCE_NOTIFY, id, true);
}

static void sooner(uint64_t *deadline, uint64_t other)
{
	if (other && (!*deadline || other < *deadline))
		*deadline = other;
}

/* Milliseconds until the next deadline, as epoll_wait(2) takes them. */
static int time_to_wait(const struct supervisor *sup)
{
	uint64_t deadline = order_deadline(&sup->order), now;

	sooner(&deadline, hearing_deadline());
	sooner(&deadline, timers_first(&notify_paused, NULL));
	sooner(&deadline, log_deadline());
	if (run_all_vital())
		sooner(&deadline, watchdog_deadline());
	if (kept.ending)
		sooner(&deadline, kept.deadline_ms);
	FOR_EACH_PART_WITH(deadline)
		if (part->to_the_end || !kept.ending)
			sooner(&deadline, part->deadline());
	if (!deadline)
		return -1;
	now = clock_now_ms();
	if (deadline <= now)
		return 0;
	return deadline - now < INT32_MAX ? (int)(deadline - now) : INT32_MAX;
}

static void dispatch(struct supervisor *sup, const struct epoll_event *e)
{
	uint16_t id = watch_id(e->data.u64);

	switch (watch_source(e->data.u64)) {
	case SOURCE_STATUS:
		observe_status(sup, id);
		break;
	case SOURCE_LOG:
		read_log(sup, id);
		break;
	case SOURCE_CGROUP:
		observe_cgroup(sup, id);
		hearing_resume(sup->epoll_fd);
		break;
	case SOURCE_NOTIFY:
		if (NOTIFY_COUNT)
			read_notify(sup, id);
		break;
	case SOURCE_FINDING:
		observe_finding(sup, id);
		break;
	case SOURCE_STORAGE:
	case SOURCE_UEVENT:
	case SOURCE_IMAGES:
	case SOURCE_VERITY:
	case SOURCE_PRESSURE:
	case SOURCE_LINK:
	case SOURCE_LISTEN:
	case SOURCE_CLIENT:
		parts_happened(sup, watch_source(e->data.u64), id);
		break;
	case SOURCE_SIGNAL:
		hearing_spoke();
		break;
	case SOURCE_CONSOLE:
		break;	/* looked at in every turn */
	}
	carry_out(sup);
}

/* What is due by its time, whatever else happened. */
static void tick(struct supervisor *sup, uint64_t now_ms)
{
	bool changed;

	order_expire(&sup->order, now_ms);
	parts_tick(sup, now_ms);
	carry_out(sup);
	begin_to_end(sup, now_ms);
	resume_logs(sup, now_ms);
	resume_notify(sup, now_ms);
	if (now_ms >= hearing_deadline())
		hearing_resume(sup->epoll_fd);
	if (run_all_vital())
		watchdog_feed(now_ms);
	/* All are asked: each forgets what it told. */
	changed = run_changed() | board_saved;
	board_saved = false;
	if (log_changed() || changed)
		parts_changed();
}

static const struct ending *loop(struct supervisor *sup)
{
	struct epoll_event events[EVENTS_MAX];
	bool reaping = true;	/* another program's children, if it exec'd us */

	/* What is said waits until what is due is done. */
	console_hold(true);
	for (;;) {
		uint64_t now;
		int n;

		console_flush();
		watch_console(sup);
		n = epoll_wait(sup->epoll_fd, events, EVENTS_MAX,
			       reaping ? 0 : time_to_wait(sup));
		for (int i = 0; i < n; i++)
			dispatch(sup, &events[i]);
		now = clock_now_ms();
		if (hearing_take(sup) || reaping) {
			reaping = reap(sup, now);
			now = clock_now_ms();
		}
		tick(sup, now);
		if (is_over(sup, now)) {
			console_hold(false);
			return ending_of((enum ending_wish)kept.ending);
		}
	}
}

static int open_sources(struct supervisor *sup)
{
	sup->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	return sup->epoll_fd < 0 ? -errno : hearing_open(sup->epoll_fd);
}

/* The kernel makes room for the highest number once and for all. */
static void reserve_fds(void)
{
	int last = fds_number_of_listen(LISTEN_COUNT);

	if (dup2(STDIN_FILENO, last) < 0)
		console_say("no room for all services' files: %s", strerror(errno));
	else
		close(last);
}

static void parts_take_up(struct supervisor *sup, enum state_origin origin)
{
	FOR_EACH_PART_WITH(take_up)
		part->take_up(sup, &kept, origin, clock_now_ms());
	save_board();	/* else a pid that is another's by then would pass for a part's */
}

static void parts_open(struct supervisor *sup, enum state_origin origin)
{
	FOR_EACH_PART_WITH(open)
		part->open(sup, origin, kept.ending);
	save_board();
}

static void take_up(struct supervisor *sup, enum state_origin origin)
{
	if (origin == STATE_FRESH) {
		reserve_fds();
		listen_open_all();
		parts_take_up(sup, origin);
		parts_open(sup, origin);
		order_start_all(&sup->order, clock_now_ms());
		carry_out(sup);
		boot_over();
		return;
	}
	state_read_board(state, &kept);
	listen_open_all();
	parts_take_up(sup, origin);
	resume_all(sup, kept.ending, origin == STATE_BROKEN);
	parts_open(sup, origin);
	carry_out(sup);
	/* An earlier PID 1 may not have come so far. */
	boot_over();
	if (state->crash.orderly_reboot)
		sup->ending = ENDING_REBOOT;
}

const struct ending *supervise(const struct sandbox_site *site, enum state_origin origin)
{
	static struct supervisor sup;
	int rc;

	sup.site = *site;
	rc = open_sources(&sup);
	if (rc < 0) {
		console_say("no event loop: %s", strerror(-rc));
		return ending_of(ENDING_REBOOT);
	}
	order_init(&sup.order, services, SERVICE_COUNT, slots, timers);
	take_up(&sup, origin);
	return loop(&sup);
}
