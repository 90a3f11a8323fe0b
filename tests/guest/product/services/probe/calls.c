/*
 * Verbs that make one system call with whatever arguments, in whatever way it
 * can be made: what a filter has to answer for.  The harness says which call
 * and what is right; this knows names and no meaning.
 */
#include "probe.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* No call that is asked for takes more than six arguments. */
#define ARGUMENTS 6

#define CALL(name) { #name, SYS_##name }

/* musl's names, where time_t was once of 32 bits; those of 64 are calls of their own. */
#ifdef SYS_clock_settime32
#define SYS_clock_settime SYS_clock_settime32
#define SYS_settimeofday SYS_settimeofday_time32
#endif

/* Only what has no verb of its own, or is asked for with odd arguments. */
static const struct call {
	const char *name;
	long number;
} calls[] = {
	CALL(acct), CALL(add_key), CALL(bpf), CALL(capset), CALL(clock_adjtime),
	CALL(clock_settime), CALL(clone3), CALL(delete_module), CALL(fanotify_init),
	CALL(finit_module), CALL(fsopen), CALL(init_module), CALL(io_uring_enter),
	CALL(io_uring_register), CALL(io_uring_setup), CALL(ioctl), CALL(kcmp),
	CALL(kexec_load), CALL(keyctl), CALL(lookup_dcookie), CALL(mlockall), CALL(mount_setattr),
	CALL(move_mount), CALL(move_pages), CALL(mq_open), CALL(mq_unlink), CALL(name_to_handle_at),
	CALL(nfsservctl), CALL(open_by_handle_at), CALL(open_tree), CALL(perf_event_open),
	CALL(personality), CALL(pidfd_getfd), CALL(pidfd_open), CALL(pivot_root), CALL(prctl),
	CALL(process_vm_readv), CALL(process_vm_writev), CALL(quotactl), CALL(request_key),
	CALL(sched_setscheduler), CALL(seccomp), CALL(setdomainname), CALL(setns),
	CALL(settimeofday), CALL(shmget), CALL(socket), CALL(socketpair), CALL(swapoff),
	CALL(swapon), CALL(syslog), CALL(unshare), CALL(userfaultfd), CALL(vhangup),
	CALL(vmsplice),
#ifdef SYS_iopl
	CALL(iopl), CALL(ioperm), CALL(modify_ldt),
#endif
#ifdef SYS_clock_settime64
	CALL(clock_settime64), CALL(clock_adjtime64),
#endif
#ifdef SYS_kexec_file_load
	CALL(kexec_file_load),
#endif
#ifdef SYS_uselib
	CALL(uselib), CALL(ustat), CALL(sysfs),
#endif
};

static void tell_result(int out, long rc)
{
	answer(out, rc);
	if (rc >= 0)
		dprintf(out, "value %ld\n", rc);
}

/* A number; =TEXT, its address; @NUMBER, the address of a page that begins
 * with that number and is zero from there on. */
static long argument(const char *word, size_t place)
{
	static uint64_t pages[ARGUMENTS][4096 / sizeof(uint64_t)];

	if (word[0] == '=')
		return (long)(word + 1);
	if (word[0] != '@')
		return (long)strtoull(word, NULL, 0);
	pages[place][0] = strtoull(word + 1, NULL, 0);
	return (long)pages[place];
}

static void try_call(int out, char **argv)
{
	long at[ARGUMENTS] = { 0 };
	size_t i;

	for (i = 0; i < ARGUMENTS && argv[i + 2]; i++)
		at[i] = argument(argv[i + 2], i);
	for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(calls[i].name, argv[1])) {
			tell_result(out, syscall(calls[i].number, at[0], at[1], at[2], at[3],
						 at[4], at[5]));
			return;
		}
	dprintf(out, "unknown call\n");
}

/* clone(2) as a fork with more flags; the child does nothing. */
static void try_clone(int out, char **argv)
{
	unsigned long flags = strtoul(argv[1], NULL, 0) | SIGCHLD;
	long pid = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	answer(out, pid);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, __WALL);
}

/* getpid(2), by another of the machine's ABIs. */
static void try_foreign(int out, char **argv)
{
	long rc = -1;

	errno = ENOSYS;
#ifdef __x86_64__
	if (!strcmp(argv[1], "i386")) {
		__asm__ volatile("int $0x80" : "=a"(rc) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
		if (rc < 0) {
			errno = (int)-rc;
			rc = -1;
		}
	} else if (!strcmp(argv[1], "x32")) {
		rc = syscall(0x40000000L | SYS_getpid);
	}
#endif
	(void)argv;
	answer(out, rc);
}

const struct verb system_calls[] = {
	{ "call", "NAME ARGUMENT…", 1, IN_CHILD, try_call },
	{ "clone", "FLAGS", 1, IN_CHILD, try_clone },
	{ "foreign", "ABI", 1, IN_CHILD, try_foreign },
	{ .name = NULL },
};
