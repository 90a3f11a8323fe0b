/*
 * Every cell of the life cycle: each pair of state and event is asked, and
 * what is not listed here must change nothing.  Then what somebody wishes, in
 * every state.
 *
 * links: init/step.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/step.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define NOW 100000u
#define START_BY (NOW + STEP_START_TIMEOUT_MS)
#define STOP_BY (NOW + 700)
#define AGAIN (NOW + STEP_KILL_AGAIN_MS)
#define BITE (NOW + 900)

static const struct service always = {
	.restart = SERVICE_RESTART_ALWAYS, .restart_delay_ms = 100,
	.restart_delay_max_ms = 5000, .stop_timeout_ms = 700, .watchdog_ms = 900,
};

struct expected {
	enum step_state from;
	enum step_event event;
	enum step_state to;
	enum step_action action;
	uint64_t deadline_ms;
};

/* With wanted = true, RESTART=always and a first short run. */
static const struct expected cells[] = {
	{ STEP_OFF, STEP_START, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_OFF, STEP_RESTART, STEP_WAITING, STEP_NOTHING, 0 },

	{ STEP_WAITING, STEP_GO, STEP_STARTING, STEP_SPAWN, START_BY },
	{ STEP_WAITING, STEP_RETIRE, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_WAITING, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },

	{ STEP_STARTING, STEP_EXECUTED, STEP_UP, STEP_NOTHING, BITE },
	{ STEP_STARTING, STEP_NOT_STARTED, STEP_BACKOFF, STEP_NOTHING, NOW + 100 },
	{ STEP_STARTING, STEP_EXITED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_STARTING, STEP_FAILED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_STARTING, STEP_LOST, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_STARTING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_STARTING, STEP_STOP, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_STARTING, STEP_RESTART, STEP_KILLING, STEP_KILL, AGAIN },

	{ STEP_READYING, STEP_READY, STEP_UP, STEP_NOTHING, BITE },
	{ STEP_READYING, STEP_EXITED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_READYING, STEP_FAILED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_READYING, STEP_LOST, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_READYING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_READYING, STEP_STOP, STEP_STOPPING, STEP_TERMINATE, STOP_BY },
	{ STEP_READYING, STEP_RESTART, STEP_STOPPING, STEP_TERMINATE, STOP_BY },

	{ STEP_UP, STEP_PING, STEP_UP, STEP_NOTHING, BITE },
	{ STEP_UP, STEP_EXITED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_UP, STEP_FAILED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_UP, STEP_LOST, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_UP, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_UP, STEP_STOP, STEP_STOPPING, STEP_TERMINATE, STOP_BY },
	{ STEP_UP, STEP_RESTART, STEP_STOPPING, STEP_TERMINATE, STOP_BY },

	{ STEP_STOPPING, STEP_EXITED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_STOPPING, STEP_FAILED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_STOPPING, STEP_LOST, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_STOPPING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_STOPPING, STEP_UNHEARD, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_STOPPING, STEP_RESUME, STEP_STOPPING, STEP_TERMINATE, STOP_BY },

	{ STEP_KILLING, STEP_EXITED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_KILLING, STEP_FAILED, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_KILLING, STEP_LOST, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_KILLING, STEP_NOT_STARTED, STEP_BACKOFF, STEP_NOTHING, NOW + 100 },
	{ STEP_KILLING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, AGAIN },
	{ STEP_KILLING, STEP_RESUME, STEP_KILLING, STEP_KILL, AGAIN },

	{ STEP_CLEANING, STEP_EMPTY, STEP_BACKOFF, STEP_NOTHING, NOW + 100 },
	{ STEP_CLEANING, STEP_TIMEOUT, STEP_CLEANING, STEP_KILL, AGAIN },
	{ STEP_CLEANING, STEP_RESUME, STEP_CLEANING, STEP_KILL, AGAIN },

	{ STEP_BACKOFF, STEP_TIMEOUT, STEP_STARTING, STEP_SPAWN, START_BY },
	{ STEP_BACKOFF, STEP_START, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_BACKOFF, STEP_RESTART, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_BACKOFF, STEP_RETIRE, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_BACKOFF, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },

	{ STEP_DONE, STEP_START, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_DONE, STEP_RESTART, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_DONE, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },

	{ STEP_FINISHED, STEP_START, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_FINISHED, STEP_RESTART, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_FINISHED, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },

	{ STEP_GIVEN_UP, STEP_START, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_GIVEN_UP, STEP_RESTART, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_GIVEN_UP, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_GIVEN_UP, STEP_RESUME, STEP_GIVEN_UP, STEP_GIVE_UP, 0 },
};

static const struct expected *find(enum step_state from, enum step_event event)
{
	for (size_t i = 0; i < COUNT(cells); i++)
		if (cells[i].from == from && cells[i].event == event)
			return &cells[i];
	return NULL;
}

static void every_cell_leads_where_the_table_says(void **state)
{
	size_t used = 0;

	(void)state;
	for (unsigned from = 0; from < STEP_STATE_COUNT; from++) {
		for (unsigned event = 0; event < STEP_EVENT_COUNT; event++) {
			const struct step_service before = {
				.state = (uint8_t)from, .wanted = true,
				.started_ms = NOW - 1, .deadline_ms = 77,
			};
			const struct expected *e = find(from, event);
			struct step_result r = step(before, &always, event, NOW);

			if (!e) {
				assert_int_equal(r.next.state, from);
				assert_int_equal(r.action, STEP_NOTHING);
				assert_int_equal(r.next.deadline_ms,
						 event == STEP_TIMEOUT ? 0 : 77);
				continue;
			}
			used++;
			assert_int_equal(r.next.state, e->to);
			assert_int_equal(r.action, e->action);
			assert_int_equal(r.next.deadline_ms, e->deadline_ms);
		}
	}
	assert_int_equal(used, COUNT(cells));	/* no row stands there twice */
}

/* --- Wishes ------------------------------------------------------------------ */

static void a_stop_is_remembered_in_every_state(void **state)
{
	static const enum step_event events[] = { STEP_STOP, STEP_RETIRE };

	(void)state;
	for (unsigned from = 0; from < STEP_STATE_COUNT; from++)
		for (size_t i = 0; i < COUNT(events); i++) {
			struct step_service s = {
				.state = (uint8_t)from, .wanted = true, .again = true,
			};

			s = step(s, &always, events[i], NOW).next;
			assert_false(s.wanted);
			assert_false(s.again);
		}
}

static void a_start_wipes_the_slate_in_every_state(void **state)
{
	static const enum step_event events[] = { STEP_START, STEP_RESTART };

	(void)state;
	for (unsigned from = 0; from < STEP_STATE_COUNT; from++)
		for (size_t i = 0; i < COUNT(events); i++) {
			struct step_service s = {
				.state = (uint8_t)from, .short_runs = 4, .starts = 3,
			};

			s = step(s, &always, events[i], NOW).next;
			assert_true(s.wanted);
			assert_int_equal(s.short_runs, 0);
			assert_int_equal(s.starts, 0);
		}
}

/* The run in that state ends now, badly. */
static struct step_service ends(struct step_service s, const struct service *policy)
{
	if (s.state != STEP_CLEANING)
		s = step(s, policy, STEP_FAILED, NOW).next;
	assert_int_equal(s.state, STEP_CLEANING);
	return step(s, policy, STEP_EMPTY, NOW).next;
}

static void a_new_run_follows_at_once_on_what_was_asked(void **state)
{
	static const struct {
		enum step_state from;
		bool wanted;
		enum step_event event;
		enum step_state after_the_run;
	} rows[] = {
		{ STEP_STARTING, true, STEP_RESTART, STEP_WAITING },
		{ STEP_READYING, true, STEP_RESTART, STEP_WAITING },
		{ STEP_UP, true, STEP_RESTART, STEP_WAITING },
		{ STEP_STOPPING, true, STEP_RESTART, STEP_WAITING },
		{ STEP_STOPPING, false, STEP_RESTART, STEP_WAITING },
		{ STEP_KILLING, true, STEP_RESTART, STEP_WAITING },
		{ STEP_KILLING, false, STEP_RESTART, STEP_WAITING },
		{ STEP_CLEANING, true, STEP_RESTART, STEP_WAITING },
		{ STEP_CLEANING, false, STEP_RESTART, STEP_WAITING },
		{ STEP_STOPPING, false, STEP_START, STEP_WAITING },
		{ STEP_KILLING, true, STEP_START, STEP_WAITING },
		{ STEP_KILLING, false, STEP_START, STEP_WAITING },
		{ STEP_CLEANING, true, STEP_START, STEP_WAITING },
		{ STEP_CLEANING, false, STEP_START, STEP_WAITING },
		/* It runs: there is nothing to start. */
		{ STEP_STARTING, true, STEP_START, STEP_BACKOFF },
		{ STEP_READYING, true, STEP_START, STEP_BACKOFF },
		{ STEP_UP, true, STEP_START, STEP_BACKOFF },
		/* A crash of PID 1 owes what it broke off, and nothing else. */
		{ STEP_STARTING, true, STEP_LOST, STEP_WAITING },
		{ STEP_STARTING, false, STEP_LOST, STEP_OFF },
		{ STEP_READYING, true, STEP_LOST, STEP_BACKOFF },
		{ STEP_UP, true, STEP_LOST, STEP_BACKOFF },
		{ STEP_STOPPING, false, STEP_LOST, STEP_OFF },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct step_service s = {
			.state = (uint8_t)rows[i].from, .wanted = rows[i].wanted,
			.started_ms = NOW - 1,
		};

		s = step(s, &always, rows[i].event, NOW).next;
		s = ends(s, &always);
		assert_int_equal(s.state, rows[i].after_the_run);
		assert_int_equal(s.deadline_ms, s.state == STEP_BACKOFF ? NOW + 100 : 0);
		assert_false(s.again);
	}
}

static void a_new_run_that_was_asked_for_is_taken_back_by_a_stop(void **state)
{
	static const enum step_event events[] = { STEP_STOP, STEP_RETIRE };

	(void)state;
	for (size_t i = 0; i < COUNT(events); i++) {
		struct step_service s = { .state = STEP_UP, .wanted = true };

		s = step(s, &always, STEP_RESTART, NOW).next;
		s = step(s, &always, events[i], NOW).next;
		assert_int_equal(ends(s, &always).state, STEP_OFF);
	}
}

/* --- What a state means -------------------------------------------------------------- */

static void every_state_has_its_name_and_its_meaning(void **state)
{
	static const struct {
		const char *name;
		bool at_rest, is_up, has_process, is_lost;	/* lost: if it failed */
	} rows[STEP_STATE_COUNT] = {
		[STEP_OFF] = { "off", true, false, false, false },
		[STEP_WAITING] = { "waiting", false, false, false, false },
		[STEP_STARTING] = { "starting", false, false, true, false },
		[STEP_READYING] = { "readying", false, false, true, false },
		[STEP_UP] = { "up", false, true, true, false },
		[STEP_STOPPING] = { "stopping", false, false, true, false },
		[STEP_KILLING] = { "killing", false, false, true, false },
		[STEP_CLEANING] = { "cleaning", false, false, false, false },
		[STEP_BACKOFF] = { "backoff", false, false, false, false },
		[STEP_DONE] = { "done", true, false, false, true },
		[STEP_FINISHED] = { "finished", true, true, false, false },
		[STEP_GIVEN_UP] = { "failed", true, false, false, true },
	};

	(void)state;
	for (unsigned i = 0; i < STEP_STATE_COUNT; i++) {
		const struct step_service s = { .state = (uint8_t)i, .failed = true };

		assert_string_equal(step_state_name(i), rows[i].name);
		assert_int_equal(step_at_rest(&s), rows[i].at_rest);
		assert_int_equal(step_is_up(&s), rows[i].is_up);
		assert_int_equal(step_has_process(&s), rows[i].has_process);
		assert_int_equal(step_is_lost(&s), rows[i].is_lost);
	}
	assert_string_equal(step_state_name(STEP_STATE_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_leads_where_the_table_says),
		cmocka_unit_test(a_stop_is_remembered_in_every_state),
		cmocka_unit_test(a_start_wipes_the_slate_in_every_state),
		cmocka_unit_test(a_new_run_follows_at_once_on_what_was_asked),
		cmocka_unit_test(a_new_run_that_was_asked_for_is_taken_back_by_a_stop),
		cmocka_unit_test(every_state_has_its_name_and_its_meaning),
	};

	return cmocka_run_group_tests_name("step", tests, NULL, NULL);
}
