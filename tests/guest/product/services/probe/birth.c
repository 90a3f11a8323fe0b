/*
 * Decides what is worth remembering of the moment of exec: everything that a
 * careless parent leaks into its child.  Written as `key value` lines.
 */
#include "probe.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* /proc/self/status and limits are 3 KB together, the rest a few hundred
 * bytes; what does not fit ends the record with a line that says so. */
static char record[16384];
static size_t used;

static void note(const char *format, ...)
{
	static const char full[] = "\nrecord full\n";
	size_t room = sizeof(record) - sizeof(full) - used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(record + used, room, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < room)
		used += (size_t)n;
	else if (!strstr(record, full))
		strcpy(record + sizeof(record) - sizeof(full), full);
}

static void note_fd(int dir, const char *name)
{
	char target[256];
	ssize_t n = readlinkat(dir, name, target, sizeof(target) - 1);

	if (n < 0 || atoi(name) == dir)
		return;
	target[n] = '\0';
	note("fd %s %s\n", name, target);
}

static void note_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			note_fd(dirfd(dir), entry->d_name);
	if (dir)
		closedir(dir);
}

static void note_file(const char *key, const char *path)
{
	char line[512];
	FILE *file = fopen(path, "re");

	while (file && fgets(line, sizeof(line), file))
		note("%s %s", key, line);
	if (file)
		fclose(file);
}

void birth_record(int argc, char **argv, char **envp)
{
	char cwd[256];
	int i;

	note_fds();
	for (i = 0; i < argc; i++)
		note("argv %s\n", argv[i]);
	for (; *envp; envp++)
		note("env %s\n", *envp);
	note("cwd %s\n", getcwd(cwd, sizeof(cwd)) ? cwd : "?");
	note("pid %d\nppid %d\nsid %d\npgid %d\n", getpid(), getppid(), getsid(0), getpgrp());
	note("nice %d\npolicy %d\n", getpriority(PRIO_PROCESS, 0),
	     (int)syscall(SYS_sched_getscheduler, 0));
	note_file("oom_score_adj", "/proc/self/oom_score_adj");
	note_file("timerslack", "/proc/self/timerslack_ns");
	note_file("status", "/proc/self/status");
	note_file("limit", "/proc/self/limits");
}

void birth_tell(int out)
{
	answer(out, 0);
	dprintf(out, "%s", record);
}
