/*
 * Verbs that try to change what the service sees: its files, its mounts, its
 * root.  Each is one system call, or the shortest way to it, and tells how the
 * kernel answered.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

/* A file that stays. */
static void try_keep(int out, char **argv)
{
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	answer(out, fd < 0 || write(fd, argv[2], strlen(argv[2])) < 0 ? -1 : fsync(fd));
}

static void try_create(int out, char **argv)
{
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	answer(out, fd);
	if (fd >= 0)
		unlink(argv[1]);
}

static void try_remove(int out, char **argv)
{
	answer(out, unlink(argv[1]));
}

static void try_mknod(int out, char **argv)
{
	mode_t kind = argv[2] && argv[2][0] == 'b' ? S_IFBLK : S_IFCHR;
	int major = argv[2] ? atoi(argv[3]) : 1, minor = argv[2] ? atoi(argv[4]) : 3;
	int rc = mknod(argv[1], kind | 0600, makedev((unsigned)major, (unsigned)minor));

	answer(out, rc);
	if (!rc)
		unlink(argv[1]);
}

/* What could be mounted is taken off again: others look at the same mounts. */
static void try_mount(int out, char **argv)
{
	int rc = mount("none", argv[2], argv[1], 0, NULL);

	answer(out, rc);
	if (!rc)
		umount2(argv[2], MNT_DETACH);
}

static void try_remount(int out, char **argv)
{
	int rc = mount(NULL, argv[1], NULL, MS_REMOUNT | MS_BIND, NULL);

	answer(out, rc);
	if (!rc)
		mount(NULL, argv[1], NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL);
}

static void try_umount(int out, char **argv)
{
	answer(out, umount2(argv[1], MNT_DETACH));
}

static void try_chroot(int out, char **argv)
{
	answer(out, chroot(argv[1]));
}

/* Out of a root by the way that is as old as chroot(2): with the working folder
 * outside of a root of one's own, ".." has no end but the tree's. */
static void try_climb(int out, char **argv)
{
	int i, top = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long rc = chroot(argv[1]);

	if (!rc)
		rc = fchdir(top);
	for (i = 0; !rc && i < 64; i++)
		rc = chdir("..");
	if (!rc)
		rc = chroot(".");
	answer(out, rc);
	if (!rc)
		dprintf(out, "%s\n", access("/services", F_OK) ? "inside" : "outside");
}

/* A copy of this program in that folder, as a program. */
static void try_program(int out, char **argv)
{
	char path[REQUEST_SIZE + 8], *const words[] = { "probe", "check", "/", NULL };
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), to, status = 0;
	pid_t pid;

	snprintf(path, sizeof(path), "%s/copy", argv[1]);
	to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	if (from < 0 || to < 0 || sendfile(to, from, NULL, 1 << 24) <= 0) {
		answer(out, -1);
		return;
	}
	close(to);
	pid = fork();
	if (!pid) {
		execv(path, words);
		_exit(errno);
	}
	waitpid(pid, &status, 0);
	unlink(path);
	errno = WEXITSTATUS(status);
	answer(out, status ? -1 : 0);
}

/* Opens / by handle, as one does who looks for another file system's inodes. */
static void try_handle(int out, char **argv)
{
	struct {
		struct file_handle head;
		char bytes[MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	int mount_id, fd = open(argv[1], O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && !name_to_handle_at(fd, "", &handle.head, &mount_id, AT_EMPTY_PATH))
		answer(out, open_by_handle_at(fd, &handle.head, O_RDONLY | O_CLOEXEC));
	else
		answer(out, -1);
}

const struct verb trespasses[] = {
	{ "keep", "PATH TEXT", 2, IN_CHILD, try_keep },
	{ "create", "PATH", 1, IN_CHILD, try_create },
	{ "remove", "PATH", 1, IN_CHILD, try_remove },
	{ "mknod", "PATH [c|b MAJOR MINOR]", 1, IN_CHILD, try_mknod },
	{ "mount", "TYPE PATH", 2, IN_CHILD, try_mount },
	{ "remount", "PATH", 1, IN_CHILD, try_remount },
	{ "umount", "PATH", 1, IN_CHILD, try_umount },
	{ "chroot", "PATH", 1, IN_CHILD, try_chroot },
	{ "climb", "FOLDER", 1, IN_CHILD, try_climb },
	{ "program", "FOLDER", 1, IN_CHILD, try_program },
	{ "handle", "PATH", 1, IN_CHILD, try_handle },
	{ .name = NULL },
};
