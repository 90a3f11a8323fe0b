/*
 * Measures a running init system from beside it.  Knows none by its name.
 *
 * It sleeps while anything is measured: on one CPU it is in nobody's way.
 */
#include "boot_report.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "agent.h"
#include "boot_look.h"
#include "boot_mains.h"
#include "boot_paths.h"

#define SERVICES_MAX 64
#define MS 1000000u

/* Longer than what init systems ask of a service before they start it again at once. */
#define RUN_MS 1300
#define RESTART_MAX_MS 10000

static void pause_ms(unsigned ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * MS }, NULL);
}

void report_boot(uint64_t start_ns, int count)
{
	pid_t pids[LOOK_PIDS_MAX] = { 0 };
	uint64_t ns[SERVICES_MAX];
	int found = 0;

	if (count > SERVICES_MAX)
		agent_fail("boot", "too many services");
	for (int tries = 0; tries < 20 && found != count; tries++) {
		pause_ms(500);
		found = look_pids(BOOT_PAYLOAD, true, pids);
	}
	if (found != count)
		agent_fail("boot: not all services run", mains_errors());
	mains_of(count, pids, ns);
	printf("\n{\"boot\": [");
	for (int i = 0; i < count; i++) {
		if (ns[i] <= start_ns)
			agent_fail("boot", "a service did not say when it began");
		printf("%s%llu", i ? ", " : "", (unsigned long long)(ns[i] - start_ns));
	}
	printf("]}\n");
}

/* The process that was not there before; 0 if there is none. */
static pid_t newcomer(int before, const pid_t *old)
{
	pid_t pids[LOOK_PIDS_MAX];
	int count = look_pids(BOOT_PAYLOAD, true, pids);

	for (int i = 0, known = 0; i < count; i++, known = 0) {
		for (int k = 0; k < before; k++)
			known |= old[k] == pids[i];
		if (!known)
			return pids[i];
	}
	return 0;
}

/* ns from the kill to the successor's main(); 0 if there is none. */
static uint64_t time_restart(int count, pid_t *pids, int victim)
{
	uint64_t killed_ns, main_ns = 0;
	pid_t successor = 0;

	/* One that did not come back in time may be there by now. */
	if (!pids[victim])
		pids[victim] = newcomer(count, pids);
	if (!pids[victim])
		return 0;
	killed_ns = agent_now_ns();
	kill(pids[victim], SIGKILL);
	for (unsigned ms = 0; ms < RESTART_MAX_MS && !successor; ms += RUN_MS) {
		pause_ms(RUN_MS);
		successor = newcomer(count, pids);
	}
	pids[victim] = successor;
	if (!successor)
		return 0;
	mains_of(1, &successor, &main_ns);
	return main_ns > killed_ns ? main_ns - killed_ns : 0;
}

void report_restart(int runs)
{
	pid_t pids[LOOK_PIDS_MAX];
	int count = look_pids(BOOT_PAYLOAD, true, pids);

	printf("\n{\"restart\": [");
	for (int i = 0; count && i < runs; i++) {
		uint64_t ns = time_restart(count, pids, i % count);

		printf(ns ? "%s%llu" : "%snull", i ? ", " : "", (unsigned long long)ns);
	}
	printf("]}\n");
}

/* A child of a child that ends when hold does, or after a while; its parent is gone then. */
static void leave_orphan(const int hold[2], unsigned ms)
{
	pid_t pid = fork();
	char byte;

	if (pid < 0)
		_exit(1);
	if (pid > 0)
		return;
	if (ms) {
		pause_ms(ms);
	} else {
		close(hold[1]);
		if (read(hold[0], &byte, 1) < 0)
			_exit(1);
	}
	_exit(0);
}

static void leave_orphans(int count, const int hold[2], unsigned ms)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		for (int i = 0; i < count; i++)
			leave_orphan(hold, ms);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		agent_fail("orphans", "they cannot be made");
}

void report_orphans(int count)
{
	struct look_use before, between, after;
	int hold[2], rc;

	if (pipe(hold) < 0)
		agent_fail("orphans", strerror(errno));
	rc = look_leave_group(BOOT_PROC);
	if (rc < 0)
		agent_fail("orphans: leaving the control group", strerror(-rc));
	leave_orphans(count, hold, 0);
	pause_ms(2000);
	before = look_use(1);
	close(hold[1]);
	pause_ms(5000);
	between = look_use(1);
	for (int i = 0; i < count; i++) {
		leave_orphans(1, hold, 2);
		pause_ms(5);
	}
	pause_ms(1000);
	after = look_use(1);
	close(hold[0]);
	printf("\n{\"orphans\": {\"count\": %d, \"at_once_ns\": %llu, \"one_by_one_ns\": %llu}}\n", count,
	       (unsigned long long)(between.cpu_ns - before.cpu_ns), (unsigned long long)(after.cpu_ns - between.cpu_ns));
}

/* Of PID 1 and of all others together that are neither services nor we. */
static void look_at_supervisors(struct look_use use[2])
{
	pid_t pids[LOOK_PIDS_MAX];
	int count = look_pids(BOOT_PAYLOAD, false, pids);

	use[0] = look_use(1);
	use[1] = (struct look_use){ 0 };
	for (int i = 0; i < count; i++) {
		struct look_use one = look_use(pids[i]);

		use[1].cpu_ns += pids[i] == 1 ? 0 : one.cpu_ns;
		use[1].switches += pids[i] == 1 ? 0 : one.switches;
	}
}

void report_idle(int seconds)
{
	struct look_use before[2], after[2];

	pause_ms(10000);
	look_at_supervisors(before);
	pause_ms((unsigned)seconds * 1000);
	look_at_supervisors(after);
	printf("\n{\"idle\": {\"seconds\": %d, \"pid1_wakeups\": %llu, \"pid1_ns\": %llu, "
	       "\"others_wakeups\": %llu, \"others_ns\": %llu}}\n", seconds,
	       (unsigned long long)(after[0].switches - before[0].switches),
	       (unsigned long long)(after[0].cpu_ns - before[0].cpu_ns),
	       (unsigned long long)(after[1].switches - before[1].switches),
	       (unsigned long long)(after[1].cpu_ns - before[1].cpu_ns));
}

void report_memory(uint64_t kernel_before)
{
	struct look_memory init = look_memory(1), others = { 0 };
	uint64_t kernel = look_kernel_memory();
	pid_t pids[LOOK_PIDS_MAX];
	int count = look_pids(BOOT_PAYLOAD, false, pids), helpers = 0;

	for (int i = 0; i < count; i++) {
		struct look_memory one = look_memory(pids[i]);

		if (pids[i] == 1)
			continue;
		helpers++;
		others.anonymous += one.anonymous;
	}
	printf("\n{\"memory\": {\"rss\": %llu, \"anonymous\": %llu, \"shmem\": %llu, \"helpers\": %d, "
	       "\"others_anonymous\": %llu, \"kernel\": %lld}}\n",
	       (unsigned long long)init.rss, (unsigned long long)init.anonymous,
	       (unsigned long long)init.shmem, helpers, (unsigned long long)others.anonymous,
	       (long long)(kernel - kernel_before));
}
