/*
 * What a filter has to say of each call, told once more and in another way than
 * the host tool does: by lists of names, and by what the kernel's arguments
 * mean.  Tests hold the programs against it.
 */
#ifndef TESTS_UNIT_FILTER_FACTS_H
#define TESTS_UNIT_FILTER_FACTS_H

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "init/table/seccomp_rules.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)
#define ANSWERS(error) (SECCOMP_RET_ERRNO | (error))

/* What each of them opens; what nothing opens is with 0. */
static const struct {
	uint64_t by;
	const char *calls;
} opened[] = {
	{ 0, " io_uring_setup io_uring_enter io_uring_register add_key request_key keyctl "
	     "modify_ldt uselib ustat sysfs _sysctl nfsservctl " },
	{ CAP(SYS_ADMIN), " setns mount umount2 pivot_root fsopen fsconfig fsmount fspick "
			  "open_tree move_mount mount_setattr fanotify_init bpf perf_event_open "
			  "sethostname setdomainname swapon swapoff quotactl quotactl_fd syslog "
			  "lookup_dcookie pciconfig_iobase pciconfig_read pciconfig_write " },
	{ CAP(SYS_CHROOT), " chroot " },
	{ CAP(DAC_READ_SEARCH), " open_by_handle_at " },
	{ CAP(BPF), " bpf " },
	{ CAP(PERFMON), " perf_event_open " },
	{ CAP(SYSLOG), " syslog " },
	{ CAP(SYS_PTRACE), " ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd "
			   "process_madvise userfaultfd " },
	{ CAP(SYS_NICE), " process_madvise mbind get_mempolicy set_mempolicy "
			 "set_mempolicy_home_node migrate_pages move_pages " },
	{ CAP(SYS_BOOT), " reboot kexec_load kexec_file_load " },
	{ CAP(SYS_MODULE), " init_module finit_module delete_module " },
	{ CAP(SYS_TIME), " clock_settime clock_settime64 clock_adjtime clock_adjtime64 "
			 "settimeofday adjtimex " },
	{ CAP(SYS_PACCT), " acct " },
	{ CAP(SYS_RAWIO), " iopl ioperm " },
	{ CAP(SYS_TTY_CONFIG), " vhangup " },
	/* By their arguments alone */
	{ CAP(NET_ADMIN), " " },
	{ CAP(NET_RAW), " " },
	{ CAP(AUDIT_WRITE), " " },
	{ SECCOMP_NET_HOST, " " },
};

#define OPENED_COUNT (sizeof(opened) / sizeof(opened[0]))

static inline bool facts_has_word(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += length)
		if (at[-1] == ' ' && at[length] == ' ')
			return true;
	return false;
}

static inline uint32_t facts_of_netlink(uint32_t protocol, uint64_t kept)
{
	switch (protocol) {
	case 0: case 2: case 4: case 15: case 16:
		return SECCOMP_RET_ALLOW;
	case 6: case 12:
		return kept & CAP(NET_ADMIN) ? SECCOMP_RET_ALLOW : ANSWERS(EPERM);
	case 9:
		if (kept & (CAP(AUDIT_WRITE) | CAP(AUDIT_CONTROL) | CAP(AUDIT_READ)))
			return SECCOMP_RET_ALLOW;
	}
	return ANSWERS(EPROTONOSUPPORT);
}

static inline uint32_t facts_of_socket(uint32_t family, uint32_t protocol, uint64_t kept)
{
	switch (family) {
	case 1: case 2: case 10:
		return SECCOMP_RET_ALLOW;
	case 16:
		return facts_of_netlink(protocol, kept);
	case 17:
		return kept & CAP(NET_RAW) ? SECCOMP_RET_ALLOW : ANSWERS(EPERM);
	case 38: case 40:
		return ANSWERS(EPERM);
	case 29: case 31: case 36: case 42:
		if (kept & SECCOMP_NET_HOST)
			return SECCOMP_RET_ALLOW;
	}
	return ANSWERS(EAFNOSUPPORT);
}

static inline uint32_t facts_of_ioctl(uint32_t request, uint64_t kept)
{
	if (request == 0x5412 || request == 0x541c ||
	    (request == 0x5423 && !(kept & (CAP(NET_ADMIN) | CAP(SYS_TTY_CONFIG)))))
		return ANSWERS(EPERM);
	return SECCOMP_RET_ALLOW;
}

/* Bits of sched.h: user 0x10000000; mount 0x20000, cgroup 0x2000000, UTS
 * 0x4000000, IPC 0x8000000, PID 0x20000000, network 0x40000000, time 0x80. */
static inline uint32_t facts_of_flags(uint32_t flags, uint32_t also, uint64_t kept)
{
	uint32_t refused = 0x10000000;

	if (!(kept & CAP(SYS_ADMIN)))
		refused |= 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x20000000 | 0x40000000 |
			   also;
	return flags & refused ? ANSWERS(EPERM) : SECCOMP_RET_ALLOW;
}

/* True, and what is said of the call, if its arguments decide. */
static inline bool facts_by_arguments(const char *call, const uint64_t *args, uint64_t kept,
				      uint32_t *action)
{
	uint32_t first = (uint32_t)args[0];

	if (!strcmp(call, "clone"))
		*action = facts_of_flags(first, 0, kept);
	else if (!strcmp(call, "unshare"))
		*action = facts_of_flags(first, 0x80, kept);
	else if (!strcmp(call, "socket"))
		*action = facts_of_socket(first, (uint32_t)args[2], kept);
	else if (!strcmp(call, "socketpair"))
		*action = first == 1 ? SECCOMP_RET_ALLOW :
			  ANSWERS(first == 38 || first == 40 ? EPERM : EAFNOSUPPORT);
	else if (!strcmp(call, "ioctl"))
		*action = facts_of_ioctl((uint32_t)args[1], kept);
	else if (!strcmp(call, "personality"))
		*action = first == 0 || first == 8 || first == 0x20000 || first == 0x20008 ||
			  first == UINT32_MAX ? SECCOMP_RET_ALLOW : ANSWERS(EPERM);
	else
		return false;
	return true;
}

/* What the default filter says. */
static inline uint32_t facts_by_default(const char *call, const uint64_t *args, uint64_t kept)
{
	uint32_t action = SECCOMP_RET_ALLOW;

	if (!strcmp(call, "clone3"))
		return ANSWERS(ENOSYS);
	if (facts_by_arguments(call, args, kept, &action))
		return action;
	for (size_t i = 0; i < OPENED_COUNT; i++)
		if (facts_has_word(opened[i].calls, call)) {
			action = ANSWERS(EPERM);
			if (opened[i].by & kept)
				return SECCOMP_RET_ALLOW;
		}
	return action;
}

/* A strict filter: what it lists, beside what is always listed. */
struct facts_list {
	const char *calls;
	bool logs, reaper;
};

static inline bool facts_is_listed(const struct facts_list *list, const char *call)
{
	return facts_has_word(list->calls, call) ||
	       facts_has_word(" write execve exit exit_group rt_sigreturn sigreturn "
			      "restart_syscall set_tls ", call) ||
	       (list->reaper &&
		facts_has_word(" execveat arch_prctl set_tid_address prctl rt_sigprocmask fcntl "
			       "fcntl64 close close_range clone setsid wait4 rt_sigtimedwait "
			       "rt_sigtimedwait_time64 kill ", call));
}

/* What a strict filter says. */
static inline uint32_t facts_by_list(const struct facts_list *list, const char *call,
				     const uint64_t *args, uint64_t kept)
{
	uint32_t action = facts_by_default(call, args, kept), ignored;

	if (facts_is_listed(list, call))
		return facts_by_arguments(call, args, kept, &ignored) ? action : SECCOMP_RET_ALLOW;
	if (list->logs)
		return action == SECCOMP_RET_ALLOW ? SECCOMP_RET_LOG : action;
	/* arm's own calls are above all others: they count as too new. */
	if (!strcmp(call, "clone3") ||
	    facts_has_word(" breakpoint cacheflush usr26 usr32 get_tls ", call))
		return ANSWERS(ENOSYS);
	return ANSWERS(EPERM);
}

#endif
