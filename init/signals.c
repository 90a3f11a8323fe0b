/*
 * Decides which signals wait to be read.  Refuses to know what they mean.
 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's set: 64 signals on every architecture pith knows. */
#define KERNEL_SIGSET_SIZE 8

/* Larger than the kernel's struct sigaction everywhere; zeros are SIG_DFL. */
#define KERNEL_SIGACTION_ROOM 64

static void blocked_set(sigset_t *set)
{
	static const int faults[] = {
		SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS,
	};

	sigfillset(set);
	for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		sigdelset(set, faults[i]);
}

void signals_block(void)
{
	static const uint8_t plain[KERNEL_SIGACTION_ROOM];
	sigset_t set;

	blocked_set(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	/* Handlers do not survive an exec, but ignored signals do.  musl keeps
	 * three signals to itself, hence the bare call. */
	for (int signal = 1; signal <= 8 * KERNEL_SIGSET_SIZE; signal++)
		syscall(SYS_rt_sigaction, signal, plain, NULL, KERNEL_SIGSET_SIZE);
}

int signals_open(void)
{
	sigset_t set;
	int fd;

	blocked_set(&set);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}
