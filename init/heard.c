/*
 * Reads a process's signal sets, as proc(5) shows them.  Refuses to know
 * what follows from them.
 */
#include "heard.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

/* "/proc/", a pid of at most 7 digits, "/status". */
#define PATH_SIZE 32

/* The file is some 1,500 bytes long; the sets stand in its first half, ahead
 * of the processor and node lists, which grow with the machine. */
#define STATUS_SIZE 2048

/* From that line on, or NULL. */
static const char *find_line(const char *status, const char *start)
{
	size_t len = strlen(start);

	while (status && strncmp(status, start, len))
		status = strchr(status + 1, '\n');
	return status;
}

static uint64_t signal_set(const char *status, const char *name)
{
	const char *at = find_line(status, name);
	uint64_t set = 0;

	if (!at)
		return 0;
	for (at += strlen(name); *at && *at != '\n'; at++)
		set = set << 4 | (unsigned)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	return set;
}

bool heard(pid_t pid, int signal)
{
	/* Pending: it waits to be taken.  Blocked: the same, in a moment or
	 * since a moment ago; sigwait(3) lifts the block while it waits and
	 * puts it back as it takes the signal. */
	static const char *const sets[] = {
		"\nSigPnd:\t", "\nShdPnd:\t", "\nSigBlk:\t", "\nSigCgt:\t",
	};
	char path[PATH_SIZE], status[STATUS_SIZE];
	struct text t = TEXT_ON(path);
	uint64_t all = 0;
	ssize_t n;
	int fd;

	text_add(&t, "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	n = read(fd, status, sizeof(status) - 1);
	close(fd);
	if (n <= 0)
		return true;
	status[n] = '\0';
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		all |= signal_set(status, sets[i]);
	return !find_line(status, sets[3]) || (all >> (signal - 1) & 1);
}
