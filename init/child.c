/*
 * The child that becomes a service: a straight recipe of system calls, from
 * the clone to the exec.  Refuses to know what happened before it and what
 * comes of a failure: must() reports that.
 */
#include "child.h"

#include <linux/seccomp.h>
#include <signal.h>
#include <sys/stat.h>

#include "fds.h"
#include "has.h"
#include "landlock.h"
#include "listen.h"
#include "paths.h"
#include "privilege.h"
#include "procfile.h"
#include "program.h"
#include "reaper.h"
#include "rlimits.h"
#include "sys.h"
#include "text.h"
#include "view.h"

/* Beside the report's: what the reaper is executed from. */
static int reaper_fd(const struct recipe *r)
{
	return reaper_report_fd(r->listens) + 1;
}

static void join_sandbox(const struct recipe *r)
{
	const struct service *s = r->service;
	/* Its sandbox is older: a service comes AFTER the one whose network it shares. */
	int net_fd = s->net == SERVICE_NET_SHARE ? fds_number(s->net_of, FD_NET)
						 : r->box->net_fd;

	if (s->net != SERVICE_NET_HOST)
		must(r, STAGE_JOIN_NET, sys_setns(net_fd, CLONE_NEWNET));
	must(r, STAGE_JOIN_UTS, sys_setns(r->box->uts_fd, CLONE_NEWUTS));
}

/* Written by the initial user namespace's root, oom_score_adj is also the floor
 * below which the service cannot go. */
static void set_score(const struct recipe *r)
{
	char score[8];
	struct text t = TEXT_ON(score);

	text_add(&t, "%d", r->service->oom_score_adj);
	must(r, STAGE_OOM_SCORE, procfile_write("/proc/self/oom_score_adj", score));
}

void child_set_limits(const struct recipe *r)
{
	set_score(r);
	must(r, STAGE_RLIMIT, rlimits_reset(r->service->nofile));
}

/* Opened after pivot_root: /dev/null is the service's own. */
static void set_streams(const struct recipe *r)
{
	int null = must(r, STAGE_STREAMS, SYS_INT(SYS_openat, AT_FDCWD, PATH_NULL, O_RDWR));

	/* An earlier run may have left the pipe non-blocking: it is the same
	 * open file for each. */
	must(r, STAGE_STREAMS, SYS_INT(SYS_fcntl, r->box->log_write, F_SETFL, O_WRONLY));
	must(r, STAGE_STREAMS, SYS_INT(SYS_dup3, null, 0, 0));
	must(r, STAGE_STREAMS, SYS_INT(SYS_dup3, r->box->log_write, 1, 0));
	must(r, STAGE_STREAMS, SYS_INT(SYS_dup3, r->box->log_write, 2, 0));
}

/* Nothing but the streams, the sockets of LISTEN, the report's and the reaper's
 * close-on-exec fds is left open when the working directory is entered, so none can
 * lead out.  The report's comes first: a socket may get the number that it had. */
static void close_files(struct recipe *r)
{
	const int report = reaper_report_fd(r->listens), reaper = reaper_fd(r);

	if (r->report_fd != report)
		must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, r->report_fd, report, O_CLOEXEC));
	r->report_fd = report;
	if (r->reaper_fd && r->reaper_fd != reaper)
		must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, r->reaper_fd, reaper, O_CLOEXEC));
	if (LISTEN_COUNT)
		listen_hand_on(r);
	must(r, STAGE_CLOSE, sys_close_range(r->reaper_fd ? reaper + 1 : reaper, ~0u, 0));
}

static void enter_workdir(const struct recipe *r)
{
	/* One byte tells: a folder outside the root is "(unreachable)…". */
	char cwd[4096];

	must(r, STAGE_WORKDIR, SYS_INT(SYS_chdir, r->service->workdir));
	must(r, STAGE_WORKDIR, SYS_INT(SYS_getcwd, cwd, sizeof(cwd)));
	must(r, STAGE_WORKDIR, cwd[0] == '/' ? 0 : -EXDEV);
}

/* The dispositions are the default ones already, by CLONE_CLEAR_SIGHAND. */
static void unblock_signals(const struct recipe *r)
{
	/* The kernel's set has 64 bits on every architecture pith knows. */
	const uint64_t none = 0;

	must(r, STAGE_SIGNALS, SYS_INT(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL,
				       sizeof(none)));
}

/* Landlock is prepared with real root's way into every folder, and the files
 * are closed when nothing more has to be held. */
static void confine(struct recipe *r)
{
	int ruleset = landlock_prepare(r);

	privilege_reduce(r);
	landlock_enforce(r, ruleset);
	close_files(r);
	must(r, STAGE_RLIMIT, rlimits_set_files(r->service->nofile));
	enter_workdir(r);
	umask(022);
}

/* The last step, since a filter need not allow what the others do.  After it
 * come the report and the exec alone, and with INIT the reaper. */
static void attach_filter(const struct recipe *r)
{
	const struct service *s = r->service;
	const struct {
		unsigned short count;
		const struct sock_filter *filter;
	} program = { s->filter_count, s->filter };	/* struct sock_fprog */

	if (has_filter(s))
		must(r, STAGE_SECCOMP, SYS_INT(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
					       r->tell_refused ? SECCOMP_FILTER_FLAG_LOG : 0,
					       &program));
}

/* While /proc is still PID 1's; out of the way of the numbers that are given
 * out by close_files(). */
static void open_reaper(struct recipe *r)
{
	int fd = must(r, STAGE_REAPER, SYS_INT(SYS_openat, AT_FDCWD, PATH_SELF,
					       O_PATH | O_CLOEXEC));

	r->reaper_fd = must(r, STAGE_REAPER, SYS_INT(SYS_fcntl, fd, F_DUPFD_CLOEXEC,
						     reaper_fd(r) + 1));
}

/* The reaper is this very binary, of which a service sees no name.  It keeps
 * the report open until it has executed the program, and takes its signals
 * blocked: so none is lost on the way. */
static void become_reaper(const struct recipe *r)
{
	const char *const argv[] = { REAPER_NAME, r->service->name, NULL };

	must(r, STAGE_REAPER, SYS_INT(SYS_fcntl, r->report_fd, F_SETFD, 0));
	attach_filter(r);
	must(r, STAGE_REAPER, SYS_INT(SYS_execveat, reaper_fd(r), "", argv, r->service->envp,
				      AT_EMPTY_PATH));
}

_Noreturn void child_become(const struct recipe *parent)
{
	const struct service *s = parent->service;
	struct recipe own = *parent, *r = &own;

	if (has_reaper(s))
		open_reaper(r);
	join_sandbox(r);
	if (LISTEN_COUNT && r->opens)
		listen_open(r);
	set_score(r);
	must(r, STAGE_RLIMIT, rlimits_lower());
	umask(0);
	view_enter(r);
	set_streams(r);
	must(r, STAGE_SESSION, SYS_INT(SYS_setsid));
	confine(r);
	program_check(r, s->argv[0]);
	if (has_reaper(s))
		become_reaper(r);
	unblock_signals(r);
	attach_filter(r);
	recipe_report(r, STAGE_EXEC, 0);
	must(r, STAGE_EXEC, SYS_INT(SYS_execve, s->argv[0], s->argv, s->envp));
	_exit(RECIPE_EXIT);
}

_Noreturn void child_finish(const struct recipe *parent, const char *const *argv,
			    const char *const *envp)
{
	struct recipe own = *parent, *r = &own;

	confine(r);
	program_check(r, argv[0]);
	unblock_signals(r);
	attach_filter(r);
	must(r, STAGE_EXEC, SYS_INT(SYS_execve, argv[0], argv, envp));
	_exit(RECIPE_EXIT);
}
