/*
 * Random histories against the supervisor's pure part.  A model of the
 * kernel's side (processes, cgroups, time) answers the actions in any order
 * and with any delay that a kernel may show, with faults mixed in; after each
 * step every invariant is checked.  Each history has a seed of its own, which
 * is printed when it fails: `sim 1 SEED` plays it again.
 *
 * links: init/order.c init/step.c init/timers.c
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "init/order.h"

#define SERVICES_MAX 12
#define STEPS_IN_HISTORY 400

/* After the last fault everything comes to rest within so many steps: each
 * service needs about ten, and waits for at most all others. */
#define STEPS_TO_SETTLE (SERVICES_MAX * SERVICES_MAX * 40)

/* One takes well under a millisecond; a machine that is this slow is stuck. */
#define HISTORY_SECONDS 30

enum process { NONE, CHILD, RUNNING };

/* What the kernel knows of one service. */
struct model {
	enum process process;
	bool leftovers;		/* other processes in its cgroup */
	bool asked, killed;	/* a signal is on its way */
	bool started_once;
	bool stubborn;		/* ignores the signal it is asked by */
	bool hung;		/* its start never ends by itself */
	uint64_t ended_ms;
};

static struct service table[SERVICES_MAX];
static uint16_t after[SERVICES_MAX][SERVICES_MAX], before[SERVICES_MAX][SERVICES_MAX];
static struct order_slot slots[SERVICES_MAX];
static struct timers_slot timers[SERVICES_MAX];
static struct model model[SERVICES_MAX];
static struct order o;
static uint16_t count;
static uint64_t now, seed, rng, steps;
static bool faults;	/* may things go wrong? */

static void broken(const char *invariant, unsigned id)
{
	printf("not ok - %s\n# seed %llu, step %llu, service %u in state %u, at %llu ms\n",
	       invariant, (unsigned long long)seed, (unsigned long long)steps, id,
	       id < count ? slots[id].step.state : 0, (unsigned long long)now);
	exit(1);
}

/* xorshift64*: the same numbers from a seed on every machine. */
static unsigned chance(unsigned below)
{
	rng ^= rng >> 12;
	rng ^= rng << 25;
	rng ^= rng >> 27;
	return (unsigned)((rng * 0x2545f4914f6cdd1dull) >> 33) % below;
}

static bool fault(unsigned one_in)
{
	return faults && chance(one_in) == 0;
}

static void make_table(void)
{
	static const uint32_t delays[] = { 0, 1, 100, 1000 };

	memset(table, 0, sizeof(table));
	memset(model, 0, sizeof(model));
	count = (uint16_t)(1 + chance(SERVICES_MAX));
	for (uint16_t id = 0; id < count; id++) {
		struct service *s = &table[id];

		s->after = after[id];
		s->before = before[id];
		s->restart = (enum service_restart)chance(3);
		s->restart_delay_ms = delays[chance(4)];
		s->restart_delay_max_ms = s->restart_delay_ms + delays[chance(4)] * 10;
		s->stop_timeout_ms = 1 + chance(2000);
		for (uint16_t base = 0; base < id; base++) {
			if (chance(4))
				continue;
			after[id][s->after_count++] = base;
			before[base][table[base].before_count++] = id;
		}
	}
}

static void event(uint16_t id, enum step_event e)
{
	order_event(&o, id, e, now);
}

static void check_spawn(uint16_t id)
{
	const struct model *m = &model[id];
	uint32_t delay = table[id].restart_delay_ms, most = table[id].restart_delay_max_ms;

	if (m->process != NONE || m->leftovers)
		broken("a service never runs twice", id);
	if (o.stopping)
		broken("nothing starts in a system that stops", id);
	if (m->started_once && now - m->ended_ms < (delay < most ? delay : most))
		broken("back-off never falls below its floor", id);
	for (unsigned i = 0; !m->started_once && i < table[id].after_count; i++)
		if (model[table[id].after[i]].process != RUNNING)
			broken("what comes AFTER never starts before", id);
}

static void check_stop(uint16_t id)
{
	for (unsigned i = 0; i < table[id].before_count; i++)
		if (!step_at_rest(&slots[table[id].before[i]].step))
			broken("what comes AFTER ends before its base is asked to", id);
}

static void hangs(int signal)
{
	(void)signal;
	printf("not ok - no event makes the supervisor loop for ever\n# seed %llu, step %llu\n",
	       (unsigned long long)seed, (unsigned long long)steps);
	fflush(stdout);
	_exit(1);
}

/* What run.c does, on the model. */
static void act(uint16_t id, enum step_action action)
{
	struct model *m = &model[id];

	switch (action) {
	case STEP_SPAWN:
		check_spawn(id);
		m->started_once = true;
		m->asked = m->killed = m->hung = false;
		m->stubborn = chance(5) == 0;
		if (fault(8)) {
			m->ended_ms = now;
			event(id, STEP_NOT_STARTED);	/* EAGAIN from clone */
		} else {
			m->process = CHILD;
		}
		break;
	case STEP_TERMINATE:
		check_stop(id);
		if (m->process != RUNNING)
			broken("only a running service is asked to end", id);
		m->asked = true;
		if (chance(6) == 0)
			event(id, STEP_UNHEARD);
		break;
	case STEP_KILL:
		if (fault(10))
			break;	/* ENOMEM: nothing was killed or seen */
		m->killed = true;
		if (m->process == NONE && !m->leftovers)
			event(id, STEP_EMPTY);
		break;
	default:
		broken("every action is a known one", id);
	}
}

static void check_counts(uint16_t id)
{
	unsigned not_up = 0, not_at_rest = 0;

	for (unsigned i = 0; i < table[id].after_count; i++)
		not_up += !step_is_up(&slots[table[id].after[i]].step);
	for (unsigned i = 0; i < table[id].before_count; i++)
		not_at_rest += !step_at_rest(&slots[table[id].before[i]].step);
	if (slots[id].not_up != not_up || slots[id].not_at_rest != not_at_rest)
		broken("the counts beside a service tell the truth", id);
	if (slots[id].step.state == STEP_WAITING && !not_up)
		broken("nobody waits for nothing", id);
}

static void check_all(void)
{
	uint64_t least = 0;
	unsigned running = 0;

	for (uint16_t id = 0; id < count; id++) {
		const struct step_service *s = &slots[id].step;

		check_counts(id);
		running += !step_at_rest(s);
		if (s->deadline_ms && (!least || s->deadline_ms < least))
			least = s->deadline_ms;
		if (step_at_rest(s) && (model[id].process != NONE || model[id].leftovers))
			broken("nothing of a service at rest is left", id);
		if (step_at_rest(s) && s->deadline_ms)
			broken("a service at rest has no deadline", id);
	}
	if (running != o.running)
		broken("the number of running services is right", count);
	if (least != order_deadline(&o))
		broken("the earliest deadline is the first", count);
}

static void drain(void)
{
	enum step_action action;
	uint16_t id;

	while (order_next(&o, &id, &action))
		act(id, action);
	check_all();
	steps++;
}

static void end_process(uint16_t id, enum step_event e)
{
	model[id].process = NONE;
	model[id].ended_ms = now;
	model[id].killed = false;
	event(id, e);
}

/* One thing that the kernel may tell of this service now, or nothing. */
static void fact(uint16_t id)
{
	struct model *m = &model[id];

	if (m->process == CHILD) {
		m->hung |= fault(50);
		if (m->killed && chance(4))
			end_process(id, chance(2) ? STEP_FAILED : STEP_NOT_STARTED);
		else if (m->hung)
			;	/* its start's deadline must end it */
		else if (fault(4))
			end_process(id, chance(2) ? STEP_FAILED : STEP_NOT_STARTED);
		else {
			m->process = RUNNING;
			event(id, STEP_EXECUTED);
		}
	} else if (m->process == RUNNING) {
		if (fault(10))
			m->leftovers = true;
		if (m->killed || (m->asked && !m->stubborn))
			end_process(id, chance(2) ? STEP_FAILED : STEP_EXITED);
		else if (fault(5))
			end_process(id, chance(2) ? STEP_FAILED : STEP_EXITED);
	} else if (m->leftovers && m->killed) {
		m->leftovers = false;
		if (!fault(10))	/* a change that nobody was told */
			event(id, STEP_EMPTY);
	} else if (fault(50)) {
		/* What comes late, twice or for nothing must do no harm. */
		static const enum step_event stale[] = {
			STEP_EMPTY, STEP_GO, STEP_UNHEARD, STEP_START,
		};
		enum step_event e = stale[chance(4)];
		bool busy = m->leftovers || slots[id].not_up;

		if ((e == STEP_EMPTY && m->leftovers) || (e == STEP_GO && busy))
			return;
		/* A start that somebody asked for owes no delay. */
		if (e == STEP_START && step_at_rest(&slots[id].step))
			m->started_once = false;
		event(id, e);
	}
}

static void one_step(void)
{
	if (chance(3) == 0) {
		uint64_t next = order_deadline(&o);

		/* To the next deadline, a little before it or after it. */
		now += chance(2) && next > now ? next - now : chance(50);
		order_expire(&o, now);
	} else {
		fact((uint16_t)chance(count));
	}
	drain();
}

static bool settled(void)
{
	for (uint16_t id = 0; id < count; id++) {
		unsigned state = slots[id].step.state;
		bool waits_in_vain = state == STEP_WAITING && slots[id].not_up;

		if (state != STEP_UP && state != STEP_DONE && !waits_in_vain)
			return false;
	}
	return true;
}

static void settle(bool (*reached)(void), const char *claim)
{
	for (unsigned i = 0; i < STEPS_TO_SETTLE; i++) {
		if (reached())
			return;
		one_step();
	}
	broken(claim, count);
}

static bool at_rest(void)
{
	return order_at_rest(&o);
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
	faults = true;
	order_init(&o, table, count, slots, timers);
	order_start_all(&o, now);
	drain();
	for (unsigned i = 0; i < STEPS_IN_HISTORY && i != stop_at; i++)
		one_step();
	if (stop_at >= STEPS_IN_HISTORY) {
		faults = false;
		settle(settled, "without new faults every service comes up or rests");
	}
	order_stop_all(&o, now);
	drain();
	for (unsigned i = 0; i < more; i++)
		one_step();
	faults = false;
	settle(at_rest, "without new faults a system that stops comes to rest");
	faults = true;
	for (unsigned i = 0; i < 20; i++) {
		one_step();
		if (!order_at_rest(&o))
			broken("a stopped system stays stopped", count);
	}
}

int main(int argc, char **argv)
{
	uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 10000000;
	uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;

	signal(SIGALRM, hangs);
	for (seed = first; steps < wanted; seed++)
		history();
	printf("ok - %llu steps of %llu random histories, seeds from %llu, break no invariant\n",
	       (unsigned long long)steps, (unsigned long long)(seed - first),
	       (unsigned long long)first);
	return 0;
}
