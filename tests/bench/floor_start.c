/*
 * A start by the floor: from the clone to the exec, with all that confines a service.
 */
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "has.h"
#include "paths.h"
#include "sys.h"

struct start {
	struct floor_box *box;
	const struct floor_way *way;
};

static void join(const struct start *start)
{
	const struct floor_box *box = start->box;

	floor_mark("clone3");
	if (start->way->keeps_view)
		floor_must("join view", sys_setns(box->view, CLONE_NEWNS));
	floor_must("join net", sys_setns(box->net, CLONE_NEWNET));
	floor_must("join uts", sys_setns(box->uts, CLONE_NEWUTS));
	floor_mark("setns");
	floor_must("unshare", sys_unshare(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWIPC));
	floor_mark("unshare");
}

/* Of those that differ from this process's own (floor.c). */
static void set_limits(const struct service *s)
{
	const struct {
		int resource;
		rlim_t value;
	} rows[] = {
		{ RLIMIT_MEMLOCK, 8 << 20 }, { RLIMIT_SIGPENDING, 4096 },
		{ RLIMIT_MSGQUEUE, 819200 },
	};
	char score[8];

	snprintf(score, sizeof(score), "%d", s->oom_score_adj);
	floor_write("/proc/self/oom_score_adj", score);
	floor_mark("oom_score_adj");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		floor_must("prlimit", sys_setrlimit(rows[i].resource, &(struct rlimit){
						    rows[i].value, rows[i].value }));
	floor_mark("prlimit");
}

/* Newer than some headers. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (UINT64_C(1) << 14)
#endif

/* The rules of pith's landlock.c, for a service that keeps nothing and has neither TMPFS nor
 * VOLUMES.  0: this kernel has no Landlock that would do. */
static int make_ruleset(void)
{
	const uint64_t look = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
			      LANDLOCK_ACCESS_FS_READ_DIR;
	const uint64_t write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
	const uint64_t change = look | write |
		LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
		LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
		LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER;
	const struct {
		const char *path;
		uint64_t access;
	} rows[] = {
		{ "/", look }, { "/proc", write }, { "/dev", write }, { "/dev/shm", change },
		{ "/dev/mqueue", change },
	};
	static int abi;
	uint64_t handled = change | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;
	int fd;

	/* What the kernel can is asked once, not at each start. */
	if (!abi)
		abi = SYS_INT(SYS_landlock_create_ruleset, NULL, 0,
			      LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 2)
		return 0;
	if (abi < 3)
		handled &= ~LANDLOCK_ACCESS_FS_TRUNCATE;
	fd = floor_must("landlock", SYS_INT(SYS_landlock_create_ruleset, &handled,
					    sizeof(handled), 0));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct landlock_path_beneath_attr rule = {
			.allowed_access = rows[i].access & handled,
			.parent_fd = floor_must(rows[i].path, SYS_INT(SYS_openat, AT_FDCWD,
								      rows[i].path,
								      O_PATH | O_CLOEXEC)),
		};

		floor_must("landlock", SYS_INT(SYS_landlock_add_rule, fd,
					       LANDLOCK_RULE_PATH_BENEATH, &rule, 0));
	}
	floor_mark("landlock rules");
	return fd;
}

/* Out here its uid is nobody's inside, so none of its capabilities goes by becoming the
 * service's. */
static void drop_privileges(const struct floor_box *box, int ruleset)
{
	const struct service *s = &box->row;
	const int locked = 1 << 0 | 1 << 1 | 1 << 3 | 1 << 6 | 1 << 7;	/* privilege.c */

	floor_must("join user", sys_setns(box->user, CLONE_NEWUSER));
	floor_mark("setns user");
	for (int cap = 0; SYS_INT(SYS_prctl, PR_CAPBSET_DROP, cap, 0, 0, 0) == 0; cap++)
		;
	floor_mark("bounding set");
	floor_must("securebits", SYS_INT(SYS_prctl, PR_SET_SECUREBITS, locked, 0, 0, 0));
	floor_must("setgroups", sys_setgroups0());
	floor_must("setresgid", sys_setresgid(s->gid));
	floor_must("setresuid", sys_setresuid(s->uid));
	floor_must("capset", sys_capset(0, 0));
	floor_must("no_new_privs", SYS_INT(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	floor_mark("ids, capabilities");
	if (ruleset)
		floor_must("landlock", SYS_INT(SYS_landlock_restrict_self, ruleset, 0));
	floor_mark("landlock");
}

/* This process may have more files open than the service is allowed. */
static void set_files(const struct floor_box *box)
{
	const struct rlimit files = { box->row.nofile, box->row.nofile };
	int null = floor_must("null", SYS_INT(SYS_openat, AT_FDCWD, PATH_NULL, O_RDWR));

	floor_must("log", SYS_INT(SYS_fcntl, box->log_write, F_SETFL, O_WRONLY));
	floor_must("streams", SYS_INT(SYS_dup3, null, 0, 0));
	floor_must("streams", SYS_INT(SYS_dup3, box->log_write, 1, 0));
	floor_must("streams", SYS_INT(SYS_dup3, box->log_write, 2, 0));
	floor_must("close", sys_close_range(3, ~0u, 0));
	floor_must("prlimit", sys_setrlimit(RLIMIT_NOFILE, &files));
	floor_mark("streams, files");
}

static void attach_filter(const struct service *s)
{
	const struct {
		unsigned short count;
		const struct sock_filter *filter;
	} program = { s->filter_count, s->filter };

	if (has_filter(s))
		floor_must("seccomp", SYS_INT(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
	floor_mark("seccomp");
}

static _Noreturn void become(void *arg)
{
	const struct start *start = arg;
	const struct service *s = &start->box->row;
	int ruleset;

	join(start);
	if (!start->way->keeps_view)
		floor_view_build(start->box);
	floor_view_freshen(start->box);
	set_limits(s);
	ruleset = make_ruleset();
	drop_privileges(start->box, ruleset);
	set_files(start->box);
	floor_must("setsid", SYS_INT(SYS_setsid));
	floor_must("chdir", SYS_INT(SYS_chdir, s->workdir));
	umask(022);
	floor_mark("session, folder");
	attach_filter(s);
	floor_must("exec", SYS_INT(SYS_execve, s->argv[0], s->argv, s->envp));
	_exit(1);
}

void floor_start(struct floor_box *box, const struct floor_way *way)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | CLONE_CLEAR_SIGHAND | CLONE_NEWPID,
		.cgroup = (unsigned)box->cgroup,
	};

	box->pid = floor_clone(&args, way->copies, become, &(struct start){ box, way });
	if (!way->copies)
		floor_check();
}

/* In the service's cgroup, which is then the root of its cgroup2. */
static _Noreturn void keep_view(void *arg)
{
	struct floor_box *box = arg;

	floor_must("unshare", sys_unshare(CLONE_NEWNS));
	floor_must("unshare", sys_unshare(CLONE_NEWCGROUP));
	/* Of its own sandbox /sys shows the network's. */
	floor_must("join net", sys_setns(box->net, CLONE_NEWNET));
	box->view = floor_must("view", SYS_INT(SYS_openat, AT_FDCWD, "/proc/self/ns/mnt",
					       O_RDONLY | O_CLOEXEC));
	floor_view_build(box);
	_exit(0);
}

void floor_view_keep(struct floor_box *box)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | CLONE_FILES, .cgroup = (unsigned)box->cgroup,
	};
	pid_t pid = floor_clone(&args, false, keep_view, box);

	floor_check();
	waitpid(pid, NULL, 0);
}
