/*
 * System calls that musl lacks, or wraps with more than the call itself, as
 * typed functions that return -errno: inline where they pass on what they get.
 *
 * Sources: the manual page of each, and the kernel's headers named below.
 * The newest is mount_setattr(2), of Linux 5.12.
 */
#ifndef PITH_SYS_H
#define PITH_SYS_H

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* syscall(2), with up to six arguments of any type that fits into a long. */
#define SYS_INT(...) \
	SYS_PICK(__VA_ARGS__, SYS_6, SYS_5, SYS_4, SYS_3, SYS_2, SYS_1, SYS_0)(__VA_ARGS__)

#define SYS_PICK(number, a, b, c, d, e, f, with, ...) with
#define SYS_0(n)		sys_call0(n)
#define SYS_1(n, a)		sys_call1(n, (long)(a))
#define SYS_2(n, a, b)		sys_call2(n, (long)(a), (long)(b))
#define SYS_3(n, a, b, c)	sys_call3(n, (long)(a), (long)(b), (long)(c))
#define SYS_4(n, a, b, c, d)	sys_call4(n, (long)(a), (long)(b), (long)(c), (long)(d))
#define SYS_5(n, a, b, c, d, e) \
	sys_call5(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))
#define SYS_6(n, a, b, c, d, e, f) \
	sys_call6(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

int sys_call0(long number);
int sys_call1(long number, long a);
int sys_call2(long number, long a, long b);
int sys_call3(long number, long a, long b, long c);
int sys_call4(long number, long a, long b, long c, long d);
int sys_call5(long number, long a, long b, long c, long d, long e);
int sys_call6(long number, long a, long b, long c, long d, long e, long f);

/* Like fork(2) when args names no stack: returns 0 in the child. */
static inline pid_t sys_clone3(struct clone_args *args)
{
	return (pid_t)SYS_INT(SYS_clone3, args, sizeof(*args));
}

static inline int sys_setns(int fd, int type)
{
	return SYS_INT(SYS_setns, fd, type);
}

static inline int sys_unshare(int flags)
{
	return SYS_INT(SYS_unshare, flags);
}

static inline int sys_pidfd_send_signal(int pidfd, int signal)
{
	return SYS_INT(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t resolve);

union bpf_attr;		/* linux/bpf.h */

static inline int sys_bpf(int command, const union bpf_attr *attr, unsigned size)
{
	return SYS_INT(SYS_bpf, command, attr, size);
}

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return SYS_INT(SYS_close_range, first, last, flags);
}

static inline int sys_finit_module(int fd, const char *params, int flags)
{
	return SYS_INT(SYS_finit_module, fd, params, flags);
}

static inline int sys_mount(const char *source, const char *target, const char *type,
			    unsigned long flags, const char *data)
{
	return SYS_INT(SYS_mount, source, target, type, flags, data);
}

/* umount2(2) with MNT_DETACH, whose header clashes with linux/mount.h. */
static inline int sys_umount_detach(const char *target)
{
	return SYS_INT(SYS_umount2, target, 2);
}

static inline int sys_pivot_root(const char *new_root, const char *put_old)
{
	return SYS_INT(SYS_pivot_root, new_root, put_old);
}

static inline int sys_fsopen(const char *type)
{
	return SYS_INT(SYS_fsopen, type, FSOPEN_CLOEXEC);
}

static inline int sys_fsconfig(int fs, unsigned cmd, const char *key, const char *value)
{
	return SYS_INT(SYS_fsconfig, fs, cmd, key, value, 0);
}

static inline int sys_fsmount(int fs, unsigned attributes)
{
	return SYS_INT(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
}

static inline int sys_open_tree(int dir, const char *path, unsigned flags)
{
	return SYS_INT(SYS_open_tree, dir, path, flags | OPEN_TREE_CLOEXEC);
}

int sys_move_mount(int from, int to);

/* The path's last name may not be a symbolic link. */
int sys_move_mount_to(int from, const char *path);

/* Of a mount that is nowhere yet.  It becomes private as well: a copy of one that is
 * shared would take part in what happens to that, and let the board, and whoever has
 * another copy, see what is mounted on it. */
int sys_mount_setattr(int fd, uint64_t set);

/* Takes MOUNT_ATTR_RDONLY off again. */
int sys_mount_set_writable(int fd);

/* Owners are shown as the user namespace has them.  Of a mount that is nowhere yet. */
int sys_mount_idmap(int fd, int userns_fd);

/* musl's own would change every thread, and bring the means for that along. */
static inline int sys_setrlimit(int resource, const struct rlimit *limit)
{
	const uint64_t both[2] = { limit->rlim_cur, limit->rlim_max };

	return SYS_INT(SYS_prlimit64, 0, resource, both, NULL);
}

/* fork(2) without musl's handlers, and without PID 1's: no child may run those
 * of a crash. */
static inline pid_t sys_fork(void)
{
	struct clone_args args = { .flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD };

	return sys_clone3(&args);
}

/* musl's own change every thread; a child before exec has one. */
static inline int sys_setgroups0(void)
{
#ifdef SYS_setgroups32
	return SYS_INT(SYS_setgroups32, 0, NULL);
#else
	return SYS_INT(SYS_setgroups, 0, NULL);
#endif
}

static inline int sys_setresgid(gid_t gid)
{
#ifdef SYS_setresgid32
	return SYS_INT(SYS_setresgid32, gid, gid, gid);
#else
	return SYS_INT(SYS_setresgid, gid, gid, gid);
#endif
}

static inline int sys_setresuid(uid_t uid)
{
#ifdef SYS_setresuid32
	return SYS_INT(SYS_setresuid32, uid, uid, uid);
#else
	return SYS_INT(SYS_setresuid, uid, uid, uid);
#endif
}

/* permitted is also the effective set.  Bits that the kernel has no capability
 * for count for nothing. */
static inline int sys_capset(uint64_t permitted, uint64_t inheritable)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {
		{ (uint32_t)permitted, (uint32_t)permitted, (uint32_t)inheritable },
		{ (uint32_t)(permitted >> 32), (uint32_t)(permitted >> 32),
		  (uint32_t)(inheritable >> 32) },
	};

	return SYS_INT(SYS_capset, &header, sets);
}

#endif
