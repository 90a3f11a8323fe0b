/*
 * Watches pith as PID 1 from the outside.  When a start begins, the kernel tells, by a
 * probe on PID 1's first call for it; when it ends, the payload.
 *
 * It executes the real PID 1; its child, which PID 1 takes for any other orphan, has a mount
 * namespace of its own.
 */
#include "agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRACE "/tracefs/"
#define PATIENCE_MS 60000
#define BOOT_MS 2000
#define RESTART_MS 100

#ifdef __x86_64__
#define PREFIX "__x64_"
#elif defined(__aarch64__)
#define PREFIX "__arm64_"
#else
#define PREFIX ""
#endif

/* PID 1's calls with which a sandbox, a start's report and a child begin. */
static const char *const calls[] = { "mkdirat", "pipe2", "socketpair", "clone3" };

static void append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		agent_fail(text, strerror(errno));
	close(fd);
}

/* A kernel may have no tracing: then payloads alone tell. */
static bool watch_calls(void)
{
	char text[128];

	if (mount("tracefs", "/tracefs", "tracefs", 0, NULL) < 0 || access(TRACE "kprobe_events", W_OK) < 0)
		return false;
	agent_write(TRACE "trace_clock", "mono");
	for (size_t at = 0; at < sizeof(calls) / sizeof(*calls); at++) {
		snprintf(text, sizeof(text), "p:bench/%s " PREFIX "sys_%s\n", calls[at], calls[at]);
		append(TRACE "kprobe_events", text);
		snprintf(text, sizeof(text), TRACE "events/bench/%s/filter", calls[at]);
		agent_write(text, "common_pid == 1");
	}
	agent_write(TRACE "events/bench/enable", "1");
	agent_write(TRACE "events/sched/sched_process_exec/enable", "1");
	return true;
}

static bool is_payload(const char *pid)
{
	char path[64], name[32];
	int fd;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, name, sizeof(name));
	close(fd);
	return len == 8 && !memcmp(name, "payload\n", 8);
}

static int count_payloads(int *newest)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	*newest = 0;
	while (proc && (entry = readdir(proc))) {
		int pid = atoi(entry->d_name);

		if (pid < 1 || !is_payload(entry->d_name))
			continue;
		count++;
		if (pid > *newest)
			*newest = pid;
	}
	closedir(proc);
	return count;
}

/* Until so many run, one of them with a greater pid than before.  It looks seldom, and not at
 * first: what it does would be in the way of what is measured. */
static int wait_payloads(int count, int before, int every_ms)
{
	int newest;

	for (int left = PATIENCE_MS / every_ms; left > 0; left--) {
		usleep((useconds_t)every_ms * 1000);
		if (count_payloads(&newest) == count && newest > before)
			return newest;
	}
	agent_fail("pith", "its services do not start");
}

static void tell_trace(const char *phase)
{
	char line[512];
	FILE *trace = fopen(TRACE "trace", "re");

	while (trace && fgets(line, sizeof(line), trace)) {
		line[strcspn(line, "\n\"\\")] = '\0';
		if (line[0] && line[0] != '#')
			printf("\n{\"phase\": \"%s\", \"trace\": \"%s\"}\n", phase, line);
	}
	if (trace)
		fclose(trace);
	fflush(stdout);
	/* O_TRUNC empties it. */
	close(open(TRACE "trace", O_WRONLY | O_TRUNC | O_CLOEXEC));
}

/* By pith's client, which has to be where PID 1 is. */
static _Noreturn void be_client(const char *program, int out)
{
	int namespace = open("/proc/1/ns/mnt", O_RDONLY | O_CLOEXEC), root = open("/proc/1/root", O_PATH | O_CLOEXEC);

	if (setns(namespace, CLONE_NEWNS) < 0 || fchdir(root) < 0 || chroot(".") < 0)
		agent_fail("PID 1's namespace", strerror(errno));
	dup2(out, STDOUT_FILENO);
	execl(program, "pith", "logs", "--json", NULL);
	agent_fail(program, strerror(errno));
}

static void tell_mains(const char *program)
{
	char line[1024];
	int ends[2];
	pid_t pid;
	FILE *logs;

	if (pipe2(ends, O_CLOEXEC) < 0)
		agent_fail("pipe", strerror(errno));
	pid = fork();
	if (pid == 0)
		be_client(program, ends[1]);
	close(ends[1]);
	logs = fdopen(ends[0], "r");
	while (fgets(line, sizeof(line), logs))
		if (strstr(line, "\"main "))
			printf("\n%s", line);
	fclose(logs);
	waitpid(pid, NULL, 0);
}

static _Noreturn void report(int ready, int services, int runs, const char *program)
{
	bool traced;
	int last;

	mkdir("/proc", 0755);
	mkdir("/tracefs", 0755);
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0)
		agent_fail("/proc", strerror(errno));
	traced = watch_calls();
	close(ready);
	last = wait_payloads(services, 0, BOOT_MS);
	if (traced)
		tell_trace("first");
	for (int at = 0; at < runs; at++) {
		kill(last, SIGKILL);
		last = wait_payloads(services, last, RESTART_MS);
	}
	if (traced)
		tell_trace("again");
	tell_mains(program);
	agent_end();
}

_Noreturn void agent_pith(char **words)
{
	const int services = atoi(words[0]), runs = atoi(words[1]);
	char *program = words[2], byte;
	int ready[2];

	if (pipe2(ready, O_CLOEXEC) < 0)
		agent_fail("pipe", strerror(errno));
	if (fork() == 0) {
		close(ready[0]);
		report(ready[1], services, runs, program);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 0)
		agent_fail("reporter", "says something");
	close(ready[0]);
	execl(program, "/init", NULL);
	agent_fail(program, strerror(errno));
}
