/*
 * The kernel's side: processes are born, speak, fork and end, in any order and
 * with faults mixed in.  Refuses to know what PID 1 makes of it.
 */
#include "tests/sim/model.h"

static void die(struct kernel *k, enum step_event end)
{
	k->process = ZOMBIE;
	k->end = end;
	k->ended_ms = now;
	k->emptied = !k->leftovers;
	if (fault(20))
		seen[SEEN_LOST_SIGCHLD] += !sigchld;
	else
		sigchld = true;
}

void kernel_clone(uint16_t id)
{
	struct kernel *k = &kernel[id];

	*k = (struct kernel){ .process = CHILD, .ended_ms = k->ended_ms };
	k->stubborn = chance(5) == 0;
	k->hung = fault(30);
	k->mute = fault(8);
}

void kernel_kill(uint16_t id)
{
	kernel[id].killed = true;
}

static void child_step(struct kernel *k)
{
	if (k->killed) {
		if (chance(4))
			die(k, chance(2) ? STEP_FAILED : STEP_NOT_STARTED);
	} else if (k->hung) {
		return;		/* its start's deadline must end it */
	} else if (fault(6)) {
		die(k, chance(2) ? STEP_FAILED : STEP_NOT_STARTED);
	} else {
		k->process = RUNNING;
		k->executed = true;
	}
}

static void speak(struct kernel *k, const struct service *s)
{
	if (s->ready == SERVICE_READY_NOTIFY && !k->said_ready && !k->mute && chance(2))
		k->ready = k->said_ready = true;
	if (s->watchdog_ms && !k->silent && chance(2))
		k->ping = true;
	if (s->notify && fault(10))
		k->extend = true;
}

static void program_step(struct kernel *k, const struct service *s)
{
	k->leftovers |= fault(10);
	k->silent |= fault(40);
	if (s->notify)
		speak(k, s);
	if (k->killed || (k->asked && !k->stubborn))
		die(k, chance(2) ? STEP_FAILED : STEP_EXITED);
	else if (s->type == SERVICE_TYPE_ONESHOT && chance(3) == 0)
		die(k, fault(3) ? STEP_FAILED : STEP_EXITED);
	else if (fault(12))
		die(k, chance(2) ? STEP_FAILED : STEP_EXITED);
}

void kernel_step(uint16_t id)
{
	struct kernel *k = &kernel[id];

	if (k->process == CHILD) {
		child_step(k);
	} else if (k->process == RUNNING) {
		program_step(k, &table[id]);
	} else if (k->leftovers && k->killed) {
		k->leftovers = false;
		k->emptied = true;
	}
}

bool kernel_is_quiet(uint16_t id)
{
	const struct kernel *k = &kernel[id];
	const struct service *s = &table[id];

	switch (k->process) {
	case CHILD:
		return k->hung && !k->killed;
	case RUNNING:
		return !k->killed && !(k->asked && !k->stubborn) &&
		       s->type == SERVICE_TYPE_SERVICE &&
		       (s->ready == SERVICE_READY_EXEC || k->said_ready || k->mute);
	case ZOMBIE:
		return false;
	default:
		return !(k->leftovers && k->killed);
	}
}
