/*
 * Watches a PID 1 that starts services, and measures what it cannot tell itself: the same for
 * pith and for the floor.  As a guest's first program it loads the modules, and executes the
 * real PID 1; its child, which that one takes for any other orphan, has a mount namespace of
 * its own.
 *
 *   watcher calls SERVICES RUNS PROGRAM…  each system call of PID 1 and its children until so
 *                                         many payloads run; the same for so many restarts
 *                                         of the newest payload, which it kills
 *   watcher scale SERVICES PROGRAM…       when the first sandbox was begun, when the last
 *                                         program was executed, and the memory until then
 *   watcher log PROGRAM…                  CPU time of PID 1 and of the one service, when that
 *                                         has printed all that it prints
 *   watcher memory CGROUP FROM PROGRAM…   the smallest memory.max of the one service, in KB,
 *                                         with which it comes back after a kill
 *
 * It prints lines of JSON; what the kernel has no probes for is said by {"untraced": true}.
 */
#include "watcher.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATIENCE_MS 120000
#define LOOK_MS 20
#define QUIET_US 200000

static _Noreturn void end(void)
{
	fflush(stdout);
	sleep(1);	/* the console's last bytes */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}

_Noreturn void watcher_fail(const char *what, const char *why)
{
	printf("\n{\"error\": \"watcher: %s: %s\"}\n", what, why);
	end();
}

void watcher_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		watcher_fail(path, strerror(errno));
	close(fd);
}

/* All of a small file, with an end; "" if there is none. */
static const char *get(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

/* What the kernel has built in, or what is of another CPU, may be refused. */
static void load_modules(void)
{
	char line[256];
	FILE *list = fopen("/modules", "re");

	while (list && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		int fd = open(line, O_RDONLY | O_CLOEXEC);

		if (fd < 0)
			watcher_fail(line, strerror(errno));
		syscall(SYS_finit_module, fd, "", 0);
		close(fd);
	}
	if (list)
		fclose(list);
}

/* --- What runs ----------------------------------------------------------------- */

#define PAYLOAD "payload"
#define PRINTED PAYLOAD ", done\n"

static const char *name_of(const char *pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	return get(path);
}

static bool is_payload(const char *pid)
{
	return !strncmp(name_of(pid), PAYLOAD, strlen(PAYLOAD));
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

/* Until so many run, one of them with a greater pid than before; 0 if that takes too long. */
static int wait_payloads(int count, int before, int patience_ms)
{
	int newest;

	while (count_payloads(&newest) < count || newest <= before) {
		patience_ms -= LOOK_MS;
		if (patience_ms < 0)
			return 0;
		usleep(LOOK_MS * 1000);
	}
	return newest;
}

static int must_wait(int count, int before)
{
	int newest = wait_payloads(count, before, PATIENCE_MS);

	if (!newest)
		watcher_fail("the services", "do not start");
	return newest;
}

/* --- What is measured ------------------------------------------------------------ */

static unsigned long free_kb(void)
{
	const char *at = strstr(get("/proc/meminfo"), "MemFree:");

	return at ? strtoul(at + 8, NULL, 10) : 0;
}

/* Nanoseconds on a CPU. */
static unsigned long long cpu_ns(int pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	return strtoull(get(path), NULL, 10);
}

static void watch_calls(char **words)
{
	const int services = atoi(words[0]), runs = atoi(words[1]);
	int newest = must_wait(services, 0);

	usleep(QUIET_US);
	watcher_tell("first");
	for (int run = 0; run < runs; run++) {
		kill(newest, SIGKILL);
		newest = must_wait(services, newest);
		usleep(QUIET_US);
	}
	watcher_tell("again");
}

static void watch_scale(char **words, unsigned long before_kb)
{
	must_wait(atoi(words[0]), 0);
	usleep(QUIET_US);
	printf("\n{\"kb\": %ld}\n", (long)before_kb - (long)free_kb());
	watcher_tell("first");
}

/* By its name it has printed all, and all of that is read when nobody uses the CPU any more. */
static void watch_log(void)
{
	int payload = must_wait(1, 0);
	unsigned long long before, now = 0;
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", payload);
	for (int left = PATIENCE_MS / LOOK_MS; strcmp(name_of(pid), PRINTED); left--) {
		if (!left)
			watcher_fail("the service", "does not print all");
		usleep(LOOK_MS * 1000);
	}
	do {
		before = now;
		usleep(QUIET_US * 5);
		now = cpu_ns(payload) + cpu_ns(1);
	} while (now != before);
	printf("\n{\"init_ns\": %llu, ", cpu_ns(1));
	printf("\"service_ns\": %llu}\n", cpu_ns(payload));
}

static void set_memory_max(const char *cgroup, unsigned long kb)
{
	char path[128], value[32];

	snprintf(path, sizeof(path), "/cgroup/%.80s/memory.max", cgroup);
	snprintf(value, sizeof(value), "%lu", kb << 10);
	watcher_put(path, value);
}

/* Each time killed as it runs with all the memory it wants. */
static bool starts_with(const char *cgroup, unsigned long kb, unsigned long plenty_kb, int *newest)
{
	int seen;

	set_memory_max(cgroup, kb);
	kill(*newest, SIGKILL);
	usleep(QUIET_US);
	seen = wait_payloads(1, *newest, LOOK_MS);
	/* One that died at once is started again and again. */
	usleep(QUIET_US / 2);
	if (seen && wait_payloads(1, seen - 1, 0) == seen) {
		*newest = seen;
		return true;
	}
	set_memory_max(cgroup, plenty_kb);
	*newest = must_wait(1, *newest);
	usleep(QUIET_US);
	*newest = must_wait(1, *newest - 1);
	return false;
}

static void watch_memory(char **words)
{
	const unsigned long plenty = strtoul(words[1], NULL, 10);
	unsigned long enough = plenty, little = 0;
	int newest = must_wait(1, 0);

	mkdir("/cgroup", 0755);
	if (mount("cgroup2", "/cgroup", "cgroup2", 0, NULL) < 0)
		watcher_fail("cgroup2", strerror(errno));
	while (enough - little > 4) {
		unsigned long kb = (little + enough) / 8 * 4;

		if (starts_with(words[0], kb, plenty, &newest))
			enough = kb;
		else
			little = kb;
	}
	printf("\n{\"kb\": %lu}\n", enough);
}

static _Noreturn void watch(int ready, char **words)
{
	const bool calls = !strcmp(words[0], "calls"), scale = !strcmp(words[0], "scale");
	unsigned long before_kb;

	mkdir("/proc", 0755);
	mkdir("/tracefs", 0755);
	if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0)
		watcher_fail("/proc", strerror(errno));
	if ((calls || scale) && !watcher_has_probes()) {
		printf("\n{\"untraced\": true}\n");
		end();
	}
	if (calls)
		watcher_probe_calls();
	else if (scale)
		watcher_probe_ends();
	before_kb = free_kb();
	close(ready);
	if (calls)
		watch_calls(words + 1);
	else if (scale)
		watch_scale(words + 1, before_kb);
	else if (!strcmp(words[0], "log"))
		watch_log();
	else
		watch_memory(words + 1);
	end();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *mode;
		int words;	/* before PROGRAM */
	} modes[] = { { "calls", 2 }, { "scale", 1 }, { "log", 0 }, { "memory", 2 } };
	char byte, **program = NULL;
	int ready[2];

	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(argv[1], modes[i].mode) && argc > 2 + modes[i].words)
			program = argv + 2 + modes[i].words;
	if (!program)
		watcher_fail("its words", "not understood");
	load_modules();
	if (pipe2(ready, O_CLOEXEC) < 0)
		watcher_fail("pipe", strerror(errno));
	if (fork() == 0) {
		close(ready[0]);
		watch(ready[1], argv + 1);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 0)
		watcher_fail("its child", "says something");
	close(ready[0]);
	execv(program[0], program);
	watcher_fail(program[0], strerror(errno));
}
