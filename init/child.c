/*
 * The child that becomes a service: a straight recipe of system calls, from
 * the clone to the exec.  Refuses to know what happened before it and what
 * comes of a failure: must() reports that.
 */
#include "child.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "paths.h"
#include "procfile.h"
#include "reaper.h"
#include "sys.h"
#include "text.h"
#include "view.h"

#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif

/* No capability comes back by being uid 0, by changing uid or by an ambient
 * set, and that is final; linux/securebits.h, capabilities(7). */
#define SECUREBITS_ALL_LOCKED \
	(1 << 0 | 1 << 1 |	/* NOROOT */ \
	 1 << 2 | 1 << 3 |	/* NO_SETUID_FIXUP */ \
	 1 << 5 |		/* KEEP_CAPS stays off */ \
	 1 << 6 | 1 << 7)	/* NO_CAP_AMBIENT_RAISE */

/* Beside the report's: what the reaper is executed from. */
#define REAPER_FD (REAPER_REPORT_FD + 1)

static void join_sandbox(const struct recipe *r)
{
	must(r, STAGE_JOIN_NET, sys_setns(r->box->net_fd, CLONE_NEWNET));
	must(r, STAGE_JOIN_UTS, sys_setns(r->box->uts_fd, CLONE_NEWUTS));
	/* IPC is new at each start: kept, the SysV memory of every crash
	 * would stay charged to the cgroup. */
	must(r, STAGE_UNSHARE, sys_unshare(CLONE_NEWCGROUP | CLONE_NEWIPC));
}

/* What only the initial user namespace's root may set: written from there,
 * oom_score_adj is also the floor below which the service cannot go. */
static void set_oom_score(const struct recipe *r)
{
	char score[8];
	struct text t = TEXT_ON(score);

	text_add(&t, "%d", r->service->oom_score_adj);
	must(r, STAGE_OOM_SCORE, procfile_write("/proc/self/oom_score_adj", score));
}

/* Both are below what PID 1 has, so this needs no privilege; and it waits
 * until PID 1's own files are closed, whose numbers may be above the limit. */
static void set_rlimits(const struct recipe *r)
{
	const struct rlimit files = { r->service->nofile, r->service->nofile };
	const struct rlimit core = { 0, 0 };

	must(r, STAGE_RLIMIT, sys_setrlimit(RLIMIT_NOFILE, &files));
	must(r, STAGE_RLIMIT, sys_setrlimit(RLIMIT_CORE, &core));
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

/* Joining the user namespace gives every capability in it; they go again
 * before anything of the service runs. */
static void drop_privileges(const struct recipe *r)
{
	must(r, STAGE_JOIN_USER, sys_setns(r->box->user_fd, CLONE_NEWUSER));
	for (int cap = 0; cap < 64; cap++) {
		int rc = SYS_INT(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0);

		if (rc == -EINVAL)	/* past the kernel's last one */
			break;
		must(r, STAGE_CAPABILITIES, rc);
	}
	must(r, STAGE_CAPABILITIES, SYS_INT(SYS_prctl, PR_SET_SECUREBITS,
					    SECUREBITS_ALL_LOCKED, 0, 0, 0));
	must(r, STAGE_CAPABILITIES, SYS_INT(SYS_prctl, PR_CAP_AMBIENT,
					    PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
	/* Groups first: without CAP_SETGID they would stay. */
	must(r, STAGE_IDS, sys_setgroups0());
	must(r, STAGE_IDS, sys_setresgid(r->service->gid));
	must(r, STAGE_IDS, sys_setresuid(r->service->uid));
	must(r, STAGE_CAPABILITIES, sys_drop_capabilities());
	must(r, STAGE_NO_NEW_PRIVS, SYS_INT(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

/* Nothing but the streams, the report's and the reaper's close-on-exec fds is
 * left open when the working directory is entered, so none can lead out. */
static void close_files(struct recipe *r)
{
	if (r->report_fd != REAPER_REPORT_FD)
		must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, r->report_fd, REAPER_REPORT_FD, O_CLOEXEC));
	r->report_fd = REAPER_REPORT_FD;
	if (r->reaper_fd && r->reaper_fd != REAPER_FD)
		must(r, STAGE_CLOSE, SYS_INT(SYS_dup3, r->reaper_fd, REAPER_FD, O_CLOEXEC));
	must(r, STAGE_CLOSE, sys_close_range(r->reaper_fd ? REAPER_FD + 1 : REAPER_FD, ~0u, 0));
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

static void confine(struct recipe *r)
{
	drop_privileges(r);
	close_files(r);
	set_rlimits(r);
	enter_workdir(r);
	umask(022);
}

/* While /proc is still PID 1's; out of the way of the numbers that are given
 * out by close_files(). */
static void open_reaper(struct recipe *r)
{
	int fd = must(r, STAGE_REAPER, SYS_INT(SYS_openat, AT_FDCWD, PATH_SELF,
					       O_PATH | O_CLOEXEC));

	r->reaper_fd = must(r, STAGE_REAPER, SYS_INT(SYS_fcntl, fd, F_DUPFD_CLOEXEC,
						     REAPER_FD + 1));
}

/* The reaper is this very binary, of which a service sees no name.  It keeps
 * the report open until it has executed the program, and takes its signals
 * blocked: so none is lost on the way. */
static void become_reaper(const struct recipe *r)
{
	const char *const argv[] = { REAPER_NAME, r->service->name, NULL };

	must(r, STAGE_REAPER, SYS_INT(SYS_fcntl, r->report_fd, F_SETFD, 0));
	must(r, STAGE_REAPER, SYS_INT(SYS_execveat, REAPER_FD, "", argv, r->service->envp,
				      AT_EMPTY_PATH));
}

_Noreturn void child_become(const struct recipe *parent)
{
	const struct service *s = parent->service;
	struct recipe own = *parent, *r = &own;

	if (s->init)
		open_reaper(r);
	join_sandbox(r);
	set_oom_score(r);
	umask(0);
	view_enter(r);
	set_streams(r);
	must(r, STAGE_SESSION, SYS_INT(SYS_setsid));
	confine(r);
	if (s->init)
		become_reaper(r);
	unblock_signals(r);
	recipe_report(r, STAGE_EXEC, 0);
	must(r, STAGE_EXEC, SYS_INT(SYS_execve, s->argv[0], s->argv, s->envp));
	_exit(RECIPE_EXIT);
}

_Noreturn void child_finish(const struct recipe *parent, const char *const *argv,
			    const char *const *envp)
{
	struct recipe own = *parent, *r = &own;

	confine(r);
	unblock_signals(r);
	must(r, STAGE_EXEC, SYS_INT(SYS_execve, argv[0], argv, envp));
	_exit(RECIPE_EXIT);
}
