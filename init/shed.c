/*
 * Decides one step up or down the ladder.  Refuses to know what a service is,
 * and how the kernel tells of pressure.
 */
#include "shed.h"

/* What is left to the kernel, to PID 1 and to what was charged before the limit
 * begins to hold a task back.  Above memory.high the kernel makes tasks sleep by
 * the square of the excess: not at all below 1.25 %, 0.25 s for each 256 KB at
 * 6 %, 1 s at 12 %.  On a board of 160 MB with 53 MB free, eight tasks that did
 * nothing but take memory brought the OOM killer 0.1 s after the first sign of
 * pressure with 1/16 of it kept, and 0.9 s with 1/8; on one of 512 MB, 1 s and
 * 9 s.  The least is for the kernel's own watermarks. */
#define RESERVE_PART	8
#define RESERVE_LEAST	(UINT64_C(8) << 20)

/* What the kernel takes for a service beside what it charges to its cgroup, most
 * of it for its network namespace: 400 KB, and a little more on many CPUs. */
#define RESERVE_SERVICE	(UINT64_C(512) << 10)

uint64_t shed_limit(uint64_t free, unsigned services)
{
	uint64_t reserve = free / RESERVE_PART;

	if (reserve < RESERVE_LEAST)
		reserve = RESERVE_LEAST;
	reserve += services * RESERVE_SERVICE;
	return free - (reserve < free / 2 ? reserve : free / 2);
}

static struct shed_step do_to(enum shed_action action, unsigned row)
{
	return (struct shed_step){ action, (uint16_t)row };
}

static void look_again(struct shed *s, uint64_t now_ms)
{
	s->deadline_ms = now_ms + s->hold_ms;
}

/* Pressure that follows so soon came from what was given back. */
static bool is_relapse(const struct shed *s, uint64_t now_ms)
{
	return s->eased_ms && s->eased_ms >= s->shed_ms &&
	       now_ms - s->eased_ms < (uint64_t)s->hold_ms * SHED_RELAPSE;
}

static void set_hold(struct shed *s, bool relapse)
{
	if (relapse)
		s->hold_ms = s->hold_ms < SHED_HOLD_MAX_MS / 2 ? s->hold_ms * 2 : SHED_HOLD_MAX_MS;
	else if (!s->deadline_ms)
		s->hold_ms = SHED_HOLD_MS;
}

/* The next to give way.  What was frozen a moment ago and made for pressure when
 * it was thawed is not frozen once more. */
static struct shed_step give_way(struct shed *s, const struct shed_row *rows, unsigned count,
				 bool relapse)
{
	bool ending = false;

	for (unsigned i = 0; i < count; i++) {
		ending |= rows[i].ending;
		if (!rows[i].runs)
			continue;
		if (rows[i].mark == SHED_FROZEN)
			return do_to(SHED_STOP, i);
		if (rows[i].mark == SHED_NOT)
			return do_to(rows[i].freezable && !relapse ? SHED_FREEZE : SHED_STOP, i);
	}
	s->lifted = !ending;
	return do_to(ending ? SHED_NOTHING : SHED_LIFT, 0);
}

struct shed_step shed_pressure(struct shed *s, const struct shed_row *rows, unsigned count,
			       uint64_t used, uint64_t now_ms)
{
	bool settling = s->shed_ms && now_ms - s->shed_ms < SHED_SETTLE_MS;
	bool relapse = is_relapse(s, now_ms);
	struct shed_step step;

	/* Below the limit it is a service that has reached one of its own. */
	if (s->lifted || used < s->high)
		return do_to(SHED_NOTHING, 0);
	if (settling && used < s->used + SHED_GROWTH) {
		look_again(s, now_ms);
		return do_to(SHED_NOTHING, 0);
	}
	set_hold(s, relapse);
	look_again(s, now_ms);
	step = give_way(s, rows, count, relapse);
	if (step.action != SHED_NOTHING) {
		s->shed_ms = now_ms;
		s->used = used;
	}
	return step;
}

/* Who gave way last, or count. */
static unsigned last_shed(const struct shed_row *rows, unsigned count)
{
	for (unsigned i = count; i; i--)
		if (rows[i - 1].mark == SHED_FROZEN || rows[i - 1].mark == SHED_STOPPED)
			return i - 1;
	return count;
}

/* For half of what it held: it begins with less, and what held most of the board's
 * memory was what made it short. */
static bool has_room(const struct shed *s, const struct shed_row *row, uint64_t used,
		     uint64_t now_ms)
{
	uint64_t last_ms = s->shed_ms > s->eased_ms ? s->shed_ms : s->eased_ms;

	return row->mark == SHED_FROZEN || used + row->held / 2 <= s->high ||
	       now_ms - last_ms >= SHED_ANYWAY_MS;
}

struct shed_step shed_timeout(struct shed *s, const struct shed_row *rows, unsigned count,
			      uint64_t used, uint64_t now_ms)
{
	unsigned row = last_shed(rows, count);

	if (!s->lifted && row == count) {
		s->deadline_ms = 0;
		return do_to(SHED_REST, 0);
	}
	look_again(s, now_ms);
	if (s->lifted ? used > s->high : !has_room(s, &rows[row], used, now_ms))
		return do_to(SHED_NOTHING, 0);
	s->eased_ms = now_ms;
	if (s->lifted) {
		s->lifted = false;
		return do_to(SHED_LOWER, 0);
	}
	return do_to(rows[row].mark == SHED_FROZEN ? SHED_THAW : SHED_START, row);
}

enum shed_mark shed_overrule(const struct shed *s, bool runs)
{
	/* Without pressure there is nothing to be spared. */
	return runs && s->deadline_ms ? SHED_SPARED : SHED_NOT;
}
