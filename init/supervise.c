/*
 * The one place in which PID 1 waits.  Refuses to know what a service needs
 * to start (run.h) and what follows from what (order.h).
 */
#include "supervise.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "clock.h"
#include "console.h"
#include "log.h"
#include "run.h"
#include "shell.h"
#include "signals.h"
#include "table.h"
#include "watch.h"

/* Events of one turn; what is left comes with the next. */
#define EVENTS_MAX 32

/* Orphans reaped in one turn, so that a hundred thousand of them don't keep
 * a service waiting. */
#define REAPS_MAX 64

/* After the shutdown's deadline everything is killed; this long the loop
 * waits for the kernel to bury it. */
#define LAST_GRACE_MS 1000

static struct order_slot slots[SERVICE_SLOTS];
static struct timers_slot timers[SERVICE_SLOTS];

/* The signals of BusyBox's reboot, poweroff and halt, and ctrl-alt-del. */
static const struct {
	int signal;
	struct ending ending;
} endings[] = {
	{ SIGTERM, { RB_AUTOBOOT, "rebooting" } },
	{ SIGINT, { RB_AUTOBOOT, "rebooting" } },
	{ SIGUSR2, { RB_POWER_OFF, "powering off" } },
	{ SIGUSR1, { RB_HALT_SYSTEM, "halting" } },
};

/* How the shutdown stands; all zero while the system runs. */
struct shutdown {
	const struct ending *ending;
	uint64_t deadline_ms;
	bool killed;	/* the deadline has passed once */
};

static void carry_out(struct supervisor *sup)
{
	enum step_action action;
	uint16_t id;

	while (order_next(&sup->order, &id, &action))
		run_act(sup, id, action);
}

/* SIGCHLD coalesces: reaps until there is none, or this turn's share is
 * done.  True if there may be more. */
static bool reap(struct supervisor *sup)
{
	for (int i = 0; i < REAPS_MAX; i++) {
		siginfo_t info = { 0 };

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0 || !info.si_pid)
			return false;
		if (!run_reaped(sup, &info))
			shell_reaped(info.si_pid, clock_now_ms());
		carry_out(sup);
	}
	return true;
}

static void begin_shutdown(struct supervisor *sup, struct shutdown *down,
			   const struct ending *ending, uint64_t now_ms)
{
	if (down->ending)
		return;
	down->ending = ending;
	down->deadline_ms = now_ms + board.shutdown_timeout_ms;
	console_say("stopping %u services, then %s", sup->order.running, ending->doing);
	order_stop_all(&sup->order, now_ms);
	carry_out(sup);
}

/* True once nothing is left to wait for. */
static bool shutdown_over(struct supervisor *sup, struct shutdown *down, uint64_t now_ms)
{
	if (!down->ending)
		return false;
	if (order_at_rest(&sup->order))
		return true;
	if (now_ms < down->deadline_ms)
		return false;
	if (down->killed)
		return true;
	console_say("%u services did not stop in time: killing them", sup->order.running);
	cgroup_kill(sup->site.cgroup_fd);
	down->killed = true;
	down->deadline_ms = now_ms + LAST_GRACE_MS;
	return false;
}

/* True if there may be more children to reap. */
static bool take_signals(struct supervisor *sup, int fd, struct shutdown *down)
{
	struct signalfd_siginfo info;
	bool more = false;

	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			more = true;
		for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
			if (info.ssi_signo == (unsigned)endings[i].signal)
				begin_shutdown(sup, down, &endings[i].ending, clock_now_ms());
	}
	return more;
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

static void sooner(uint64_t *deadline, uint64_t other)
{
	if (other && (!*deadline || other < *deadline))
		*deadline = other;
}

/* Milliseconds until the next deadline, as epoll_wait(2) takes them. */
static int time_to_wait(const struct supervisor *sup, const struct shutdown *down)
{
	uint64_t deadline = order_deadline(&sup->order);
	uint64_t now = clock_now_ms();

	sooner(&deadline, down->ending ? down->deadline_ms : shell_deadline());
	if (!deadline)
		return -1;
	if (deadline <= now)
		return 0;
	return deadline - now < INT32_MAX ? (int)(deadline - now) : INT32_MAX;
}

static void dispatch(struct supervisor *sup, const struct epoll_event *e)
{
	uint16_t id = watch_id(e->data.u64);

	switch (watch_source(e->data.u64)) {
	case SOURCE_STATUS:
		run_status_ready(sup, id);
		break;
	case SOURCE_LOG:
		run_log_ready(id);
		break;
	case SOURCE_CGROUP:
		run_cgroup_changed(sup, id);
		break;
	case SOURCE_CONSOLE:
	case SOURCE_SIGNAL:
		break;	/* looked at in every turn */
	}
	carry_out(sup);
}

static const struct ending *loop(struct supervisor *sup, int signals)
{
	struct shutdown down = { 0 };
	struct epoll_event events[EVENTS_MAX];
	bool reaping = true;	/* another program's children, if it exec'd us */

	for (;;) {
		uint64_t now;
		int n;

		console_flush();
		watch_console(sup);
		n = epoll_wait(sup->epoll_fd, events, EVENTS_MAX,
			       reaping ? 0 : time_to_wait(sup, &down));
		for (int i = 0; i < n; i++)
			dispatch(sup, &events[i]);
		if (take_signals(sup, signals, &down) || reaping)
			reaping = reap(sup);
		now = clock_now_ms();
		order_expire(&sup->order, now);
		carry_out(sup);
		if (shutdown_over(sup, &down, now))
			return down.ending;
		if (!down.ending)
			shell_tick(now);
	}
}

const struct ending *supervise(const struct sandbox_site *site)
{
	struct supervisor sup = { .site = *site };
	int signals = signals_open(), rc = signals;

	sup.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (sup.epoll_fd < 0)
		rc = -errno;
	if (rc >= 0)
		rc = watch_add(sup.epoll_fd, signals, SOURCE_SIGNAL, 0, EPOLLIN);
	if (rc < 0) {
		console_say("no event loop: %s", strerror(-rc));
		return &endings[0].ending;
	}
	log_init();
	order_init(&sup.order, services, SERVICE_COUNT, slots, timers);
	order_start_all(&sup.order, clock_now_ms());
	carry_out(&sup);
	return loop(&sup, signals);
}
