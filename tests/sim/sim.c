/*
 * Random histories against the supervisor's pure part.  A model of the
 * kernel's side (processes, cgroups, time) answers the actions in any order
 * and with any delay that a kernel may show, with faults, an operator and
 * crashes of PID 1 mixed in; after each step every invariant is checked.  Each
 * history has a seed of its own, which is printed when it fails: `sim 1 SEED`
 * plays it again.
 *
 * links: init/order.c init/step.c init/timers.c
 * links: tests/sim/model/kernel.c tests/sim/model/pid1.c tests/sim/model/claims.c
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/sim/model.h"

#define STEPS_IN_HISTORY 400

/* After the last fault everything comes to rest within so many steps: each
 * service needs some hundred of those that go to all of them at random, and
 * waits for at most all others. */
#define STEPS_TO_SETTLE (SERVICES_MAX * SERVICES_MAX * 400)

/* One takes well under a millisecond; a machine that is this slow is stuck. */
#define HISTORY_SECONDS 30

/* So many steps have everything in them that can happen. */
#define STEPS_WITH_ALL 1000000

struct service table[SERVICES_MAX];
struct kernel kernel[SERVICES_MAX];
uint16_t count, starting_max;
uint64_t now, steps;
uint64_t seen[SEEN_COUNT];
bool faults;

static uint16_t after[SERVICES_MAX][SERVICES_MAX], before[SERVICES_MAX][SERVICES_MAX];
static uint64_t seed, rng;

static const char *const seen_names[SEEN_COUNT] = {
	[SEEN_CRASH] = "crashes of PID 1",
	[SEEN_UNSAVED_EVENT] = "with an event unsaved",
	[SEEN_UNSAVED_PID] = "with a pid unsaved",
	[SEEN_CRASH_STOPPING] = "while it stopped",
	[SEEN_GIVEN_UP] = "given up",
	[SEEN_REBOOT] = "reboots for it",
	[SEEN_FINISHED] = "finished",
	[SEEN_MISSED_PING] = "pings missed",
	[SEEN_START_TIMEOUT] = "starts hung",
	[SEEN_READY_TIMEOUT] = "never ready",
	[SEEN_STOP_TIMEOUT] = "stops hung",
	[SEEN_UNHEARD] = "signals unheard",
	[SEEN_EARLY_READY] = "ready before executed",
	[SEEN_LATE_READY] = "ready after the end",
	[SEEN_EXIT_BEFORE_READY] = "ends before ready",
	[SEEN_EXIT_BEFORE_EXECUTED] = "ends before executed",
	[SEEN_COALESCED] = "ends told together",
	[SEEN_LOST_SIGCHLD] = "ends not told",
	[SEEN_NO_CLONE] = "clones refused",
	[SEEN_NO_KILL] = "kills failed",
	[SEEN_LOST_EMPTY] = "empty cgroups not told",
	[SEEN_START] = "asked to start",
	[SEEN_STOP] = "to stop",
	[SEEN_RESTART] = "to restart",
	[SEEN_EXTENDED] = "time-outs extended",
	[SEEN_RELEASED] = "holds released",
	[SEEN_HELD_AGAIN] = "holds renewed",
	[SEEN_HELD_TAKEN_UP] = "holds taken up",
	[SEEN_HELD_STOPPED] = "stopped while held",
};

void broken(const char *invariant, unsigned id)
{
	printf("not ok - %s\n# seed %llu, step %llu, ", invariant, (unsigned long long)seed,
	       (unsigned long long)steps);
	if (id < count)
		printf("service %u %s, ", id, step_state_name(slots[id].step.state));
	printf("at %llu ms\n", (unsigned long long)now);
	exit(1);
}

/* xorshift64* */
unsigned chance(unsigned below)
{
	rng ^= rng >> 12;
	rng ^= rng << 25;
	rng ^= rng >> 27;
	return (unsigned)((rng * 0x2545f4914f6cdd1dull) >> 33) % below;
}

bool fault(unsigned one_in)
{
	return faults && chance(one_in) == 0;
}

static void hangs(int signal)
{
	(void)signal;
	printf("not ok - no event makes the supervisor loop for ever\n# seed %llu, step %llu\n",
	       (unsigned long long)seed, (unsigned long long)steps);
	fflush(stdout);
	_exit(1);
}

/* --- Tables ------------------------------------------------------------------ */

static void make_policy(struct service *s)
{
	static const uint32_t delays[] = { 0, 1, 100, 1000 };
	static const uint32_t watchdogs[] = { 0, 0, 50, 5000 };
	static const uint32_t start_timeouts[] = { 0, 200, 5000 };
	static const uint32_t limits[] = { 0, 0, 1, 3, 10 };
	static const uint32_t windows[] = { 1000, 10000, 100000 };

	s->restart = (enum service_restart)chance(3);
	s->restart_delay_ms = delays[chance(4)];
	s->restart_delay_max_ms = s->restart_delay_ms + delays[chance(4)] * 10;
	s->stop_timeout_ms = 1 + chance(2000);
	s->start_limit = limits[chance(5)];
	s->start_limit_window_ms = windows[chance(3)];
	s->on_limit = chance(6) ? SERVICE_ON_LIMIT_STOP : SERVICE_ON_LIMIT_REBOOT;
	if (chance(5) == 0) {
		s->type = SERVICE_TYPE_ONESHOT;
		return;
	}
	s->ready = (enum service_ready)chance(2);
	s->start_timeout_ms = start_timeouts[chance(3)];
	s->watchdog_ms = watchdogs[chance(4)];
	s->notify = s->ready == SERVICE_READY_NOTIFY || s->watchdog_ms;
}

static void make_table(void)
{
	memset(table, 0, sizeof(table));
	memset(kernel, 0, sizeof(kernel));
	memset(book, 0, sizeof(book));
	count = (uint16_t)(1 + chance(SERVICES_MAX));
	starting_max = (uint16_t)(1 + chance(SERVICES_MAX));
	for (uint16_t id = 0; id < count; id++) {
		struct service *s = &table[id];

		make_policy(s);
		s->volume_count = chance(4) == 0;
		s->after = after[id];
		s->before = before[id];
		for (uint16_t base = 0; base < id; base++) {
			if (chance(4))
				continue;
			after[id][s->after_count++] = base;
			before[base][table[base].before_count++] = id;
		}
	}
}

/* --- Histories ---------------------------------------------------------------- */

static void one_step(void)
{
	kernel_step((uint16_t)chance(count));
	pid1_turn();
}

/* A service that shall say READY=1, and has no time-out, may never be ready:
 * it does not say so, or PID 1 forgot it. */
static bool waits_for_ever(uint16_t id)
{
	const struct kernel *k = &kernel[id];

	return table[id].ready == SERVICE_READY_NOTIFY && !table[id].start_timeout_ms &&
	       k->process == RUNNING && !k->ready && (k->mute || !book[id].ready);
}

static bool at_rest(void)
{
	return order_at_rest(&o);
}

static bool settled(void)
{
	for (uint16_t id = 0; id < count; id++) {
		unsigned state = slots[id].step.state;
		bool waits_in_vain = state == STEP_WAITING && (slots[id].not_up || slots[id].held);

		if (state != STEP_UP && !step_at_rest(&slots[id].step) && !waits_in_vain &&
		    !(state == STEP_READYING && waits_for_ever(id)))
			return false;
	}
	return !o.stopping || at_rest();
}

static void settle(bool (*reached)(void), const char *claim)
{
	faults = false;
	crashy = 0;
	for (unsigned i = 0; i < STEPS_TO_SETTLE; i++) {
		if (reached())
			return;
		one_step();
	}
	broken(claim, count);
}

static void goes_wrong(void)
{
	faults = true;
	crashy = chance(2) ? 0 : 20 + chance(1000);
}

static void history(void)
{
	unsigned stop_at, more;

	alarm(HISTORY_SECONDS);
	rng = seed * 0x9e3779b97f4a7c15ull | 1;
	stop_at = chance(2 * STEPS_IN_HISTORY);
	more = chance(100);
	make_table();
	now = 1 + chance(1000000);
	goes_wrong();
	pid1_boot();
	for (unsigned i = 0; i < STEPS_IN_HISTORY && i != stop_at; i++)
		one_step();
	if (stop_at >= STEPS_IN_HISTORY) {
		settle(settled, "without new faults every service comes up or rests");
		goes_wrong();
	}
	pid1_stop_all();
	for (unsigned i = 0; i < more; i++)
		one_step();
	settle(at_rest, "without new faults a system that stops comes to rest");
	goes_wrong();
	for (unsigned i = 0; i < 20; i++) {
		one_step();
		if (!at_rest())
			broken("a stopped system stays stopped", count);
	}
}

static void say_what_was_seen(uint64_t wanted)
{
	for (unsigned i = 0; i < SEEN_COUNT; i++)
		printf("%s %llu %s", i ? "," : "#", (unsigned long long)seen[i], seen_names[i]);
	putchar('\n');
	for (unsigned i = 0; i < SEEN_COUNT && wanted >= STEPS_WITH_ALL; i++)
		if (!seen[i]) {
			printf("not ok - the histories have everything in them: %s\n",
			       seen_names[i]);
			exit(1);
		}
}

int main(int argc, char **argv)
{
	uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	signal(SIGALRM, hangs);
	for (seed = first; steps < wanted; seed++)
		history();
	say_what_was_seen(wanted);
	printf("ok - %llu steps of %llu random histories, seeds from %llu, break no invariant\n",
	       (unsigned long long)steps, (unsigned long long)(seed - first),
	       (unsigned long long)first);
	return 0;
}
