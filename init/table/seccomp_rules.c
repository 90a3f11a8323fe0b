/*
 * What is refused by default.  A row is here for one of two reasons: the call
 * is for somebody who keeps a capability, and then that opens it; or it has
 * been the way into the kernel before, and ordinary services do without.
 *
 * Beyond what other runtimes' default profiles refuse, families of sockets and
 * protocols of netlink are those that a service was seen to need: each of the
 * others is a driver of its own that anybody could have run.
 *
 * Sources: capabilities(7) and the checks in the kernel; moby's default
 * profile; systemd's sets of calls and its nspawn.
 */
#include "seccomp_rules.h"

#include <asm-generic/ioctls.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/personality.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/socket.h>

#define CAP(name) (UINT64_C(1) << CAP_##name)
#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define ALL_BITS UINT32_MAX

/* CLONE_NEWTIME is among the bits of clone(2)'s signal and means something to
 * unshare(2) alone. */
#define NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
		    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

static const struct seccomp_case not_one[] = { { 0, SECCOMP_PASS, 0, NULL } };

#define NONE_OF(bits) { 0, (bits), not_one, COUNT(not_one), EPERM }

static const struct seccomp_look no_namespaces_of_clone = NONE_OF(NAMESPACES);
static const struct seccomp_look no_namespaces_of_unshare = NONE_OF(NAMESPACES | CLONE_NEWTIME);
static const struct seccomp_look no_user_namespace = NONE_OF(CLONE_NEWUSER);

/* Linux's ways, as 32-bit programs see uname(2), and the question which it is. */
static const struct seccomp_case personalities[] = {
	{ PER_LINUX, SECCOMP_PASS, 0, NULL },
	{ PER_LINUX32, SECCOMP_PASS, 0, NULL },
	{ UNAME26 | PER_LINUX, SECCOMP_PASS, 0, NULL },
	{ UNAME26 | PER_LINUX32, SECCOMP_PASS, 0, NULL },
	{ 0xffffffff, SECCOMP_PASS, 0, NULL },
};

static const struct seccomp_look harmless_personality = {
	0, ALL_BITS, personalities, COUNT(personalities), EPERM,
};

/* TIOCSTI types for whoever reads the terminal, TIOCLINUX pastes; TIOCSETD
 * runs the driver of any line discipline. */
static const struct seccomp_case terminal_requests[] = {
	{ TIOCSTI, EPERM, 0, NULL },
	{ 0x541c, EPERM, 0, NULL },	/* TIOCLINUX, of asm/ioctls.h on x86 alone */
	{ TIOCSETD, EPERM, CAP(NET_ADMIN) | CAP(SYS_TTY_CONFIG), NULL },
};

static const struct seccomp_look harmless_request = {
	1, ALL_BITS, terminal_requests, COUNT(terminal_requests), SECCOMP_PASS,
};

/* Of those that ask for CAP_NET_ADMIN, NETFILTER is the door to nf_tables. */
static const struct seccomp_case netlink_protocols[] = {
	{ NETLINK_ROUTE, SECCOMP_PASS, 0, NULL },
	{ NETLINK_USERSOCK, SECCOMP_PASS, 0, NULL },
	{ NETLINK_SOCK_DIAG, SECCOMP_PASS, 0, NULL },
	{ NETLINK_KOBJECT_UEVENT, SECCOMP_PASS, 0, NULL },
	{ NETLINK_GENERIC, SECCOMP_PASS, 0, NULL },
	{ NETLINK_NETFILTER, EPERM, CAP(NET_ADMIN), NULL },
	{ NETLINK_XFRM, EPERM, CAP(NET_ADMIN), NULL },
	{ NETLINK_AUDIT, EPROTONOSUPPORT, CAP(AUDIT_WRITE) | CAP(AUDIT_CONTROL) | CAP(AUDIT_READ),
	  NULL },
};

static const struct seccomp_look netlink_protocol = {
	2, ALL_BITS, netlink_protocols, COUNT(netlink_protocols), EPROTONOSUPPORT,
};

/* What is not named answers as a kernel that lacks it: programs that try what
 * there is take EPERM for a failure.  The board's own interfaces are where
 * NET=host is. */
static const struct seccomp_case families[] = {
	{ AF_UNIX, SECCOMP_PASS, 0, NULL },
	{ AF_INET, SECCOMP_PASS, 0, NULL },
	{ AF_INET6, SECCOMP_PASS, 0, NULL },
	{ AF_NETLINK, SECCOMP_PASS, 0, &netlink_protocol },
	{ AF_PACKET, EPERM, CAP(NET_RAW), NULL },
	{ AF_ALG, EPERM, 0, NULL },
	{ AF_VSOCK, EPERM, 0, NULL },
	{ AF_CAN, EAFNOSUPPORT, SECCOMP_NET_HOST, NULL },
	{ AF_BLUETOOTH, EAFNOSUPPORT, SECCOMP_NET_HOST, NULL },
	{ AF_IEEE802154, EAFNOSUPPORT, SECCOMP_NET_HOST, NULL },
	{ AF_QIPCRTR, EAFNOSUPPORT, SECCOMP_NET_HOST, NULL },
};

static const struct seccomp_look family = {
	0, ALL_BITS, families, COUNT(families), EAFNOSUPPORT,
};

/* A pair of any other family is made before it is refused. */
static const struct seccomp_case pair_families[] = {
	{ AF_UNIX, SECCOMP_PASS, 0, NULL },
	{ AF_ALG, EPERM, 0, NULL },
	{ AF_VSOCK, EPERM, 0, NULL },
};

static const struct seccomp_look pair_family = {
	0, ALL_BITS, pair_families, COUNT(pair_families), EAFNOSUPPORT,
};

#define REFUSED(call, opened_by) { #call, (opened_by), EPERM, NULL }
#define CHECKED(call, opened_by, check) { #call, (opened_by), 0, &(check) }

const struct seccomp_rule seccomp_rules[] = {
	/* Namespaces.  New user namespaces stay closed to CAP_SYS_ADMIN as well,
	 * which is not what they ask for.  The flags of clone3(2) lie in memory,
	 * where no filter sees them: without it libc takes clone(2). */
	CHECKED(clone, CAP(SYS_ADMIN), no_namespaces_of_clone),
	CHECKED(clone, 0, no_user_namespace),
	CHECKED(unshare, CAP(SYS_ADMIN), no_namespaces_of_unshare),
	CHECKED(unshare, 0, no_user_namespace),
	{ "clone3", 0, ENOSYS, NULL },
	REFUSED(setns, CAP(SYS_ADMIN)),

	/* The view */
	REFUSED(mount, CAP(SYS_ADMIN)),
	REFUSED(umount2, CAP(SYS_ADMIN)),
	REFUSED(pivot_root, CAP(SYS_ADMIN)),
	REFUSED(fsopen, CAP(SYS_ADMIN)),
	REFUSED(fsconfig, CAP(SYS_ADMIN)),
	REFUSED(fsmount, CAP(SYS_ADMIN)),
	REFUSED(fspick, CAP(SYS_ADMIN)),
	REFUSED(open_tree, CAP(SYS_ADMIN)),
	REFUSED(move_mount, CAP(SYS_ADMIN)),
	REFUSED(mount_setattr, CAP(SYS_ADMIN)),
	REFUSED(chroot, CAP(SYS_CHROOT)),
	REFUSED(open_by_handle_at, CAP(DAC_READ_SEARCH)),
	REFUSED(fanotify_init, CAP(SYS_ADMIN)),

	/* Parts of the kernel that have been the way in */
	REFUSED(bpf, CAP(SYS_ADMIN) | CAP(BPF)),
	REFUSED(perf_event_open, CAP(SYS_ADMIN) | CAP(PERFMON)),
	REFUSED(userfaultfd, CAP(SYS_PTRACE)),
	REFUSED(io_uring_setup, 0),
	REFUSED(io_uring_enter, 0),
	REFUSED(io_uring_register, 0),
	/* Keyrings belong to a user, not to a namespace. */
	REFUSED(add_key, 0),
	REFUSED(request_key, 0),
	REFUSED(keyctl, 0),
	REFUSED(modify_ldt, 0),
	CHECKED(socket, 0, family),
	CHECKED(socketpair, 0, pair_family),
	CHECKED(ioctl, 0, harmless_request),
	CHECKED(personality, 0, harmless_personality),

	/* Other processes.  Since 4.8 the kernel asks the filter again after a
	 * tracer has changed a call, but only debuggers trace. */
	REFUSED(ptrace, CAP(SYS_PTRACE)),
	REFUSED(process_vm_readv, CAP(SYS_PTRACE)),
	REFUSED(process_vm_writev, CAP(SYS_PTRACE)),
	REFUSED(kcmp, CAP(SYS_PTRACE)),
	REFUSED(pidfd_getfd, CAP(SYS_PTRACE)),
	REFUSED(process_madvise, CAP(SYS_PTRACE) | CAP(SYS_NICE)),

	/* The board */
	REFUSED(reboot, CAP(SYS_BOOT)),
	REFUSED(kexec_load, CAP(SYS_BOOT)),
	REFUSED(kexec_file_load, CAP(SYS_BOOT)),
	REFUSED(init_module, CAP(SYS_MODULE)),
	REFUSED(finit_module, CAP(SYS_MODULE)),
	REFUSED(delete_module, CAP(SYS_MODULE)),
	REFUSED(clock_settime, CAP(SYS_TIME)),
	REFUSED(clock_settime64, CAP(SYS_TIME)),
	REFUSED(clock_adjtime, CAP(SYS_TIME)),
	REFUSED(clock_adjtime64, CAP(SYS_TIME)),
	REFUSED(settimeofday, CAP(SYS_TIME)),
	REFUSED(adjtimex, CAP(SYS_TIME)),
	REFUSED(sethostname, CAP(SYS_ADMIN)),
	REFUSED(setdomainname, CAP(SYS_ADMIN)),
	REFUSED(swapon, CAP(SYS_ADMIN)),
	REFUSED(swapoff, CAP(SYS_ADMIN)),
	REFUSED(quotactl, CAP(SYS_ADMIN)),
	REFUSED(quotactl_fd, CAP(SYS_ADMIN)),
	REFUSED(acct, CAP(SYS_PACCT)),
	REFUSED(syslog, CAP(SYS_ADMIN) | CAP(SYSLOG)),
	REFUSED(vhangup, CAP(SYS_TTY_CONFIG)),
	REFUSED(iopl, CAP(SYS_RAWIO)),
	REFUSED(ioperm, CAP(SYS_RAWIO)),
	REFUSED(pciconfig_iobase, CAP(SYS_ADMIN)),
	REFUSED(pciconfig_read, CAP(SYS_ADMIN)),
	REFUSED(pciconfig_write, CAP(SYS_ADMIN)),

	/* Where memory lies */
	REFUSED(mbind, CAP(SYS_NICE)),
	REFUSED(get_mempolicy, CAP(SYS_NICE)),
	REFUSED(set_mempolicy, CAP(SYS_NICE)),
	REFUSED(set_mempolicy_home_node, CAP(SYS_NICE)),
	REFUSED(migrate_pages, CAP(SYS_NICE)),
	REFUSED(move_pages, CAP(SYS_NICE)),

	/* Obsolete; most kernels don't have them any more */
	REFUSED(uselib, 0),
	REFUSED(ustat, 0),
	REFUSED(sysfs, 0),
	REFUSED(_sysctl, 0),
	REFUSED(nfsservctl, 0),
	REFUSED(lookup_dcookie, CAP(SYS_ADMIN)),
};

const size_t seccomp_rule_count = COUNT(seccomp_rules);

const struct seccomp_rule *seccomp_rules_find(const char *call, uint64_t opened)
{
	for (size_t i = 0; i < COUNT(seccomp_rules); i++)
		if (!(seccomp_rules[i].opened_by & opened) && !strcmp(seccomp_rules[i].call, call))
			return &seccomp_rules[i];
	return NULL;
}

static bool is_among(const char *call, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i], call))
			return true;
	return false;
}

/* The rest of the recipe, down to the program; what ends a process or a signal's
 * handler; what a call becomes that SIGCONT or a thawed cgroup lets go on, which
 * no run that one learns from shows; and what arm's libc cannot start without. */
bool seccomp_rules_is_basic(const char *call)
{
	static const char *const basic[] = {
		"write", "execve", "exit", "exit_group", "rt_sigreturn", "sigreturn",
		"restart_syscall", "set_tls",
	};

	return is_among(call, basic, COUNT(basic));
}

/* Of ../reaper.c, and of musl's start of the program that it is a part of; some
 * under the other names that musl takes on arm. */
bool seccomp_rules_is_reapers(const char *call)
{
	static const char *const reapers[] = {
		"execveat", "arch_prctl", "set_tid_address", "prctl", "rt_sigprocmask", "fcntl",
		"fcntl64", "close", "close_range", "clone", "setsid", "wait4", "rt_sigtimedwait",
		"rt_sigtimedwait_time64", "kill",
	};

	return is_among(call, reapers, COUNT(reapers));
}
