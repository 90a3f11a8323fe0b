/*
 * C's functions for system calls, as thin as they can be: the linker takes these, and
 * leaves musl's out.  Those know what to do on kernels of twenty years ago, on fds that
 * were opened by O_PATH, and with threads; here the kernel is 5.15 or later, and there
 * is one thread.  The time is asked of the kernel and not of its vDSO, which nobody here
 * does often enough to notice.
 *
 * On a 32-bit board struct stat is filled in but for its times, for which nobody asks.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define KERNEL_SIGSET_SIZE 8

/* What takes 64 bits on a 32-bit board has another name there. */
#ifdef SYS_fcntl64
#define CALL_FCNTL	SYS_fcntl64
#define CALL_FSTAT	SYS_fstat64
#define CALL_FSTATAT	SYS_fstatat64
#define CALL_FCHOWN	SYS_fchown32
#define CALL_GETTIME	SYS_clock_gettime64
#else
#define CALL_FCNTL	SYS_fcntl
#define CALL_FSTAT	SYS_fstat
#define CALL_FSTATAT	SYS_newfstatat
#define CALL_FCHOWN	SYS_fchown
#define CALL_GETTIME	SYS_clock_gettime
#endif

/* The one argument of any type that may follow. */
#define LAST_ARGUMENT(to, after) \
	va_list args; \
	va_start(args, after); \
	(to) = va_arg(args, unsigned long); \
	va_end(args)

int open(const char *path, int flags, ...)
{
	unsigned long mode = 0;

	if (flags & O_CREAT) {
		LAST_ARGUMENT(mode, flags);
	}
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_LARGEFILE, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	unsigned long mode = 0;

	if (flags & O_CREAT) {
		LAST_ARGUMENT(mode, flags);
	}
	return (int)syscall(SYS_openat, dir, path, flags | O_LARGEFILE, mode);
}

int fcntl(int fd, int command, ...)
{
	unsigned long argument;

	LAST_ARGUMENT(argument, command);
	return (int)syscall(CALL_FCNTL, fd, command, argument);
}

int ioctl(int fd, int request, ...)
{
	unsigned long argument;

	LAST_ARGUMENT(argument, request);
	return (int)syscall(SYS_ioctl, fd, request, argument);
}

int prctl(int option, ...)
{
	unsigned long a[4];
	va_list args;

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(args, unsigned long);
	va_end(args);
	return (int)syscall(SYS_prctl, option, a[0], a[1], a[2], a[3]);
}

int fstat(int fd, struct stat *st)
{
	return (int)syscall(CALL_FSTAT, fd, st);
}

int fstatat(int dir, const char *restrict path, struct stat *restrict st, int flags)
{
	return (int)syscall(CALL_FSTATAT, dir, path, st, flags);
}

int fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)syscall(CALL_FCHOWN, fd, uid, gid);
}

int pipe2(int fds[2], int flags)
{
	return (int)syscall(SYS_pipe2, fds, flags);
}

int socket(int family, int type, int protocol)
{
	return (int)syscall(SYS_socket, family, type, protocol);
}

int socketpair(int family, int type, int protocol, int fds[2])
{
	return (int)syscall(SYS_socketpair, family, type, protocol, fds);
}

int signalfd(int fd, const sigset_t *set, int flags)
{
	return (int)syscall(SYS_signalfd4, fd, set, KERNEL_SIGSET_SIZE, flags);
}

int epoll_create1(int flags)
{
	return (int)syscall(SYS_epoll_create1, flags);
}

int epoll_ctl(int epoll_fd, int how, int fd, struct epoll_event *event)
{
	return (int)syscall(SYS_epoll_ctl, epoll_fd, how, fd, event);
}

int epoll_wait(int epoll_fd, struct epoll_event *events, int count, int timeout_ms)
{
	return (int)syscall(SYS_epoll_pwait, epoll_fd, events, count, timeout_ms, NULL,
			    KERNEL_SIGSET_SIZE);
}

int getrlimit(int resource, struct rlimit *limit)
{
	return (int)syscall(SYS_prlimit64, 0, resource, NULL, limit);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	return (int)syscall(CALL_GETTIME, clock, now);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset)
{
#ifdef SYS_mmap2
	return (void *)syscall(SYS_mmap2, at, length, protection, flags, fd, (long)(offset >> 12));
#else
	return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
#endif
}
