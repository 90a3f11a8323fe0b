/*
 * Who gives way when memory is short, and who comes back when it is not, as
 * pure functions.  The services with a SHED stand in rows, the lowest first.
 * Under pressure the first that still runs is frozen, and stopped if that was
 * not enough; then the next.  When no pressure has come for a while, the last
 * that gave way comes back first, one at a time.  With nobody left to give way
 * the limit itself is lifted: then it is the OOM killer's turn, which is better
 * than a board on which everybody waits.
 *
 * Times are milliseconds of one clock that never goes back; sizes are bytes.
 */
#ifndef PITH_SHED_H
#define PITH_SHED_H

#include <stdbool.h>
#include <stdint.h>

/* What pressure made of a service; a record of each outlives PID 1 (state.h). */
enum shed_mark {
	SHED_NOT,
	SHED_FROZEN,
	SHED_STOPPED,
	SHED_SPARED,	/* an operator wants it to run: left alone until all are back */
};

enum shed_action {
	SHED_NOTHING,
	SHED_FREEZE,
	SHED_STOP,
	SHED_LIFT,	/* nobody is left: lift the limit */
	SHED_LOWER,	/* put it back */
	SHED_THAW,
	SHED_START,
	SHED_REST,	/* all are back, and calm: nobody is spared any more */
};

struct shed_row {
	uint64_t held;	/* what it had when it was stopped */
	uint8_t mark;	/* enum shed_mark */
	bool runs;	/* there is something of it to freeze or to stop */
	bool freezable;	/* it takes no harm from that */
	bool ending;	/* it was asked to stop and is still there */
};

/* Zeroed but for .high is a board on which there never was pressure. */
struct shed {
	uint64_t high;		/* what all services may use together */
	uint64_t deadline_ms;	/* when to see whether one may come back; 0: all are */
	uint64_t shed_ms;	/* when one gave way last, */
	uint64_t used;		/* and what all used then */
	uint64_t eased_ms;	/* when one came back last */
	uint32_t hold_ms;	/* for how long it has to be calm before that */
	bool lifted;		/* the limit is, since nobody was left */
};

struct shed_step {
	enum shed_action action;
	uint16_t row;		/* whose, for those actions that are about one */
};

/* The first time that it has to be calm before one comes back, and the longest.
 * It doubles each time that pressure follows within so many times as long. */
#define SHED_HOLD_MS		5000
#define SHED_HOLD_MAX_MS	320000
#define SHED_RELAPSE		8

/* A task that is held back for memory.high sleeps for at most two seconds, also
 * if it was frozen meanwhile (MEMCG_MAX_HIGH_DELAY_JIFFIES).  For so long the
 * kernel still tells of pressure that is over, and only more memory in use says
 * that it is not: more than what a few tasks are charged at once, 256 KB each
 * (MEMCG_CHARGE_BATCH). */
#define SHED_SETTLE_MS		2200
#define SHED_GROWTH		(UINT64_C(1) << 20)

/* What was stopped and finds no room for half of what it held is started after this
 * time in any case: it may need less now. */
#define SHED_ANYWAY_MS		600000

/* The kernel tells of pressure.  used: by all services together. */
struct shed_step shed_pressure(struct shed *s, const struct shed_row *rows, unsigned count,
			       uint64_t used, uint64_t now_ms);

/* The deadline has passed.  used: without what the kernel gives up when it is
 * asked to, file pages that are also on a disk. */
struct shed_step shed_timeout(struct shed *s, const struct shed_row *rows, unsigned count,
			      uint64_t used, uint64_t now_ms);

/* An operator's word about a service, which wins: whether it shall run.  Its mark
 * from now on. */
enum shed_mark shed_overrule(const struct shed *s, bool runs);

/* The limit for a board with that much free, before any of so many services runs. */
uint64_t shed_limit(uint64_t free, unsigned services);

#endif
