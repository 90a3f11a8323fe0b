/*
 * Decides what is unmounted, and how hard it is tried.  Refuses to know who
 * mounted it.
 */
#include "disks.h"

#include <signal.h>
#include <stdbool.h>
#include <string.h>

#include "sys.h"

/* A few hundred mounts, at most a hundred bytes each; what is beyond it is
 * synchronised all the same. */
#define MOUNTS_SIZE 32768

static bool is_octal(const char *at)
{
	return at[0] >= '0' && at[0] <= '3' && at[1] >= '0' && at[1] <= '7' &&
	       at[2] >= '0' && at[2] <= '7';
}

static void unescape(char *path)
{
	char *to = path;

	for (const char *from = path; *from; to++) {
		if (*from == '\\' && is_octal(from + 1)) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

/* By its node; or an image, by the fd that it was mounted from (verified_image.c). */
static bool is_of_device(const char *line)
{
	return !strncmp(line, "/dev/", 5) || !strncmp(line, "/proc/self/fd/", 14);
}

char *disks_mount_point(char *line)
{
	char *path, *end;

	if (!is_of_device(line))
		return NULL;
	path = strchr(line, ' ');
	end = path ? strchr(path + 1, ' ') : NULL;
	if (!end)
		return NULL;
	*end = '\0';
	unescape(path + 1);
	return path + 1;
}

/* Read-only first: that is for all namespaces in which it is still mounted, those
 * of a service that the kernel has not yet buried among them, and leaves it clean
 * even if it cannot be unmounted. */
static void put_away(const char *path)
{
	sys_mount(NULL, path, NULL, MS_REMOUNT | MS_RDONLY, NULL);
	syscall(SYS_umount2, path, 0);
}

/* The last one mounted comes first, since it may lie on another. */
static void put_away_all(void)
{
	static char mounts[MOUNTS_SIZE];
	int fd = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	while (fd >= 0 && (n = read(fd, mounts + len, sizeof(mounts) - 1 - len)) > 0)
		len += (size_t)n;
	while (len) {
		char *line, *path;

		mounts[--len] = '\0';	/* the newline that ends it */
		line = memrchr(mounts, '\n', len);
		line = line ? line + 1 : mounts;
		len = (size_t)(line - mounts);
		path = disks_mount_point(line);
		if (path)
			put_away(path);
	}
}

int disks_put_away(int *pidfd)
{
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND, .exit_signal = SIGCHLD,
		.pidfd = (uintptr_t)pidfd,
	};
	pid_t pid = sys_clone3(&args);

	if (pid == 0) {
		sync();
		put_away_all();
		_exit(0);
	}
	return pid < 0 ? pid : 0;
}
