/*
 * Decides how thoroughly the partition is checked and what its fsck's exit
 * status means.  Refuses to know what the damage was.
 */
#include "storage_check.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "paths.h"
#include "procfile.h"
#include "rlimits.h"
#include "sys.h"

/* Node and user in the jail.  65534 is nobody's: services begin at 65536. */
#define NODE "/dev/data"
#define JAIL_ID 65534

/* Open files: a device, and what a library opens. */
#define JAIL_FILES 64

/* Exit status, fsck(8): what is repaired, and that a root would want a reboot. */
#define FSCK_REPAIRED 3

/* Words of a command, with the NULL that ends it. */
#define ARGS 5

/* What is called first repairs what it can without loss, and replays the
 * journal.  If that is not enough a person would be asked; there is none, so it
 * is told yes to everything: a board that waits for ever has lost all its data,
 * and one that goes on only what is damaged. */
static const struct checker {
	const char *type;
	const char *gently[ARGS], *thoroughly[ARGS], *looking[ARGS];
} checkers[] = {
	{ "ext4",
	  { "/sbin/e2fsck.static", "-p", NODE },
	  { "/sbin/e2fsck.static", "-f", "-y", NODE },
	  { "/sbin/e2fsck.static", "-n", NODE } },
	{ "f2fs",
	  { "/sbin/fsck.f2fs", "-a", NODE },
	  { "/sbin/fsck.f2fs", "-f", "-y", NODE },
	  { "/sbin/fsck.f2fs", "--dry-run", NODE } },
};

static int make_node(const struct storage_device *device)
{
	mode_t mode = S_IFBLK | (device->read_only ? 0400 : 0600);
	int rc = sys_mount("tmpfs", "dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "size=16K,mode=0755");

	if (rc == 0)
		rc = SYS_INT(SYS_mknodat, AT_FDCWD, &NODE[1], mode,
			     (unsigned)device->number);
	if (rc == 0)
		rc = SYS_INT(SYS_fchownat, AT_FDCWD, &NODE[1], JAIL_ID, JAIL_ID, 0);
	return rc;
}

/* In mount namespaces of its own. */
static int enter_root(const struct storage_device *device)
{
	const unsigned long again = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID;
	int rc = sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);

	if (rc == 0)
		rc = sys_mount(PATH_FSCK, PATH_FSCK, NULL, MS_BIND, NULL);
	if (rc == 0)
		rc = SYS_INT(SYS_chdir, PATH_FSCK);
	if (rc == 0)
		rc = make_node(device);
	if (rc == 0)
		rc = sys_mount(NULL, ".", NULL, again, NULL);
	if (rc == 0)
		rc = sys_pivot_root(".", ".");
	if (rc == 0)
		rc = sys_umount_detach(".");
	return rc == 0 ? SYS_INT(SYS_chdir, "/") : rc;
}

/* All capabilities go with uid 0. */
static int drop_privileges(void)
{
	const struct rlimit one = { 1, 1 };
	int rc = rlimits_reset(JAIL_FILES);

	if (rc == 0)
		rc = sys_setgroups0();
	if (rc == 0)
		rc = sys_setresgid(JAIL_ID);
	if (rc == 0)
		rc = sys_setresuid(JAIL_ID);
	if (rc == 0)
		rc = sys_setrlimit(RLIMIT_NPROC, &one);
	if (rc == 0)
		rc = SYS_INT(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* It does not go on without whoever has a deadline.  (A new uid undoes this.) */
	if (rc == 0)
		rc = SYS_INT(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	return rc;
}

/* 0 to 2 lead nowhere, and error is close-on-exec. */
static _Noreturn void become(const struct storage_device *device, const char *const *argv,
			     int error)
{
	static const char *const envp[] = { NULL };
	int rc;

	/* If memory runs out, it goes rather than any service. */
	procfile_write("/proc/self/oom_score_adj", "1000");
	rc = enter_root(device);
	if (rc == 0)
		rc = drop_privileges();
	if (rc == 0)
		rc = SYS_INT(SYS_execve, argv[0], argv, envp);
	if (write(error, &rc, sizeof(rc)) < 0)
		_exit(126);
	_exit(127);
}

/* How it ended, as wait(2) has it, or -errno. */
static int run(const struct storage_device *device, const char *const *argv)
{
	struct clone_args args = {
		.flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS,
		.exit_signal = SIGCHLD,
	};
	int error[2], failed = 0, status;
	pid_t pid;

	if (pipe2(error, O_CLOEXEC) < 0)
		return -errno;
	pid = sys_clone3(&args);
	if (pid == 0)
		become(device, argv, error[1]);
	close(error[1]);
	if (pid > 0 && read(error[0], &failed, sizeof(failed)) < 0)
		failed = -EIO;
	close(error[0]);
	if (pid < 0)
		return pid;
	if (waitpid(pid, &status, 0) < 0)
		return -errno;
	return failed ? failed : status;
}

static bool is_good(int status)
{
	return WIFEXITED(status) && !(WEXITSTATUS(status) & ~FSCK_REPAIRED);
}

static int judge(struct storage *is, int rc, bool good)
{
	if (good)
		return 0;
	is->step = rc < 0 ? STORAGE_STEP_CHECK : STORAGE_STEP_DAMAGE;
	is->error = rc;
	return -1;
}

static const struct checker *checker_of(const char *type)
{
	const struct checker *c = checkers;

	while (strcmp(c->type, type))
		c++;
	return c;
}

int storage_salvage(const struct storage_device *device, const char *type, struct storage *is)
{
	int rc = run(device, checker_of(type)->thoroughly);

	is->check = STORAGE_SALVAGED;
	return judge(is, rc, rc >= 0 && is_good(rc));
}

int storage_check(const struct storage_device *device, const char *type, struct storage *is)
{
	const struct checker *c = checker_of(type);
	int rc = run(device, device->read_only ? c->looking : c->gently);

	is->check = rc ? STORAGE_REPAIRED : STORAGE_CLEAN;
	/* What is found in a medium that cannot be written stays as it is. */
	if (device->read_only)
		return judge(is, rc, !rc);
	/* Of a first superblock that is gone e2fsck(8) says no more than that it cannot
	 * do its work.  But if somebody killed it, that is no word about damage. */
	if (rc >= 0 && WIFEXITED(rc) && !is_good(rc))
		return storage_salvage(device, type, is);
	return judge(is, rc, rc >= 0 && is_good(rc));
}
