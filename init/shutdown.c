/*
 * Ends the system.  Whatever may hang here happens in a child with a
 * deadline; refuses to know of services.
 */
#include "shutdown.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "clock.h"
#include "console.h"
#include "disks.h"
#include "watchdog.h"

/* Between two looks at the hardware watchdog. */
#define SLICE_MS 250

/* Between two tries to get a process. */
#define RETRY_MS 20

/* The console's 8 KB at 115,200 baud take 0.7 s. */
#define CONSOLE_TIMEOUT_MS 1000

static void put_disks_away(void)
{
	uint64_t end = clock_now_ms() + DISKS_TIMEOUT_MS;
	struct pollfd child = { .events = POLLIN };
	int rc;

	/* What was just killed may still fill the process table. */
	while ((rc = disks_put_away(&child.fd)) < 0 && clock_now_ms() < end) {
		watchdog_feed(clock_now_ms());
		poll(NULL, 0, RETRY_MS);
	}
	if (rc < 0) {
		console_say("no process could write the disks back: %s", strerror(-rc));
		return;
	}
	/* The hardware watchdog bites if this hangs for longer than it may. */
	for (uint64_t now = clock_now_ms(); now < end; now = clock_now_ms()) {
		watchdog_feed(now);
		if (poll(&child, 1, SLICE_MS) > 0)
			return;
	}
	console_say("the disks did not take all data in time");
}

static void drain_console(void)
{
	uint64_t end = clock_now_ms() + CONSOLE_TIMEOUT_MS;

	while (console_waiting_fd() >= 0 && clock_now_ms() < end) {
		poll(&(struct pollfd){ .fd = console_waiting_fd(), .events = POLLOUT }, 1, 100);
		console_flush();
	}
}

_Noreturn void shutdown_finish(const struct ending *ending)
{
	kill(-1, SIGKILL);
	put_disks_away();
	console_say("%s", ending->doing);
	drain_console();
	reboot(ending->command);
	/* Not reached, unless the kernel cannot do it: a board without a way
	 * to power off halts instead. */
	reboot(RB_HALT_SYSTEM);
	for (;;)
		pause();
}
