/*
 * The loop of PID 1 on the model: notices what the kernel tells, late, out of
 * order or never; carries out actions; saves before each of them; and crashes
 * anywhere in between, after which another PID 1 takes up what was saved.
 * Refuses to know what is right (claims.c).
 */
#include <setjmp.h>
#include <string.h>

#include "tests/sim/model.h"

static struct timers_slot timers[SERVICES_MAX];
static bool known[SERVICES_MAX];	/* PID 1 has the main process's pid */
static bool ending;			/* ON_LIMIT: the loop shall stop it all */
static bool unsaved;			/* an event that no record tells of yet */
static bool saved_storage;
static jmp_buf crash;

struct saved saved[SERVICES_MAX];
struct order_slot slots[SERVICES_MAX];
struct order o;
bool saved_stopping, sigchld, storage_up;
unsigned crashy;

static void may_crash(void)
{
	if (!crashy || chance(crashy))
		return;
	seen[SEEN_CRASH]++;
	seen[SEEN_UNSAVED_EVENT] += unsaved;
	seen[SEEN_CRASH_STOPPING] += saved_stopping;
	longjmp(crash, 1);
}

static void save(uint16_t id)
{
	saved[id] = (struct saved){ slots[id].step, book[id], known[id], true };
}

static void save_changed(void)
{
	uint16_t id;

	while (order_changed(&o, &id)) {
		may_crash();
		save(id);
	}
	unsaved = false;
}

static void event(uint16_t id, enum step_event e)
{
	claims_before(id, e);
	order_event(&o, id, e, now);
	claims_after();
	unsaved = true;
	may_crash();
	/* It alone, and what follows for others not yet. */
	if (chance(4) == 0)
		save(id);
	may_crash();
}

/* --- Actions ---------------------------------------------------------------- */

static void act_spawn(uint16_t id)
{
	if (fault(8)) {
		seen[SEEN_NO_CLONE]++;
		kernel[id].ended_ms = now;
		event(id, STEP_NOT_STARTED);	/* EAGAIN */
		return;
	}
	kernel_clone(id);
	may_crash();
	known[id] = true;
	save(id);
}

static void act_terminate(uint16_t id)
{
	kernel[id].asked = true;
	if (chance(6))
		return;
	seen[SEEN_UNHEARD]++;
	event(id, STEP_UNHEARD);
}

static void if_empty(uint16_t id)
{
	if (!kernel_populated(id) && slots[id].step.state == STEP_CLEANING)
		event(id, STEP_EMPTY);
}

static void act_kill(uint16_t id)
{
	if (fault(10)) {
		seen[SEEN_NO_KILL]++;	/* ENOMEM: nothing was killed or seen */
		return;
	}
	kernel_kill(id);
	if_empty(id);
}

static void act_give_up(uint16_t id)
{
	seen[SEEN_GIVEN_UP]++;
	if (table[id].on_limit == SERVICE_ON_LIMIT_REBOOT)
		ending = true;
}

static void drain(void)
{
	static void (*const acts[STEP_ACTION_COUNT])(uint16_t) = {
		[STEP_SPAWN] = act_spawn,
		[STEP_TERMINATE] = act_terminate,
		[STEP_KILL] = act_kill,
		[STEP_GIVE_UP] = act_give_up,
	};
	enum step_action action;
	uint16_t id;

	for (;;) {
		save_changed();
		may_crash();
		if (!order_next(&o, &id, &action))
			return;
		claims_action(id, action);
		acts[action](id);
		may_crash();
	}
}

/* --- What is noticed ---------------------------------------------------------- */

static void look_at_status(uint16_t id)
{
	if (known[id] && kernel[id].executed && slots[id].step.state == STEP_STARTING)
		event(id, STEP_EXECUTED);
}

static void look_at_messages(uint16_t id)
{
	struct kernel *k = &kernel[id];
	unsigned state = slots[id].step.state;

	if (k->extend) {
		k->extend = false;
		seen[SEEN_EXTENDED]++;
		order_extend(&o, id, chance(5000), now);
	}
	if (k->ready) {
		k->ready = false;
		seen[SEEN_EARLY_READY] += state == STEP_STARTING;
		seen[SEEN_LATE_READY] += state == STEP_CLEANING;
		event(id, STEP_READY);
	}
	if (k->ping) {
		k->ping = false;
		event(id, STEP_PING);
	}
}

static void look_at_cgroup(uint16_t id)
{
	if (!kernel[id].emptied)
		return;
	kernel[id].emptied = false;
	if (fault(10))
		seen[SEEN_LOST_EMPTY]++;	/* a change that nobody was told */
	else
		if_empty(id);
}

static void reap_one(uint16_t id)
{
	struct kernel *k = &kernel[id];
	unsigned state;

	/* Not always is what it said before its end read before. */
	if (chance(3)) {
		look_at_status(id);
		if (k->executed)
			look_at_messages(id);
	}
	state = slots[id].step.state;
	seen[SEEN_EXIT_BEFORE_EXECUTED] += k->executed && state == STEP_STARTING;
	seen[SEEN_EXIT_BEFORE_READY] += k->ready && state == STEP_READYING;
	known[id] = false;
	/* Told and put down before it is buried (WNOWAIT), or not. */
	if (chance(2))
		k->process = NONE;
	event(id, k->end);
	save_changed();
	k->process = NONE;
}

/* All that have ended, in any order. */
static void reap(void)
{
	uint16_t first = (uint16_t)chance(count);
	unsigned reaped = 0;

	if (!sigchld && faults)
		return;
	sigchld = false;
	for (unsigned i = 0; i < count; i++) {
		uint16_t id = (uint16_t)((first + i) % count);

		if (kernel[id].process != ZOMBIE)
			continue;
		reaped++;
		reap_one(id);
		drain();
	}
	seen[SEEN_COALESCED] += reaped > 1;
}

static void look_at(uint16_t id)
{
	static void (*const looks[])(uint16_t) = {
		look_at_status, look_at_messages, look_at_cgroup,
	};
	unsigned first = chance(3);

	for (unsigned i = 0; i < 3; i++) {
		if (chance(4) == 0)
			continue;
		looks[(first + i) % 3](id);
		drain();
	}
}

/* Those that are healthy have not been silent while time passed. */
static void hear_pings(void)
{
	for (uint16_t id = 0; id < count; id++) {
		const struct kernel *k = &kernel[id];

		if (table[id].watchdog_ms && slots[id].step.state == STEP_UP &&
		    k->process == RUNNING && !k->silent && !fault(10))
			event(id, STEP_PING);
	}
}

/* Where nothing goes wrong, a deadline passes only for what hangs. */
static bool everybody_waits(void)
{
	for (uint16_t id = 0; id < count; id++) {
		const struct kernel *k = &kernel[id];

		if (!kernel_is_quiet(id) || k->ready || k->extend || k->emptied ||
		    (k->executed && slots[id].step.state == STEP_STARTING))
			return false;
	}
	return true;
}

/* To the next deadline, a little before it or after it. */
static void pass_time(void)
{
	uint64_t next = order_deadline(&o);

	if (!faults && !everybody_waits())
		return;
	now += chance(2) && next > now ? next - now : chance(50);
	if (!faults || chance(3)) {
		hear_pings();
		drain();
	}
	claims_before(count, STEP_TIMEOUT);
	order_expire(&o, now);
	claims_after();
	may_crash();
}

static void hear_operator(uint16_t id)
{
	static const struct {
		enum step_event event;
		enum seen seen;
	} wishes[] = {
		{ STEP_START, SEEN_START }, { STEP_START, SEEN_START },
		{ STEP_STOP, SEEN_STOP }, { STEP_RESTART, SEEN_RESTART },
	};
	unsigned wish = chance(4);

	if (wishes[wish].event == STEP_STOP && o.stopping)
		return;		/* refused: it would break the order */
	seen[wishes[wish].seen]++;
	event(id, wishes[wish].event);
}

/* What comes late, twice or for nothing must do no harm. */
static void hear_nonsense(uint16_t id)
{
	static const enum step_event stale[] = {
		STEP_EMPTY, STEP_GO, STEP_UNHEARD, STEP_READY, STEP_PING, STEP_EXECUTED,
	};
	enum step_event e = stale[chance(6)];

	if (kernel_populated(id) || kernel[id].process != NONE || slots[id].not_up ||
	    slots[id].held)
		return;
	event(id, e);
}

/* --- The storage ------------------------------------------------------------- */

static void hold_all(void)
{
	for (uint16_t id = 0; id < count; id++)
		if (table[id].volume_count && !storage_up)
			order_hold(&o, id);
}

static void release_all(void)
{
	for (uint16_t id = 0; id < count; id++) {
		if (!table[id].volume_count)
			continue;
		claims_before(id, STEP_GO);
		order_release(&o, id, now);
		claims_after();
		seen[SEEN_RELEASED]++;
	}
}

/* It comes, at some time; and goes where another table asks for more of it. */
static void hear_storage(void)
{
	if (storage_up && !fault(4))
		return;
	storage_up = !storage_up;
	if (storage_up)
		release_all();
	else
		hold_all();
	seen[SEEN_HELD_AGAIN] += !storage_up;
	may_crash();
	saved_storage = storage_up;
	may_crash();
}

/* --- Life --------------------------------------------------------------------- */

static void stop_all(void)
{
	ending = false;
	if (o.stopping)
		return;
	saved_stopping = true;
	may_crash();
	claims_before(count, STEP_STOP);
	order_stop_all(&o, now);
	claims_after();
	drain();
}

static void turn(void)
{
	uint16_t id = (uint16_t)chance(count);

	switch (chance(9)) {
	case 0:
	case 1:
		pass_time();
		break;
	case 2:
	case 3:
		reap();
		break;
	case 4:
		if (fault(4))
			hear_operator(id);
		else if (fault(10))
			hear_nonsense(id);
		break;
	case 5:
		if (chance(20) == 0)
			hear_storage();
		break;
	default:
		look_at(id);
		break;
	}
}

static void start(void)
{
	order_init(&o, table, count, slots, timers);
	o.starting_max = starting_max;
	memset(known, 0, sizeof(known));
	ending = unsaved = false;
	storage_up = false;
	hold_all();
	claims_before(count, STEP_START);
	order_start_all(&o, now);
	claims_after();
	may_crash();
}

/* A child whose pid was not put down lives on among the others of its cgroup;
 * one that has ended is nobody's. */
static void forget(uint16_t id)
{
	struct kernel *k = &kernel[id];

	known[id] = saved[id].known;
	if (k->process == NONE || known[id])
		return;
	seen[SEEN_UNSAVED_PID]++;
	k->leftovers |= k->process != ZOMBIE;
	k->process = NONE;
}

static void resume(uint16_t id)
{
	bool has_process = known[id] && kernel[id].process != NONE;
	bool lost = step_has_process(&slots[id].step) && !has_process;

	claims_before(id, lost ? STEP_LOST : STEP_RESUME);
	order_resume(&o, id, has_process, now);
	claims_after();
	may_crash();
	/* Its first record was never written. */
	if (!saved[id].written && !saved_stopping)
		event(id, STEP_START);
}

static void take_up(void)
{
	uint16_t first = (uint16_t)chance(count);

	now += chance(5);
	sigchld = true;		/* it reaps before it waits */
	ending = unsaved = false;
	order_init(&o, table, count, slots, timers);
	o.starting_max = starting_max;
	for (uint16_t id = 0; id < count; id++) {
		forget(id);
		slots[id].step = saved[id].step;
		book[id] = saved[id].book;
	}
	storage_up = saved_storage;
	hold_all();
	seen[SEEN_HELD_TAKEN_UP] += !storage_up;
	order_take_up(&o, saved_stopping);
	claims_counts();
	for (unsigned i = 0; i < count; i++)
		resume((uint16_t)((first + i) % count));
}

/* A crash of what is called here, or of what takes up after it, ends up here. */
static void survive(void (*part)(void))
{
	if (setjmp(crash))
		take_up();
	else
		part();
	drain();
	if (ending) {
		seen[SEEN_REBOOT]++;
		stop_all();
	}
	claims_all();
	steps++;
}

void pid1_boot(void)
{
	memset(saved, 0, sizeof(saved));
	saved_stopping = saved_storage = sigchld = false;
	survive(start);
}

void pid1_turn(void)
{
	survive(turn);
}

void pid1_stop_all(void)
{
	/* Asked again, where a crash came before the wish was put down. */
	do
		survive(stop_all);
	while (!o.stopping);
}
