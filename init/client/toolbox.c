/*
 * Decides what the toolbox consists of.  It is filled here, outside, where
 * BusyBox itself says which applets it has: the child only moves two mounts.
 * Refuses to know what is run from it.
 */
#include "toolbox.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "paths.h"
#include "sys.h"

/* The program's name in the folder. */
#define PROGRAM "busybox"

/* 400 applets, more than there are, with names of 10 bytes: twice that. */
#define LIST_SIZE 8192

static _Noreturn void print_list(int to)
{
	static const char *const argv[] = { PROGRAM, "--list", NULL };
	static const char *const envp[] = { NULL };

	dup2(to, STDOUT_FILENO);
	execve(PATH_SHELL, (char *const *)argv, (char *const *)envp);
	_exit(127);
}

/* Bytes up to the end of file; -E2BIG if they do not fit. */
static ssize_t read_all(int fd, char *buf, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size && (n = read(fd, buf + len, size - len)) != 0) {
		if (n < 0)
			return -errno;
		len += (size_t)n;
	}
	return len < size ? (ssize_t)len : -E2BIG;
}

/* The names of the applets, one a line. */
static ssize_t list_applets(char *buf, size_t size)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	int fds[2], status;
	ssize_t len;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	pid = sys_clone3(&args);
	if (pid == 0)
		print_list(fds[1]);
	close(fds[1]);
	len = pid < 0 ? pid : read_all(fds[0], buf, size);
	close(fds[0]);
	if (pid > 0 && (waitpid(pid, &status, 0) < 0 || status != 0) && len >= 0)
		len = -ENOEXEC;
	return len;
}

static int link_applets(int folder)
{
	static char list[LIST_SIZE];
	ssize_t len = list_applets(list, sizeof(list) - 1);
	char *name = list, *end;

	if (len < 0)
		return (int)len;
	list[len] = '\0';
	for (; (end = strchr(name, '\n')); name = end + 1) {
		*end = '\0';
		if (symlinkat(PROGRAM, folder, name) < 0 && errno != EEXIST)
			return -errno;
	}
	return 0;
}

/* The program itself is no copy but mounted over an empty file. */
static int fill_folder(int folder)
{
	int fd = openat(folder, PROGRAM, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);

	if (fd < 0)
		return -errno;
	close(fd);
	return link_applets(folder);
}

static int make_folder(void)
{
	int rc, folder = -1, fs = sys_fsopen("tmpfs");

	if (fs < 0)
		return fs;
	rc = sys_fsconfig(fs, FSCONFIG_SET_STRING, "mode", "0755");
	if (rc >= 0)
		rc = sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (rc >= 0)
		rc = folder = sys_fsmount(fs, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
	close(fs);
	if (rc >= 0)
		rc = fill_folder(folder);
	return rc < 0 ? rc : folder;
}

int toolbox_prepare(struct toolbox *t)
{
	int rc;

	t->program = sys_open_tree(AT_FDCWD, PATH_SHELL, OPEN_TREE_CLONE);
	if (t->program < 0)
		return t->program;
	/* Nobody in the service may write to the board's own file. */
	rc = sys_mount_setattr(t->program, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
			       MOUNT_ATTR_NODEV);
	if (rc < 0)
		return rc;
	t->folder = make_folder();
	return t->folder < 0 ? t->folder : 0;
}

void toolbox_enter(const struct toolbox *t, const struct recipe *r)
{
	int at;

	must(r, STAGE_TOOLBOX, sys_unshare(CLONE_NEWNS));
	must(r, STAGE_TOOLBOX, sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	at = must(r, STAGE_TOOLBOX, sys_openat2(AT_FDCWD, TOOLBOX_FOLDER, O_PATH | O_DIRECTORY,
						RESOLVE_NO_SYMLINKS));
	must(r, STAGE_TOOLBOX, sys_move_mount(t->folder, at));
	at = must(r, STAGE_TOOLBOX, sys_openat2(t->folder, PROGRAM, O_PATH,
						RESOLVE_NO_SYMLINKS));
	must(r, STAGE_TOOLBOX, sys_move_mount(t->program, at));
	must(r, STAGE_TOOLBOX, sys_mount_setattr(t->folder, MOUNT_ATTR_RDONLY));
}
