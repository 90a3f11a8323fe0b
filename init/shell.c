/*
 * The debug shell.  Not a service: it has no confinement, and a product that
 * ships has none of it.
 */
#include "shell.h"

#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>

#include "console.h"
#include "paths.h"
#include "procfile.h"
#include "sys.h"

#define AGAIN_MS 1000

/* As the kernel gives it to the first process. */
#define FILES_MAX 4096

static pid_t shell_pid;
static uint64_t due_ms = 1;	/* at once */

static _Noreturn void become_shell(void)
{
	static const char *const argv[] = { "sh", "-i", NULL };
	static const char *const envp[] = {
		"PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/", "TERM=linux",
		"PS1=pith# ", NULL,
	};
	const struct rlimit files = { FILES_MAX, FILES_MAX };
	sigset_t none;
	int tty;

	/* What PID 1 has for itself alone is put back, as for any child. */
	procfile_write("/proc/self/oom_score_adj", "0");
	setrlimit(RLIMIT_NOFILE, &files);
	setsid();
	tty = open(PATH_CONSOLE, O_RDWR | O_NOCTTY);
	if (tty < 0)
		_exit(1);
	ioctl(tty, TIOCSCTTY, 0);
	dup2(tty, 0);
	dup2(tty, 1);
	dup2(tty, 2);
	sys_close_range(3, ~0u, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(PATH_SHELL, (char *const *)argv, (char *const *)envp);
	_exit(127);
}

void shell_tick(uint64_t now_ms)
{
	struct clone_args args = {
		.flags = CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD,
	};
	pid_t pid;

	if (!due_ms || now_ms < due_ms)
		return;
	pid = sys_clone3(&args);
	if (pid == 0)
		become_shell();
	if (pid < 0) {
		console_say("debug shell: %s", strerror(-pid));
		due_ms = now_ms + AGAIN_MS;
		return;
	}
	shell_pid = pid;
	due_ms = 0;
}

uint64_t shell_deadline(void)
{
	return due_ms;
}

bool shell_reaped(pid_t pid, uint64_t now_ms)
{
	if (pid != shell_pid)
		return false;
	shell_pid = 0;
	due_ms = now_ms + AGAIN_MS;
	return true;
}
