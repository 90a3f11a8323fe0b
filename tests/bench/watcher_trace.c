/*
 * The kernel's probes on PID 1 and its children: sets them, and prints what they have seen.
 * Knows nothing of who is PID 1, and of when a start is over.
 */
#include "watcher.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRACE "/tracefs/"
#define EVENTS TRACE "events/"

bool watcher_has_probes(void)
{
	return mount("tracefs", "/tracefs", "tracefs", 0, NULL) == 0 &&
	       access(EVENTS "raw_syscalls/sys_exit/enable", W_OK) == 0;
}

/* Of PID 1 and of all that it makes from now on; of what begins a start, the beginning too. */
void watcher_probe_calls(void)
{
	char filter[96];

	snprintf(filter, sizeof(filter), "id == %d || id == %d || id == %d", (int)SYS_mkdirat,
		 (int)SYS_pipe2, (int)SYS_socketpair);
	watcher_put(TRACE "buffer_size_kb", "16384");
	watcher_put(TRACE "trace_clock", "mono");
	watcher_put(TRACE "options/event-fork", "1");
	watcher_put(TRACE "set_event_pid", "1");
	watcher_put(EVENTS "raw_syscalls/sys_enter/filter", filter);
	watcher_put(EVENTS "raw_syscalls/sys_enter/enable", "1");
	watcher_put(EVENTS "raw_syscalls/sys_exit/enable", "1");
	watcher_put(EVENTS "sched/sched_process_exec/enable", "1");
}

void watcher_probe_ends(void)
{
	char filter[96];

	snprintf(filter, sizeof(filter), "id == %d && common_pid == 1", (int)SYS_mkdirat);
	watcher_put(TRACE "trace_clock", "mono");
	watcher_put(EVENTS "raw_syscalls/sys_enter/filter", filter);
	watcher_put(EVENTS "raw_syscalls/sys_enter/enable", "1");
	watcher_put(EVENTS "sched/sched_process_exec/filter", "filename ~ \"*payload\"");
	watcher_put(EVENTS "sched/sched_process_exec/enable", "1");
}

/* "  comm-57   [000] .....  12.345678: sys_exit: NR 257 = 3", comm being anything. */
static void tell_line(const char *phase, const char *line)
{
	static const struct {
		const char *mark, *key;
	} kinds[] = {
		{ ": sys_enter: NR ", "enter" }, { ": sys_exit: NR ", "exit" },
		{ ": sched_process_exec: ", "exec" },
	};
	const char *cpu = strstr(line, " [0");

	for (size_t i = 0; cpu && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *at = strstr(line, kinds[i].mark), *time = at, *pid = cpu;
		unsigned long long s = 0, us = 0;

		if (!at)
			continue;
		while (time > cpu && time[-1] != ' ')
			time--;
		while (pid > line && pid[-1] != '-')
			pid--;
		sscanf(time, "%llu.%llu", &s, &us);
		printf("\n{\"phase\": \"%s\", \"pid\": %d, \"us\": %llu, \"%s\": %d}", phase,
		       atoi(pid), s * 1000000 + us, kinds[i].key, atoi(at + strlen(kinds[i].mark)));
	}
}

void watcher_tell(const char *phase)
{
	char line[512];
	FILE *trace;

	watcher_put(TRACE "tracing_on", "0");
	trace = fopen(TRACE "trace", "re");
	while (trace && fgets(line, sizeof(line), trace))
		tell_line(phase, line);
	printf("\n");
	if (trace)
		fclose(trace);
	fflush(stdout);
	/* O_TRUNC empties it. */
	close(open(TRACE "trace", O_WRONLY | O_TRUNC | O_CLOEXEC));
	watcher_put(TRACE "tracing_on", "1");
}
