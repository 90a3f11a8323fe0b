/*
 * Failures, times and children of the floor.
 */
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <time.h>
#include <unistd.h>

#include "sys.h"

struct floor_shared *floor_shared;

uint64_t floor_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void floor_mark(const char *step)
{
	struct floor_shared *s = floor_shared;

	if (s->marks && s->count < FLOOR_STEPS_MAX)
		s->steps[s->count++] = (struct floor_step){ step, floor_now() };
}

_Noreturn void floor_end(int status)
{
	fflush(stdout);
	if (getpid() == 1)
		reboot(RB_POWER_OFF);
	_exit(status);
}

static _Noreturn void fail(const char *step, int error)
{
	printf("{\"error\": \"floor: %s: %s\"}\n", step, strerror(-error));
	floor_end(1);
}

int floor_must(const char *step, int rc)
{
	if (rc >= 0)
		return rc;
	if (!floor_shared || !floor_shared->in_child)
		fail(step, rc);
	floor_shared->failed = step;
	floor_shared->error = rc;
	_exit(1);
}

/* By openat(2): for open(2) musl asks for close-on-exec a second time. */
void floor_write(const char *path, const char *text)
{
	int fd = floor_must(path, SYS_INT(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC));

	floor_must(path, write(fd, text, strlen(text)) < 0 ? -errno : 0);
	close(fd);
}

void floor_check(void)
{
	if (floor_shared->failed)
		fail(floor_shared->failed, floor_shared->error);
}

/* The child goes on in this very frame, on its parent's stack: so the call is no
 * function's that it would return from, and the child never returns from here.  What
 * it changes by arg the parent sees: the compiler is told so by naming it. */
static __attribute__((noinline)) long clone_shared(struct clone_args *args,
						   void (*child)(void *arg), void *arg)
{
	long rc;

#if defined(__x86_64__)
	__asm__ volatile ("syscall" : "=a" (rc)
			  : "0" ((long)SYS_clone3), "D" (args), "S" (sizeof(*args)), "r" (arg)
			  : "rcx", "r11", "memory");
#elif defined(__aarch64__)
	register long number __asm__("x8") = SYS_clone3;
	register long first __asm__("x0") = (long)args;
	register long second __asm__("x1") = (long)sizeof(*args);

	__asm__ volatile ("svc 0" : "+r" (first)
			  : "r" (number), "r" (second), "r" (arg)
			  : "memory", "cc");
	rc = first;
#else
#error "a child that shares the memory is made by assembly, which is not written for this architecture"
#endif
	if (rc == 0) {
		child(arg);
		_exit(1);
	}
	return rc;
}

pid_t floor_clone(struct clone_args *args, bool copies, void (*child)(void *arg), void *arg)
{
	pid_t pid;

	args->exit_signal = 17;		/* SIGCHLD */
	if (!copies)
		args->flags |= CLONE_VM | CLONE_VFORK;
	floor_shared->in_child = true;
	pid = (pid_t)clone_shared(args, child, arg);
	floor_shared->in_child = false;
	return floor_must("clone3", pid);
}
