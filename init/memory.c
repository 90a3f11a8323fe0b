/*
 * Reads and writes the kernel's files.  Refuses to know what follows from them
 * (pressure.c).
 */
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "text.h"

/* 50 ms within half a second, the shortest window that there is, in which one task
 * or more could not go on: the kernel tells so at most once in a window.  The first
 * one to give way is frozen that soon, and stopped half a second later. */
#define TRIGGER "some 50000 500000"

uint64_t memory_used(int cgroup)
{
	int64_t used = cgroup_read_number(cgroup, "memory.current");

	return used < 0 ? 0 : (uint64_t)used;
}

uint64_t memory_needed(int cgroup)
{
	static const char *const keys[] = { "file", "shmem" };
	uint64_t used = memory_used(cgroup), on_disk;
	int64_t bytes[2];

	cgroup_read_keys(cgroup, "memory.stat", keys, bytes, 2);
	if (bytes[1] < 0 || bytes[0] < bytes[1])
		return used;
	on_disk = (uint64_t)(bytes[0] - bytes[1]);
	return used > on_disk ? used - on_disk : 0;
}

uint64_t memory_free(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? 0 : (uint64_t)info.freeram * info.mem_unit;
}

int memory_set_high(int cgroup, uint64_t bytes)
{
	char value[24];		/* 20 digits */
	struct text t = TEXT_ON(value);

	text_add(&t, "%llu", (unsigned long long)bytes);
	return cgroup_write(cgroup, "memory.high", bytes ? value : "max");
}

int memory_open_trigger(int cgroup)
{
	int fd = openat(cgroup, "memory.pressure", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -errno;
	/* With its NUL, as psi.rst has it. */
	if (write(fd, TRIGGER, sizeof(TRIGGER)) < 0) {
		rc = -errno;
		close(fd);
		return rc;
	}
	return fd;
}
