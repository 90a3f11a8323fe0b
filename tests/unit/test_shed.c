/*
 * The ladder of memory pressure: single steps, and random histories of a board on
 * which services want more than there is.
 *
 * links: init/shed.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/shed.h"

#define MB (UINT64_C(1) << 20)
#define HIGH (100 * MB)
#define OVER (101 * MB)

/* The kernel tells of pressure once in this time, pressure.c has it. */
#define WINDOW_MS 500

static const struct shed_row up = { .runs = true, .freezable = true };

static struct shed calm(void)
{
	return (struct shed){ .high = HIGH };
}

static void expect_step(struct shed_step step, enum shed_action action, uint16_t row)
{
	assert_int_equal(step.action, action);
	if (action != SHED_NOTHING && action != SHED_LIFT && action != SHED_LOWER &&
	    action != SHED_REST)
		assert_int_equal(step.row, row);
}

/* --- Single steps -------------------------------------------------------------- */

static void the_lowest_is_frozen_then_stopped_then_the_next(void **state)
{
	struct shed s = calm();
	struct shed_row rows[2] = { up, up };
	uint64_t now = 10000;

	(void)state;
	expect_step(shed_pressure(&s, rows, 2, OVER, now), SHED_FREEZE, 0);
	rows[0].mark = SHED_FROZEN;
	expect_step(shed_pressure(&s, rows, 2, OVER + MB, now += WINDOW_MS), SHED_STOP, 0);
	rows[0] = (struct shed_row){ .mark = SHED_STOPPED };
	expect_step(shed_pressure(&s, rows, 2, OVER + 2 * MB, now += WINDOW_MS), SHED_FREEZE, 1);
	rows[1].mark = SHED_FROZEN;
	expect_step(shed_pressure(&s, rows, 2, OVER + 3 * MB, now += WINDOW_MS), SHED_STOP, 1);
	rows[1] = (struct shed_row){ .mark = SHED_STOPPED };
	expect_step(shed_pressure(&s, rows, 2, OVER + 4 * MB, now += WINDOW_MS), SHED_LIFT, 0);
	expect_step(shed_pressure(&s, rows, 2, OVER + 5 * MB, now += WINDOW_MS), SHED_NOTHING, 0);
}

static void the_last_comes_back_first_after_calm(void **state)
{
	struct shed_row rows[3] = {
		{ .mark = SHED_STOPPED, .held = 100 * MB }, { .mark = SHED_STOPPED, .held = 20 * MB },
		{ .mark = SHED_FROZEN, .runs = true },
	};
	struct shed s = { .high = HIGH, .hold_ms = SHED_HOLD_MS, .deadline_ms = 6000,
			  .shed_ms = 1000, .lifted = true };

	(void)state;
	expect_step(shed_timeout(&s, rows, 3, OVER, 6000), SHED_NOTHING, 0);
	expect_step(shed_timeout(&s, rows, 3, HIGH, 11000), SHED_LOWER, 0);
	expect_step(shed_timeout(&s, rows, 3, OVER, 16000), SHED_THAW, 2);
	rows[2] = up;
	expect_step(shed_timeout(&s, rows, 3, 91 * MB, 21000), SHED_NOTHING, 0);
	expect_step(shed_timeout(&s, rows, 3, 90 * MB, 26000), SHED_START, 1);
	rows[1] = up;
	assert_int_equal(s.deadline_ms, 31000);
	/* There never is room for what it had, but it may need less. */
	expect_step(shed_timeout(&s, rows, 3, 90 * MB, 26000 + SHED_ANYWAY_MS - 1), SHED_NOTHING, 0);
	expect_step(shed_timeout(&s, rows, 3, 90 * MB, 26000 + SHED_ANYWAY_MS), SHED_START, 0);
	rows[0] = up;
	expect_step(shed_timeout(&s, rows, 3, 90 * MB, s.deadline_ms), SHED_REST, 0);
	assert_int_equal(s.deadline_ms, 0);
}

static void what_a_freeze_would_harm_is_stopped(void **state)
{
	struct shed s = calm();
	struct shed_row row = { .runs = true };

	(void)state;
	expect_step(shed_pressure(&s, &row, 1, OVER, 1000), SHED_STOP, 0);
}

static void who_does_not_run_or_is_spared_is_passed_over(void **state)
{
	struct shed s = calm();
	struct shed_row rows[4] = {
		{ .freezable = true }, { .mark = SHED_SPARED, .runs = true, .freezable = true },
		{ .mark = SHED_FROZEN }, up,
	};

	(void)state;
	expect_step(shed_pressure(&s, rows, 4, OVER, 1000), SHED_FREEZE, 3);
}

static void below_the_limit_nobody_gives_way(void **state)
{
	struct shed s = calm();
	struct shed_row row = up;

	(void)state;
	expect_step(shed_pressure(&s, &row, 1, HIGH - 1, 1000), SHED_NOTHING, 0);
	assert_int_equal(s.deadline_ms, 0);
}

static void an_echo_of_pressure_counts_only_with_growth(void **state)
{
	struct shed s = calm();
	struct shed_row row = up;

	(void)state;
	expect_step(shed_pressure(&s, &row, 1, OVER, 1000), SHED_FREEZE, 0);
	row.mark = SHED_FROZEN;
	expect_step(shed_pressure(&s, &row, 1, OVER + SHED_GROWTH - 1, 1500), SHED_NOTHING, 0);
	/* Still it is no calm. */
	assert_int_equal(s.deadline_ms, 1500 + SHED_HOLD_MS);
	expect_step(shed_pressure(&s, &row, 1, OVER, 1000 + SHED_SETTLE_MS), SHED_STOP, 0);
	s = calm();
	row.mark = SHED_NOT;
	shed_pressure(&s, &row, 1, OVER, 1000);
	row.mark = SHED_FROZEN;
	expect_step(shed_pressure(&s, &row, 1, OVER + SHED_GROWTH, 1500), SHED_STOP, 0);
}

static void a_relapse_doubles_the_hold_and_skips_the_freezing(void **state)
{
	struct shed s = calm();
	struct shed_row row = up;
	uint64_t now = 1000;

	(void)state;
	shed_pressure(&s, &row, 1, OVER, now);
	row.mark = SHED_FROZEN;
	for (uint32_t hold = 2 * SHED_HOLD_MS; hold <= SHED_HOLD_MAX_MS; hold *= 2) {
		now = s.deadline_ms;
		shed_timeout(&s, &row, 1, 0, now);
		row = up;
		expect_step(shed_pressure(&s, &row, 1, OVER, now += 3000), SHED_STOP, 0);
		assert_int_equal(s.hold_ms, hold);
		row = (struct shed_row){ .mark = SHED_STOPPED };
	}
	shed_timeout(&s, &row, 1, 0, s.deadline_ms);
	row = up;
	shed_pressure(&s, &row, 1, OVER, now = s.deadline_ms);
	assert_int_equal(s.hold_ms, SHED_HOLD_MAX_MS);
	/* Long after that it is forgotten. */
	row.mark = SHED_FROZEN;
	shed_timeout(&s, &row, 1, 0, now = s.deadline_ms);
	row = up;
	shed_timeout(&s, &row, 1, 0, s.deadline_ms);
	now += (uint64_t)SHED_HOLD_MAX_MS * SHED_RELAPSE;
	expect_step(shed_pressure(&s, &row, 1, OVER, now), SHED_FREEZE, 0);
	assert_int_equal(s.hold_ms, SHED_HOLD_MS);
}

static void the_limit_is_not_lifted_while_one_is_still_ending(void **state)
{
	struct shed s = calm();
	struct shed_row row = { .mark = SHED_STOPPED, .ending = true };

	(void)state;
	expect_step(shed_pressure(&s, &row, 1, OVER, 1000), SHED_NOTHING, 0);
	row.ending = false;
	expect_step(shed_pressure(&s, &row, 1, OVER, 1500), SHED_LIFT, 0);
}

static void an_operator_wins_while_there_is_pressure(void **state)
{
	struct shed s = calm();

	(void)state;
	assert_int_equal(shed_overrule(&s, true), SHED_NOT);
	s.deadline_ms = 1;
	assert_int_equal(shed_overrule(&s, true), SHED_SPARED);
	assert_int_equal(shed_overrule(&s, false), SHED_NOT);
}

static void the_limit_leaves_an_eighth_and_something_for_each_service(void **state)
{
	(void)state;
	assert_int_equal(shed_limit(800 * MB, 0), 700 * MB);
	assert_int_equal(shed_limit(800 * MB, 20), 690 * MB);
	assert_int_equal(shed_limit(40 * MB, 4), 30 * MB);
	assert_int_equal(shed_limit(10 * MB, 1), 5 * MB);
}

/* --- Histories ------------------------------------------------------------------- */

#define ROWS 6
#define HISTORIES 400
#define STEPS 4000
#define TICK_MS 100

struct world {
	struct shed s;
	struct shed_row rows[ROWS];
	uint64_t demand[ROWS];		/* of each that runs */
	uint64_t left_ms[ROWS];		/* it was shed last, or came back last */
	bool wanted[ROWS];		/* the operator's last word */
	unsigned count;
	uint64_t others;		/* what the rest of the board uses */
	uint64_t now, told_ms, ups;
};

static uint64_t used(const struct world *w)
{
	uint64_t sum = w->others;

	for (unsigned i = 0; i < w->count; i++)
		sum += w->rows[i].runs ? w->demand[i] : 0;
	return sum;
}

static bool is_away(const struct shed_row *row)
{
	return row->mark == SHED_FROZEN || row->mark == SHED_STOPPED;
}

static void gives_way(struct world *w, struct shed_step step)
{
	struct shed_row *row = &w->rows[step.row];

	w->ups++;
	assert_true(w->wanted[step.row]);
	assert_true(row->runs && row->mark != SHED_SPARED);
	for (unsigned i = 0; i < step.row; i++)
		assert_false(w->rows[i].runs && w->rows[i].mark == SHED_NOT);
	if (row->mark == SHED_NOT)
		assert_true(!w->left_ms[step.row] ||
			    w->now - w->left_ms[step.row] >= SHED_HOLD_MS);
	if (row->mark == SHED_NOT)
		w->left_ms[step.row] = w->now;
	if (step.action == SHED_FREEZE) {
		assert_true(row->freezable && row->mark == SHED_NOT);
		row->mark = SHED_FROZEN;
		return;
	}
	row->mark = SHED_STOPPED;
	row->held = w->demand[step.row];
	row->runs = false;
}

static void comes_back(struct world *w, struct shed_step step)
{
	struct shed_row *row = &w->rows[step.row];

	assert_true(w->wanted[step.row]);
	assert_true(is_away(row));
	assert_true(w->now - w->told_ms >= SHED_HOLD_MS);
	for (unsigned i = step.row + 1; i < w->count; i++)
		assert_false(is_away(&w->rows[i]));
	row->mark = SHED_NOT;
	row->runs = true;
}

static void apply(struct world *w, struct shed_step step)
{
	switch (step.action) {
	case SHED_FREEZE:
	case SHED_STOP:
		gives_way(w, step);
		break;
	case SHED_THAW:
	case SHED_START:
		comes_back(w, step);
		break;
	case SHED_LIFT:
		for (unsigned i = 0; i < w->count; i++)
			assert_false(w->rows[i].runs && w->rows[i].mark != SHED_SPARED);
		break;
	case SHED_REST:
		for (unsigned i = 0; i < w->count; i++) {
			assert_false(is_away(&w->rows[i]));
			w->rows[i].mark = SHED_NOT;
		}
		break;
	default:
		break;
	}
}

static void one_tick(struct world *w)
{
	uint64_t sum = used(w);

	w->now += TICK_MS;
	if (sum >= HIGH && !w->s.lifted && w->now - w->told_ms >= WINDOW_MS) {
		w->told_ms = w->now;
		apply(w, shed_pressure(&w->s, w->rows, w->count, sum, w->now));
	}
	if (w->s.deadline_ms && w->now >= w->s.deadline_ms)
		apply(w, shed_timeout(&w->s, w->rows, w->count, sum, w->now));
	for (unsigned i = 0; i < w->count; i++)
		if (is_away(&w->rows[i]))
			assert_true(w->s.deadline_ms);
}

static void operator_speaks(struct world *w)
{
	unsigned i = (unsigned)random() % w->count;
	bool runs = random() % 2;

	w->rows[i].mark = shed_overrule(&w->s, runs);
	w->rows[i].runs = w->wanted[i] = runs;
	w->left_ms[i] = 0;
}

static void begin(struct world *w)
{
	*w = (struct world){ .s = calm(), .now = 1000, .count = 1 + (unsigned)random() % ROWS };
	for (unsigned i = 0; i < w->count; i++) {
		w->rows[i] = (struct shed_row){ .runs = true, .freezable = random() % 3 };
		w->wanted[i] = true;
		w->demand[i] = (uint64_t)(random() % 40) * MB;
	}
}

static void random_histories_keep_every_promise(void **state)
{
	uint64_t ups = 0;

	(void)state;
	for (unsigned seed = 1; seed <= HISTORIES; seed++) {
		static struct world w;

		srandom(seed);
		begin(&w);
		for (unsigned i = 0; i < STEPS; i++) {
			if (random() % 50 == 0)
				w.others = (uint64_t)(random() % 140) * MB;
			if (random() % 50 == 0)
				w.demand[random() % w.count] = (uint64_t)(random() % 40) * MB;
			if (random() % 300 == 0)
				operator_speaks(&w);
			one_tick(&w);
		}
		/* Without pressure everything comes back, and there is no deadline. */
		w.others = 0;
		memset(w.demand, 0, sizeof(w.demand));
		for (unsigned i = 0; w.s.deadline_ms; i++) {
			assert_true(i < (ROWS + 2) * (SHED_ANYWAY_MS + SHED_HOLD_MAX_MS) / TICK_MS);
			one_tick(&w);
		}
		for (unsigned i = 0; i < w.count; i++)
			assert_true(w.rows[i].mark == SHED_NOT && w.rows[i].runs == w.wanted[i]);
		ups += w.ups;
	}
	assert_true(ups > HISTORIES * 5);
}

/* An hour in which the services want half as much again as there is. */
static void a_board_that_is_too_small_does_not_flap(void **state)
{
	struct world w = { .s = calm(), .now = 1000, .count = 3, .others = 60 * MB };

	(void)state;
	for (unsigned i = 0; i < w.count; i++) {
		w.rows[i] = up;
		w.wanted[i] = true;
		w.demand[i] = 30 * MB;
	}
	for (unsigned i = 0; i < 3600 * 1000 / TICK_MS; i++)
		one_tick(&w);
	/* It is tried at the end of the longest time only. */
	assert_in_range(w.ups, 4, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lowest_is_frozen_then_stopped_then_the_next),
		cmocka_unit_test(the_last_comes_back_first_after_calm),
		cmocka_unit_test(what_a_freeze_would_harm_is_stopped),
		cmocka_unit_test(who_does_not_run_or_is_spared_is_passed_over),
		cmocka_unit_test(below_the_limit_nobody_gives_way),
		cmocka_unit_test(an_echo_of_pressure_counts_only_with_growth),
		cmocka_unit_test(a_relapse_doubles_the_hold_and_skips_the_freezing),
		cmocka_unit_test(the_limit_is_not_lifted_while_one_is_still_ending),
		cmocka_unit_test(an_operator_wins_while_there_is_pressure),
		cmocka_unit_test(the_limit_leaves_an_eighth_and_something_for_each_service),
		cmocka_unit_test(random_histories_keep_every_promise),
		cmocka_unit_test(a_board_that_is_too_small_does_not_flap),
	};

	return cmocka_run_group_tests_name("shed", tests, NULL, NULL);
}
