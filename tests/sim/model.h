/*
 * What the parts of the simulator share: the kernel's side of each service,
 * what PID 1 has put down, and what was promised of each.
 *
 *	sim.c		tables and histories
 *	model/kernel.c	processes and cgroups: what is true
 *	model/pid1.c	the loop: what is noticed, done, saved and taken up
 *	model/claims.c	the invariants
 *
 * Time is in milliseconds of one clock, as in step.h.
 */
#ifndef TESTS_SIM_MODEL_H
#define TESTS_SIM_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "init/order.h"

#define SERVICES_MAX 12

enum process { NONE, CHILD, RUNNING, ZOMBIE };

/* What the kernel knows of one service. */
struct kernel {
	enum process process;	/* the main one */
	enum step_event end;	/* of a ZOMBIE: how it ended */
	bool leftovers;		/* other processes in its cgroup */
	bool executed;		/* its program runs, or did */
	bool asked, killed;	/* a signal is on its way */
	bool stubborn;		/* ignores the signal that it is asked by */
	bool hung;		/* its start never ends by itself */
	bool mute, silent;	/* never says READY=1, WATCHDOG=1 */
	bool said_ready;	/* in this run */
	bool ready, ping, extend;	/* messages that nobody has read */
	bool emptied;		/* cgroup.events changed, and nobody has read it */
	uint64_t ended_ms;	/* the last main process */
};

/* What claims.c remembers of a service.  What PID 1 forgets in a crash, a
 * promise that it made since it last saved, is forgotten here too. */
struct book {
	uint8_t state;		/* that was seen last */
	bool stopped;		/* the operator's last word */
	bool due;		/* a new run was promised, at once */
	bool free;		/* the next start owes no delay */
	bool well;		/* the last run ended with status 0 */
	bool ready;		/* this run's READY=1 was heard */
	uint32_t starts;	/* in this window, */
	uint32_t broken;	/* and those among them that a crash broke off */
	uint64_t window_ms;
	uint64_t heard_ms;	/* its last sign of life for the watchdog */
};

/* What outlives a crash of PID 1. */
struct saved {
	struct step_service step;
	struct book book;
	bool known;		/* it has its main process's pid */
	bool written;
};

/* Things that must have happened in a run of many steps. */
enum seen {
	SEEN_CRASH, SEEN_UNSAVED_EVENT, SEEN_UNSAVED_PID, SEEN_CRASH_STOPPING,
	SEEN_GIVEN_UP, SEEN_REBOOT, SEEN_FINISHED, SEEN_MISSED_PING,
	SEEN_START_TIMEOUT, SEEN_READY_TIMEOUT, SEEN_STOP_TIMEOUT, SEEN_UNHEARD,
	SEEN_EARLY_READY, SEEN_LATE_READY, SEEN_EXIT_BEFORE_READY, SEEN_EXIT_BEFORE_EXECUTED,
	SEEN_COALESCED, SEEN_LOST_SIGCHLD, SEEN_NO_CLONE, SEEN_NO_KILL, SEEN_LOST_EMPTY,
	SEEN_START, SEEN_STOP, SEEN_RESTART, SEEN_EXTENDED,
	SEEN_RELEASED, SEEN_HELD_AGAIN, SEEN_HELD_TAKEN_UP, SEEN_HELD_STOPPED,
	SEEN_COUNT,
};

extern struct service table[SERVICES_MAX];
extern struct kernel kernel[SERVICES_MAX];
extern struct book book[SERVICES_MAX];
extern struct saved saved[SERVICES_MAX];
extern struct order_slot slots[SERVICES_MAX];
extern struct order o;
extern uint16_t count, starting_max;
extern uint64_t now, steps;
extern uint64_t seen[SEEN_COUNT];
extern bool faults;		/* may things go wrong? */
extern bool saved_stopping;
extern bool sigchld;		/* is pending */
extern bool storage_up;		/* else whoever has volumes is held */
extern unsigned crashy;		/* one crash in so many chances; 0: none */

/* --- sim.c --- */

/* A number below that one; the same ones from a seed on every machine. */
unsigned chance(unsigned below);

/* True once in so many times while things may go wrong. */
bool fault(unsigned one_in);

/* Ends the program: the invariant does not hold.  id `count` is of no service. */
_Noreturn void broken(const char *invariant, unsigned id);

/* --- model/kernel.c --- */

/* One thing that happens to this service outside of PID 1, or nothing. */
void kernel_step(uint16_t id);

void kernel_clone(uint16_t id);
void kernel_kill(uint16_t id);

static inline bool kernel_populated(uint16_t id)
{
	return kernel[id].leftovers || kernel[id].process == CHILD ||
	       kernel[id].process == RUNNING;
}

/* Nothing more happens to this service by itself, however long one waits. */
bool kernel_is_quiet(uint16_t id);

/* --- model/pid1.c --- */

void pid1_boot(void);	/* forgets all that was saved */
void pid1_turn(void);	/* one turn of its loop */
void pid1_stop_all(void);

/* --- model/claims.c --- */

/* Around each event: before, what it promises; after, what has changed. */
void claims_before(uint16_t id, enum step_event event);
void claims_after(void);

void claims_action(uint16_t id, enum step_action action);
void claims_counts(void);	/* also in the middle of taking up */
void claims_all(void);		/* after each turn */

#endif
