/*
 * The peer's verbs that take a wall of a service down from outside, as its root
 * never could: so that what stands behind it is seen to hold by itself.
 */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int enter(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/mnt", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 || setns(fd, CLONE_NEWNS) < 0 ? -1 : 0;
}

static int tell(const char *what, int rc)
{
	printf("%s %s\n", what, rc < 0 ? strerror(errno) : "done");
	return rc < 0;
}

/* Mounts of the service become writable, and nodes and programs work in them. */
int peer_unlock(int argc, char **argv)
{
	struct mount_attr attr = {
		.attr_clr = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC,
	};
	int i, failed = argc < 3 || enter(argv[1]) < 0;

	for (i = 2; !failed && i < argc; i++)
		failed = tell(argv[i], (int)syscall(SYS_mount_setattr, AT_FDCWD, argv[i], 0, &attr,
						    sizeof(attr)));
	return failed;
}

/* A character device's node in a mount of the service, for everybody. */
int peer_plant(int argc, char **argv)
{
	int rc;

	if (argc != 5 || enter(argv[1]) < 0)
		return 2;
	umask(0);
	rc = mknod(argv[2], S_IFCHR | 0666,
		   makedev((unsigned)atoi(argv[3]), (unsigned)atoi(argv[4])));
	return tell(argv[2], rc);
}

int peer_limit(int argc, char **argv)
{
	struct rlimit limit;

	if (argc != 4)
		return 2;
	limit.rlim_cur = limit.rlim_max = (rlim_t)atoll(argv[3]);
	return tell(argv[2], prlimit(atoi(argv[1]), atoi(argv[2]), &limit, NULL));
}
