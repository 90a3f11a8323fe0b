/*
 * Acts on control groups and decides nothing.  Refuses to know what a group
 * stands for, where the hierarchy is mounted and which limits make sense.
 */
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The longest file that is read here is memory.stat: on Linux 6.12 some 70 keys
 * of at most 29 letters, each with a number that is mostly short. */
#define READ_MAX 4096

int cgroup_make(int parent, const char *name)
{
	int fd;

	if (mkdirat(parent, name, 0755) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int cgroup_remove(int parent, const char *name)
{
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}

static int write_bytes(int dir, const char *file, const char *value, size_t len)
{
	int fd = openat(dir, file, O_WRONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, len) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

int cgroup_write(int dir, const char *file, const char *value)
{
	return write_bytes(dir, file, value, strlen(value));
}

int cgroup_enable(int dir, const char *controller)
{
	/* The longest that there is, "perf_event", and its sign. */
	char value[1 + 16] = "+";
	size_t len = strlen(controller);

	if (len >= sizeof(value))
		return -EINVAL;
	memcpy(value + 1, controller, len);
	return write_bytes(dir, "cgroup.subtree_control", value, len + 1);
}

int cgroup_enter(int dir)
{
	return cgroup_write(dir, "cgroup.procs", "0");
}

int cgroup_kill(int dir)
{
	return cgroup_write(dir, "cgroup.kill", "1");
}

int cgroup_open_events(int dir)
{
	int fd = openat(dir, "cgroup.events", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int64_t parse_number(const char *at)
{
	int64_t n = 0;

	if (*at < '0' || *at > '9')
		return -ERANGE;
	for (; *at >= '0' && *at <= '9'; at++)
		n = n * 10 + (*at - '0');
	return n;
}

/* The line "key value"; a key that is only the start of another's doesn't fit. */
static int64_t find_key(const char *at, const char *key)
{
	size_t len = strlen(key);

	while (at) {
		if (!strncmp(at, key, len) && at[len] == ' ')
			return parse_number(at + len + 1);
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	return -ENODATA;
}

static int read_keys(int fd, const char *const *keys, int64_t *values, unsigned count)
{
	char buf[READ_MAX];
	ssize_t len = pread(fd, buf, sizeof(buf), 0);
	int rc = len < 0 ? -errno : len == sizeof(buf) ? -EMSGSIZE : 0;

	if (rc == 0)
		buf[len] = '\0';
	for (unsigned i = 0; i < count; i++)
		values[i] = rc < 0 ? rc : find_key(buf, keys[i]);
	return rc;
}

/* Long enough for the 20 digits of the largest number, and its newline. */
#define NUMBER_SIZE 32

int64_t cgroup_read_number(int dir, const char *file)
{
	char buf[NUMBER_SIZE];
	int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return -errno;
	len = read(fd, buf, sizeof(buf) - 1);
	close(fd);
	if (len < 0)
		return -EIO;
	buf[len] = '\0';
	return parse_number(buf);
}

int cgroup_populated(int events)
{
	static const char *const key = "populated";
	int64_t populated;

	read_keys(events, &key, &populated, 1);
	return (int)populated;
}

int cgroup_read_keys(int dir, const char *file, const char *const *keys, int64_t *values,
		     unsigned count)
{
	int fd = openat(dir, file, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0) {
		rc = -errno;
		for (unsigned i = 0; i < count; i++)
			values[i] = rc;
		return rc;
	}
	rc = read_keys(fd, keys, values, count);
	close(fd);
	return rc;
}

int64_t cgroup_read_key(int dir, const char *file, const char *key)
{
	int64_t value;

	cgroup_read_keys(dir, file, &key, &value, 1);
	return value;
}
