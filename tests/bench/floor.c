/*
 * What is measured of the floor, as lines of JSON:
 *
 *   floor full N      N services one after the other, everything new for each, all kept alive
 *   floor start N     the same service N times, its sandbox and its view kept
 *   floor restart N   the same, from kill -9 on
 *   floor steps N     the steps of `full`, with the time that each takes
 *   floor start-steps N   those of `start`
 *   floor memory      the smallest memory.max with which a service reaches main(), in KB
 *   floor serve N     prints nothing: as full, and then starts the last one again whenever it
 *                     ends, sandbox and view kept (for watcher.c)
 *   floor log         prints nothing: starts one service and throws away what it prints, as it
 *                     comes; "log lazily": when it is about as much as a pipe holds
 *
 * As PID 1 it makes the board first, and powers it off at the end.
 */
#include "floor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "rlimits.h"
#include "sys.h"

/* Until the kernel has tidied up behind a run: a service that is killed has run for a while. */
#define PAUSE_US 100000

static struct floor_way way;

/* The nanoseconds that a payload says, or 0 if it ends before. */
static uint64_t read_main(struct floor_box *box)
{
	char line[64];
	ssize_t len = read(box->log_read, line, sizeof(line) - 1);

	line[len > 0 ? len : 0] = '\0';
	return strncmp(line, "main ", 5) ? 0 : strtoull(line + 5, NULL, 10);
}

static void stop(struct floor_box *box)
{
	kill(box->pid, SIGKILL);
	waitpid(box->pid, NULL, 0);
	box->pid = 0;
}

static void tell(const char *mode, unsigned run, uint64_t ns)
{
	printf("{\"mode\": \"%s\", \"run\": %u, \"ns\": %llu}\n", mode, run,
	       (unsigned long long)ns);
}

static void tell_steps(const char *mode, unsigned run, uint64_t from, uint64_t until)
{
	struct floor_shared *s = floor_shared;

	for (unsigned i = 0; i <= s->count; i++) {
		const char *name = i < s->count ? s->steps[i].name : "exec to main";
		uint64_t at = i < s->count ? s->steps[i].ns : until;

		printf("{\"mode\": \"%s\", \"run\": %u, \"step\": \"%s\", \"ns\": %llu}\n", mode,
		       run, name, (unsigned long long)(at - from));
		from = at;
	}
	s->count = 0;
}

static struct floor_box *make_boxes(unsigned count)
{
	struct floor_box *boxes = calloc(count, sizeof(*boxes));

	floor_must("memory", boxes ? 0 : -ENOMEM);
	for (unsigned i = 0; i < count; i++)
		floor_box_name(&boxes[i], i);
	return boxes;
}

/* Nanoseconds from the first call to main(). */
static uint64_t time_full(struct floor_box *box, uint64_t *from)
{
	uint64_t ready;

	*from = floor_now();
	floor_sandbox_make(box);
	floor_start(box, &way);
	ready = read_main(box);
	floor_check();
	return ready - *from;
}

static void run_full(const char *mode, unsigned n)
{
	struct floor_box *boxes = make_boxes(n);
	uint64_t from;

	for (unsigned i = 0; i < n; i++) {
		uint64_t ns = time_full(&boxes[i], &from);

		if (floor_shared->marks)
			tell_steps("full", i, from, from + ns);
		else
			tell(mode, i, ns);
	}
}

static void run_start(const char *mode, unsigned n, bool from_kill)
{
	struct floor_box *box = make_boxes(1);
	uint64_t from, killed;

	floor_sandbox_make(box);
	floor_view_keep(box);
	way.keeps_view = true;
	floor_shared->count = 0;
	for (unsigned i = 0; i <= n; i++) {
		usleep(PAUSE_US);
		killed = floor_now();
		if (i)
			stop(box);
		from = from_kill ? killed : floor_now();
		floor_start(box, &way);
		killed = read_main(box);
		floor_check();
		if (i && floor_shared->marks)
			tell_steps("start", i - 1, from, killed);
		else if (i)
			tell(mode, i - 1, killed - from);
		floor_shared->count = 0;
	}
}

static void run_steps(unsigned n)
{
	floor_shared->marks = true;
	run_full("full", n);
}

static void run_start_steps(unsigned n)
{
	floor_shared->marks = true;
	run_start("start", n, false);
}

static void serve(unsigned n)
{
	struct floor_box *boxes = make_boxes(n), *last = &boxes[n - 1];
	uint64_t from;

	for (unsigned i = 0; i < n; i++)
		time_full(&boxes[i], &from);
	floor_view_keep(last);
	way.keeps_view = true;
	for (;;) {
		if (waitpid(-1, NULL, 0) != last->pid)
			continue;
		floor_start(last, &way);
		read_main(last);
		floor_check();
	}
}

static void serve_log(bool lazily)
{
	static char bytes[65536];
	struct floor_box *box = make_boxes(1);

	floor_sandbox_make(box);
	floor_start(box, &way);
	while (read(box->log_read, bytes, sizeof(bytes)) > 0)
		if (lazily)
			usleep(10000);
}

/* A payload that says nothing within a second has no memory to say it. */
static bool starts_within(struct floor_box *box, unsigned long kb)
{
	struct pollfd log = { .fd = box->log_read, .events = POLLIN };
	char value[24];
	bool starts;

	snprintf(value, sizeof(value), "%luK", kb);
	floor_must("memory.max", cgroup_write(box->cgroup, "memory.max", value));
	floor_start(box, &way);
	starts = poll(&log, 1, 1000) == 1 && read_main(box);
	stop(box);
	floor_shared->failed = NULL;
	return starts;
}

/* By a copy of this process: one that shares its memory would take it along when it dies. */
static void run_memory(void)
{
	struct floor_box *box = make_boxes(1);
	unsigned long enough = 1024, little = 0;

	floor_sandbox_make(box);
	floor_view_keep(box);
	way = (struct floor_way){ .copies = true, .keeps_view = true };
	while (enough - little > 4) {
		unsigned long kb = (little + enough) / 8 * 4;

		if (starts_within(box, kb))
			enough = kb;
		else
			little = kb;
	}
	printf("{\"mode\": \"memory\", \"kb\": %lu}\n", enough);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "full";
	unsigned n = argc > 2 ? (unsigned)atoi(argv[2]) : 30;

	floor_shared = mmap(NULL, sizeof(*floor_shared), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	setvbuf(stdout, NULL, _IOLBF, 0);
	floor_site_make();
	floor_view_probe();
	umask(0);
	if (!strcmp(mode, "full"))
		run_full(mode, n);
	else if (!strcmp(mode, "start"))
		run_start(mode, n, false);
	else if (!strcmp(mode, "restart"))
		run_start(mode, n, true);
	else if (!strcmp(mode, "steps"))
		run_steps(n);
	else if (!strcmp(mode, "start-steps"))
		run_start_steps(n);
	else if (!strcmp(mode, "memory"))
		run_memory();
	else if (!strcmp(mode, "serve"))
		serve(n);
	else if (!strcmp(mode, "log"))
		serve_log(argc > 2);
	else
		floor_must(mode, -EINVAL);
	floor_end(0);
}
