/*
 * Runs a command with a service's confinement.  Two straight recipes: what
 * fails is reported, and the process ends.  Refuses to know who asked for it.
 */
#include "exec_command.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "child.h"
#include "exec_args.h"
#include "sys.h"

/* --- The command ------------------------------------------------------------- */

/* 0 if it may be a program, or -errno. */
static int look_at(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH) ? 0 : -EACCES;
}

/* As execvp(3) does: the first that can be executed; and if there is none, a
 * file that cannot be is the better reason. */
static const char *find_program(const struct exec_command *c)
{
	static char found[EXEC_PATH_SIZE];
	struct text t = TEXT_ON(found);
	const char *path = c->path;
	int rc, reason = -ENOENT;

	if (strchr(c->argv[0], '/'))
		return c->argv[0];
	while (exec_next_candidate(&path, c->argv[0], &t)) {
		rc = look_at(found);
		if (rc == 0)
			return found;
		if (rc == -EACCES)
			reason = rc;
	}
	must(&c->recipe, STAGE_EXEC, reason);
	return NULL;
}

/* CLONE_CLEAR_SIGHAND leaves what the client's parent ignored, as nohup(1) and
 * shells do.  Zeros are SIG_DFL in each architecture's struct; the largest has
 * 32 bytes. */
static void reset_signals(void)
{
	static const uint64_t by_default[4];

	for (int signal = 1; signal < _NSIG; signal++)
		syscall(SYS_rt_sigaction, signal, by_default, NULL, sizeof(uint64_t));
}

static void set_session(const struct exec_command *c)
{
	const struct recipe *r = &c->recipe;

	must(r, STAGE_SESSION, SYS_INT(SYS_setsid));
	if (c->terminal >= 0)
		must(r, STAGE_SESSION, SYS_INT(SYS_ioctl, c->terminal, TIOCSCTTY, 0));
	for (int fd = 0; fd < 3; fd++)
		must(r, STAGE_STREAMS, SYS_INT(SYS_dup3, c->stream[fd], fd, 0));
}

/* Not by CLONE_INTO_CGROUP: a kernel that takes the wrong group's count of
 * kills (6.18 does) kills every child that is cloned into a cgroup which was
 * killed before.  And so an operator also gets into a service that has as many
 * processes as PIDS_MAX allows. */
static void enter_cgroup(const struct exec_command *c)
{
	must(&c->recipe, STAGE_JOIN, SYS_INT(SYS_write, c->cgroup_fd, "0", 1));
}

static _Noreturn void become_command(const struct exec_command *c)
{
	const struct recipe *r = &c->recipe;

	child_set_limits(r);
	enter_cgroup(c);
	must(r, STAGE_JOIN, sys_setns(c->target->pidfd, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS |
				      CLONE_NEWIPC | CLONE_NEWCGROUP));
	if (c->toolbox)
		toolbox_enter(c->toolbox, r);
	c->argv[0] = find_program(c);
	set_session(c);
	reset_signals();
	child_finish(r, c->argv, c->envp);
}

/* --- The guard ----------------------------------------------------------------- */

enum {
	GUARD_LIFELINE,
	GUARD_PIDFD,
	GUARD_FILES,	/* that are waited for */
	GUARD_REPORT = GUARD_FILES,
};

/* All of its process group; itself, as long as it has not made one. */
static void signal_command(pid_t pid, int signal)
{
	if (kill(-pid, signal) < 0)
		kill(pid, signal);
}

static int status_of(pid_t pid)
{
	int status;
	uint8_t signal;

	if (waitpid(pid, &status, 0) < 0)
		return RECIPE_EXIT;
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status);
	signal = (uint8_t)WTERMSIG(status);
	/* A program may exit with such a status as well. */
	if (write(GUARD_REPORT, &signal, 1) < 0)
		return RECIPE_EXIT;
	return 128 + signal;
}

static _Noreturn void watch_command(pid_t pid)
{
	struct pollfd p[GUARD_FILES] = {
		[GUARD_LIFELINE] = { .fd = GUARD_LIFELINE, .events = POLLIN },
		[GUARD_PIDFD] = { .fd = GUARD_PIDFD, .events = POLLIN },
	};
	uint8_t signal;

	for (;;) {
		poll(p, GUARD_FILES, -1);
		if (p[GUARD_PIDFD].revents)
			_exit(status_of(pid));
		if (!p[GUARD_LIFELINE].revents)
			continue;
		if (read(GUARD_LIFELINE, &signal, 1) == 1) {
			signal_command(pid, signal);
		} else {	/* the client is gone */
			signal_command(pid, SIGKILL);
			p[GUARD_LIFELINE].fd = -1;
		}
	}
}

static void block_signals(const struct recipe *r)
{
	const uint64_t all = ~UINT64_C(0);

	must(r, STAGE_SIGNALS, SYS_INT(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all)));
}

static _Noreturn void become_guard(const struct exec_command *c)
{
	const struct recipe *r = &c->recipe;
	int pidfd = -1;
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
		.pidfd = (uintptr_t)&pidfd,
	};
	pid_t pid;

	block_signals(r);
	must(r, STAGE_SESSION, SYS_INT(SYS_setsid));
	close(c->lifeline[1]);
	/* Holds for children only: the guard stays outside. */
	must(r, STAGE_JOIN, sys_setns(c->target->pidfd, CLONE_NEWPID));
	pid = must(r, STAGE_CLONE, sys_clone3(&args));
	if (pid == 0)
		become_command(c);
	must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, c->lifeline[0], GUARD_LIFELINE, 0));
	must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, pidfd, GUARD_PIDFD, 0));
	must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, r->report_fd, GUARD_REPORT, 0));
	must(r, STAGE_CLOSE, sys_close_range(GUARD_REPORT + 1, ~0u, 0));
	watch_command(pid);
}

pid_t exec_command_clone(const struct exec_command *c, int *pidfd)
{
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
		.exit_signal = SIGCHLD,
		.pidfd = (uintptr_t)pidfd,
	};
	pid_t pid = sys_clone3(&args);

	if (pid == 0)
		become_guard(c);
	return pid;
}
