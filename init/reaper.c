/*
 * PID 1 of a service that has INIT: starts the program, hands signals on and
 * buries the dead.  Refuses to know what the program is and what a signal means
 * to it.
 */
#include "reaper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "recipe.h"
#include "service.h"
#include "sys.h"
#include "table.h"

/* A shell's way to say which signal ended a program. */
#define EXIT_SIGNAL 128

/* All 64 of the kernel's.  musl's own functions leave out three that it keeps
 * to itself; here they are the program's, which may have been built against
 * another library. */
#define ALL_SIGNALS UINT64_MAX

static void set_mask(uint64_t mask)
{
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof(mask));
}

/* The next signal that is waiting, or comes. */
static int take_signal(void)
{
	const uint64_t all = ALL_SIGNALS;

	return SYS_INT(SYS_rt_sigtimedwait, &all, NULL, NULL, sizeof(all));
}

/* The dispositions are the default ones: the recipe has cleared them, and the
 * reaper sets none. */
static _Noreturn void become_program(const struct recipe *r, const char *const *argv,
				     const char *const *envp)
{
	/* A program that signals its own group shall not meet its reaper there,
	 * which would hand the signal back to it, for ever. */
	must(r, STAGE_SESSION, SYS_INT(SYS_setsid));
	set_mask(0);
	recipe_report(r, STAGE_EXEC, 0);
	must(r, STAGE_EXEC, SYS_INT(SYS_execve, argv[0], argv, envp));
	_exit(RECIPE_EXIT);
}

/* Until there is none.  What to end with if the program is among them, else -1. */
static int reap(pid_t program)
{
	int ending = -1, how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0)
		if (pid == program)
			ending = WIFEXITED(how) ? WEXITSTATUS(how) : EXIT_SIGNAL + WTERMSIG(how);
	return ending;
}

_Noreturn void reaper_run(const char *const *argv, const char *const *envp, unsigned listens)
{
	const int report = reaper_report_fd(listens);
	const struct recipe recipe = { .report_fd = report };
	pid_t program;
	int ending;

	/* Before there is a child: then no end of it goes unheard. */
	set_mask(ALL_SIGNALS);
	must(&recipe, STAGE_CLOSE, SYS_INT(SYS_fcntl, report, F_SETFD, FD_CLOEXEC));
	must(&recipe, STAGE_CLOSE, sys_close_range((unsigned)report + 1, ~0u, 0));
	/* Not by clone3(2): the service's filter answers that it is unknown. */
	program = SYS_INT(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (program == 0)
		become_program(&recipe, argv, envp);
	must(&recipe, STAGE_CLONE, program);
	/* The program's copy of the report alone tells by its end that it was executed. */
	sys_close_range(LISTEN_FDS_START, (unsigned)report, 0);
	while ((ending = reap(program)) < 0) {
		int signal = take_signal();

		if (signal > 0 && signal != SIGCHLD)
			kill(program, signal);
	}
	/* All that is left in here ends with its PID 1. */
	_exit(ending);
}

int reaper_main(int argc, char **argv, char **envp)
{
	const struct recipe recipe = { .report_fd = reaper_report_fd(0) };
	const unsigned count = SERVICE_COUNT;

	for (unsigned id = 0; id < count; id++)
		if (argc > 1 && !strcmp(services[id].name, argv[1]))
			reaper_run(services[id].argv, (const char *const *)envp,
				   services[id].listen_count);
	must(&recipe, STAGE_REAPER, -ESRCH);
	return RECIPE_EXIT;
}
