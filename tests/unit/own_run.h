/*
 * A /run of the test's own, so that what PID 1 makes there can be made on any
 * machine: an empty tmpfs in a new mount namespace, and for a user who is not
 * root a new user namespace around it.
 */
#ifndef TESTS_UNIT_OWN_RUN_H
#define TESTS_UNIT_OWN_RUN_H

#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init/paths.h"

static inline bool own_run_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return good;
}

/* False if this machine does not allow it. */
static inline bool own_run(void)
{
	unsigned uid = getuid(), gid = getgid();
	char map[32];

	if (unshare(uid ? CLONE_NEWUSER | CLONE_NEWNS : CLONE_NEWNS) < 0)
		return false;
	if (uid) {
		snprintf(map, sizeof(map), "0 %u 1", uid);
		if (!own_run_write("/proc/self/setgroups", "deny") ||
		    !own_run_write("/proc/self/uid_map", map))
			return false;
		snprintf(map, sizeof(map), "0 %u 1", gid);
		if (!own_run_write("/proc/self/gid_map", map))
			return false;
	}
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") == 0 &&
	       mkdir(PATH_RUN, 0700) == 0;
}

/* Files that this process has open. */
static inline int own_run_count_fds(void)
{
	int count = 0;

	for (int fd = 0; fd < 4096; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

#endif
