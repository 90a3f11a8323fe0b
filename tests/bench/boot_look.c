/*
 * Reads /proc.  Knows no init system.
 */
#include "boot_look.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int proc = -1;

int look_open(const char *folder)
{
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return -errno;
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", folder, "proc", 0, NULL) < 0)
		return -errno;
	proc = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return proc < 0 ? -errno : 0;
}

int look_leave_group(const char *folder)
{
	int dir, fd, rc;

	if (mount("cgroup2", folder, "cgroup2", 0, NULL) < 0)
		return -errno;
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = openat(dir, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	rc = write(fd, "0", 1) < 0 ? -errno : 0;
	close(fd);
	close(dir);
	return rc;
}

/* The text of a file, which ends with a 0; empty if there is none. */
static void read_text(pid_t pid, const char *file, size_t size, char *text)
{
	char path[64];
	size_t length = 0;
	ssize_t n;
	int fd;

	if (pid)
		snprintf(path, sizeof(path), "%d/%s", (int)pid, file);
	else
		snprintf(path, sizeof(path), "%s", file);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && length < size - 1 && (n = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)n;
	text[length] = '\0';
	if (fd >= 0)
		close(fd);
}

/* The number behind "\nkey:"; the first line of no file here is asked for. */
static uint64_t number(const char *text, const char *key)
{
	char line[64];
	const char *found;

	snprintf(line, sizeof(line), "\n%s:", key);
	found = strstr(text, line);
	return found ? strtoull(found + strlen(line), NULL, 10) : 0;
}

static int by_number(const void *a, const void *b)
{
	return *(const pid_t *)a - *(const pid_t *)b;
}

static bool is_one(pid_t pid, const char *name, bool wanted)
{
	char text[4096];

	read_text(pid, "comm", sizeof(text), text);
	text[strcspn(text, "\n")] = '\0';
	if (wanted)
		return !strcmp(text, name);
	if (!strcmp(text, name) || pid == getpid())
		return false;
	read_text(pid, "status", sizeof(text), text);
	return number(text, "VmSize") > 0;	/* the kernel's own threads have none */
}

int look_pids(const char *name, bool wanted, pid_t pids[static LOOK_PIDS_MAX])
{
	DIR *folder = fdopendir(openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *entry;
	int count = 0;

	while (folder && (entry = readdir(folder)) != NULL && count < LOOK_PIDS_MAX) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && is_one(pid, name, wanted))
			pids[count++] = pid;
	}
	if (folder)
		closedir(folder);
	qsort(pids, (size_t)count, sizeof(*pids), by_number);
	return count;
}

struct look_use look_use(pid_t pid)
{
	struct look_use use = { 0 };
	char text[4096];

	read_text(pid, "schedstat", sizeof(text), text);
	use.cpu_ns = strtoull(text, NULL, 10);
	read_text(pid, "status", sizeof(text), text);
	use.switches = number(text, "voluntary_ctxt_switches") + number(text, "nonvoluntary_ctxt_switches");
	return use;
}

struct look_memory look_memory(pid_t pid)
{
	char text[4096];

	read_text(pid, "smaps_rollup", sizeof(text), text);
	return (struct look_memory){
		.rss = number(text, "Rss") << 10,
		.anonymous = number(text, "Anonymous") << 10,
		.shmem = number(text, "Pss_Shmem") << 10,
	};
}

uint64_t look_kernel_memory(void)
{
	char text[8192];

	read_text(0, "meminfo", sizeof(text), text);
	return (number(text, "Slab") + number(text, "Percpu") + number(text, "KernelStack") +
		number(text, "PageTables")) << 10;
}

void look_group(pid_t pid, char name[static 64])
{
	char text[4096], *last;

	read_text(pid, "cgroup", sizeof(text), text);
	text[strcspn(text, "\n")] = '\0';
	last = strrchr(text, '/');
	snprintf(name, 64, "%s", last ? last + 1 : "");
}

int look_enter_init(void)
{
	int fd = openat(proc, "1/ns/mnt", O_RDONLY | O_CLOEXEC);
	int result = fd < 0 || setns(fd, CLONE_NEWNS) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return result;
}
