/*
 * Ends the system.  Whatever may hang here happens in a child with a
 * deadline; refuses to know of services.
 */
#include "shutdown.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/reboot.h>

#include "clock.h"
#include "console.h"
#include "sys.h"

/* A dirty disk is written back in this time, or it is not going to be. */
#define SYNC_TIMEOUT_MS 10000

/* The console's 8 KB at 115,200 baud take 0.7 s. */
#define CONSOLE_TIMEOUT_MS 1000

static void sync_in_child(void)
{
	int pidfd = 0;
	struct clone_args args = {
		.flags = CLONE_PIDFD, .exit_signal = SIGCHLD, .pidfd = (uintptr_t)&pidfd,
	};
	pid_t pid = sys_clone3(&args);

	if (pid == 0) {
		sync();
		_exit(0);
	}
	if (pid < 0)
		console_say("no process could write the disks back: %s", strerror(-pid));
	else if (poll(&(struct pollfd){ .fd = pidfd, .events = POLLIN }, 1,
			 SYNC_TIMEOUT_MS) == 0)
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
	sync_in_child();
	console_say("%s", ending->doing);
	drain_console();
	reboot(ending->command);
	/* Not reached, unless the kernel cannot do it: a board without a way
	 * to power off halts instead. */
	reboot(RB_HALT_SYSTEM);
	for (;;)
		pause();
}
