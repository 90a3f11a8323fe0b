/*
 * Keeps the children that PID 1 runs for itself running.  Refuses to know what
 * they do.  They are no services: they have no confinement.
 */
#include "helper.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "config.h"
#include "console.h"
#include "paths.h"
#include "procfile.h"
#include "rlimits.h"
#include "service.h"
#include "sys.h"

#define AGAIN_MS 1000

/* As the kernel gives it to the first process. */
#define FILES_MAX 4096

/* What PID 1 has for itself alone is put back, as for any child. */
static void reset(int stream)
{
	sigset_t none;

	procfile_write("/proc/self/oom_score_adj", "0");
	rlimits_reset(FILES_MAX);
	dup2(stream, 0);
	dup2(stream, 1);
	dup2(stream, 2);
	sys_close_range(3, ~0u, 0);
	rlimits_set_files(FILES_MAX);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* On the console.  A product that ships has none. */
static _Noreturn void become_shell(void)
{
	static const char *const argv[] = { "sh", "-i", NULL };
	static const char *const envp[] = {
		"PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/", "TERM=linux",
		"PS1=pith# ", NULL,
	};
	int tty;

	setsid();
	tty = open(PATH_CONSOLE, O_RDWR | O_NOCTTY);
	if (tty < 0)
		_exit(1);
	ioctl(tty, TIOCSCTTY, 0);
	reset(tty);
	execve(PATH_SHELL, (char *const *)argv, (char *const *)envp);
	_exit(127);
}

/* This very binary as a client, which may wait for a disk.  It has little to
 * say, and what it has goes where a person may see it. */
static _Noreturn void become_writer(void)
{
	static const char *const argv[] = { "pith", "write-logs", NULL };
	static const char *const envp[] = { NULL };
	int tty;

	setsid();
	tty = open(PATH_CONSOLE, O_WRONLY | O_NOCTTY);
	if (tty < 0)
		tty = open(PATH_NULL, O_RDWR);
	reset(tty);
	execve(PATH_SELF, (char *const *)argv, (char *const *)envp);
	_exit(127);
}

static bool shell_wanted(void)
{
	return IS_ENABLED(CONFIG_DEBUG_SHELL);
}

static bool writer_wanted(void)
{
	return board.log_kmsg || board.log_file;
}

static const struct helper {
	const char *name;
	bool (*wanted)(void);
	void (*become)(void);	/* in the child; NULL: not in this binary */
} helpers[STATE_HELPERS] = {
	{ "debug shell", shell_wanted, IS_ENABLED(CONFIG_DEBUG_SHELL) ? become_shell : NULL },
	{ "log writer", writer_wanted, become_writer },
};

static pid_t pids[STATE_HELPERS];
static uint64_t due_ms[STATE_HELPERS];	/* 0 is at once */

/* A child of ours that has not ended; one that has is left to be reaped. */
static bool lives(pid_t pid)
{
	siginfo_t info = { 0 };

	return pid > 0 && waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       !info.si_pid;
}

static void take_up(struct supervisor *sup, const struct state_board *was,
		    enum state_origin origin, uint64_t now_ms)
{
	(void)sup, (void)origin, (void)now_ms;
	for (unsigned i = 0; i < STATE_HELPERS; i++) {
		if (!lives(was->helper_pid[i]))
			continue;
		if (helpers[i].wanted())
			pids[i] = was->helper_pid[i];
		else	/* not reaped yet, so the pid is its own */
			kill(was->helper_pid[i], SIGKILL);
	}
}

/* In a cgroup of their own: a thousand commands of a shell must not take PID 1's
 * share of the CPU. */
pid_t helper_clone(void)
{
	int cgroup = open(PATH_HELPERS_CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct clone_args args = { .flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD };
	pid_t pid;

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (unsigned)cgroup;
	}
	pid = sys_clone3(&args);
	if (cgroup >= 0)
		close(cgroup);
	return pid;
}

static bool start(unsigned i, uint64_t now_ms)
{
	pid_t pid = helper_clone();

	if (pid == 0)
		helpers[i].become();
	if (pid < 0) {
		console_say("%s: %s", helpers[i].name, strerror(-pid));
		due_ms[i] = now_ms + AGAIN_MS;
		return false;
	}
	pids[i] = pid;
	return true;
}

static bool tick(struct supervisor *sup, uint64_t now_ms)
{
	bool changed = false;

	(void)sup;
	for (unsigned i = 0; i < STATE_HELPERS; i++)
		if (helpers[i].wanted() && !pids[i] && due_ms[i] <= now_ms)
			changed |= start(i, now_ms);
	return changed;
}

static uint64_t deadline(void)
{
	uint64_t first = 0;

	for (unsigned i = 0; i < STATE_HELPERS; i++) {
		uint64_t due = due_ms[i] ? due_ms[i] : 1;

		if (helpers[i].wanted() && !pids[i] && (!first || due < first))
			first = due;
	}
	return first;
}

static bool reaped(pid_t pid, uint64_t now_ms)
{
	for (unsigned i = 0; i < STATE_HELPERS; i++) {
		if (pids[i] != pid)
			continue;
		pids[i] = 0;
		due_ms[i] = now_ms + AGAIN_MS;
		return true;
	}
	return false;
}

static void save(struct state_board *to)
{
	for (unsigned i = 0; i < STATE_HELPERS; i++)
		to->helper_pid[i] = pids[i];
}

const struct part helper_part = {
	.take_up = take_up, .save = save, .tick = tick, .deadline = deadline, .reaped = reaped,
};
