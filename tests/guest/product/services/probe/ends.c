/*
 * Verbs about the service's main process: ways to end, and what it leaves
 * undone while it lives.  What is told of each is for PID 1 and its client.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static void end_exit(int out, char **argv)
{
	answer(out, 0);
	close(out);
	exit(atoi(argv[1]));
}

static void end_crash(int out, char **argv)
{
	(void)argv;
	answer(out, 0);
	close(out);
	signal(SIGSEGV, SIG_DFL);
	*(volatile int *)NULL = 0;
}

static void end_abort(int out, char **argv)
{
	(void)argv;
	answer(out, 0);
	close(out);
	abort();
}

/* Forbids itself mkdirat(2), on pain of death, and calls it. */
static void end_sigsys(int out, char **argv)
{
	static struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mkdirat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	(void)argv;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		answer(out, -1);
		return;
	}
	answer(out, 0);
	close(out);
	mkdirat(AT_FDCWD, "/forbidden", 0700);
}

static void heard(int signal_number)
{
	(void)signal_number;
}

/* From now on hears SIGTERM and goes on. */
static void end_stay(int out, char **argv)
{
	(void)argv;
	answer(out, signal(SIGTERM, heard) == SIG_ERR ? -1 : 0);
}

/* Children that end, and that it does not wait for any more. */
static void end_zombies(int out, char **argv)
{
	int i, n = atoi(argv[1]);
	pid_t pid = 0;

	signal(SIGCHLD, SIG_DFL);
	for (i = 0; i < n && pid >= 0; i++) {
		pid = fork();
		if (!pid)
			_exit(0);
	}
	answer(out, pid);
}

/* No more WATCHDOG=1. */
static void end_pings(int out, char **argv)
{
	struct itimerval never = { 0 };

	(void)argv;
	answer(out, setitimer(ITIMER_REAL, &never, NULL));
}

const struct verb ends[] = {
	{ "exit", "STATUS", 1, IN_MAIN, end_exit },
	{ "crash", "", 0, IN_MAIN, end_crash },
	{ "abort", "", 0, IN_MAIN, end_abort },
	{ "sigsys", "", 0, IN_MAIN, end_sigsys },
	{ "stay", "", 0, IN_MAIN, end_stay },
	{ "zombies", "COUNT", 1, IN_MAIN, end_zombies },
	{ "silence", "", 0, IN_MAIN, end_pings },
	{ .name = NULL },
};
