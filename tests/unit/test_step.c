/*
 * Every cell of the life cycle: each pair of state and event is asked, and
 * what is not listed here must change nothing.
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

#define NOW 100000u
#define AGAIN STEP_KILL_AGAIN_MS

static const struct service always = {
	.restart = SERVICE_RESTART_ALWAYS, .restart_delay_ms = 100,
	.restart_delay_max_ms = 5000, .stop_timeout_ms = 700,
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
	{ STEP_WAITING, STEP_GO, STEP_STARTING, STEP_SPAWN, NOW + STEP_START_TIMEOUT_MS },
	{ STEP_WAITING, STEP_RETIRE, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_WAITING, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_STARTING, STEP_EXECUTED, STEP_UP, STEP_NOTHING, 0 },
	{ STEP_STARTING, STEP_NOT_STARTED, STEP_BACKOFF, STEP_NOTHING, NOW + 100 },
	{ STEP_STARTING, STEP_EXITED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_STARTING, STEP_FAILED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_STARTING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, NOW + AGAIN },
	{ STEP_STARTING, STEP_STOP, STEP_KILLING, STEP_KILL, NOW + AGAIN },
	{ STEP_UP, STEP_EXITED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_UP, STEP_FAILED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_UP, STEP_STOP, STEP_STOPPING, STEP_TERMINATE, NOW + 700 },
	{ STEP_STOPPING, STEP_EXITED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_STOPPING, STEP_FAILED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_STOPPING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, NOW + AGAIN },
	{ STEP_STOPPING, STEP_UNHEARD, STEP_KILLING, STEP_KILL, NOW + AGAIN },
	{ STEP_KILLING, STEP_EXITED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_KILLING, STEP_FAILED, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_KILLING, STEP_NOT_STARTED, STEP_BACKOFF, STEP_NOTHING, NOW + 100 },
	{ STEP_KILLING, STEP_TIMEOUT, STEP_KILLING, STEP_KILL, NOW + AGAIN },
	{ STEP_CLEANING, STEP_TIMEOUT, STEP_CLEANING, STEP_KILL, NOW + AGAIN },
	{ STEP_CLEANING, STEP_EMPTY, STEP_BACKOFF, STEP_NOTHING, NOW + 100 },
	{ STEP_BACKOFF, STEP_TIMEOUT, STEP_STARTING, STEP_SPAWN, NOW + STEP_START_TIMEOUT_MS },
	{ STEP_BACKOFF, STEP_RETIRE, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_BACKOFF, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },
	{ STEP_DONE, STEP_START, STEP_WAITING, STEP_NOTHING, 0 },
	{ STEP_DONE, STEP_STOP, STEP_OFF, STEP_NOTHING, 0 },
};

static const struct expected *find(enum step_state from, enum step_event event)
{
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		if (cells[i].from == from && cells[i].event == event)
			return &cells[i];
	return NULL;
}

static void every_cell_leads_where_the_table_says(void **state)
{
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
			assert_int_equal(r.next.state, e->to);
			assert_int_equal(r.action, e->action);
			assert_int_equal(r.next.deadline_ms, e->deadline_ms);
		}
	}
}

static void stop_and_retire_are_remembered_in_every_state(void **state)
{
	static const enum step_event events[] = { STEP_STOP, STEP_RETIRE };

	(void)state;
	for (unsigned from = 0; from < STEP_STATE_COUNT; from++)
		for (unsigned i = 0; i < 2; i++) {
			struct step_service s = { .state = (uint8_t)from, .wanted = true };

			assert_false(step(s, &always, events[i], NOW).next.wanted);
		}
}

static void the_policy_decides_what_follows_a_run(void **state)
{
	static const struct {
		enum service_restart restart;
		bool wanted, failed;
		enum step_state to;
	} rows[] = {
		{ SERVICE_RESTART_ALWAYS, true, false, STEP_BACKOFF },
		{ SERVICE_RESTART_ALWAYS, true, true, STEP_BACKOFF },
		{ SERVICE_RESTART_ON_FAILURE, true, false, STEP_DONE },
		{ SERVICE_RESTART_ON_FAILURE, true, true, STEP_BACKOFF },
		{ SERVICE_RESTART_NO, true, false, STEP_DONE },
		{ SERVICE_RESTART_NO, true, true, STEP_DONE },
		{ SERVICE_RESTART_ALWAYS, false, true, STEP_OFF },
		{ SERVICE_RESTART_ON_FAILURE, false, true, STEP_OFF },
		{ SERVICE_RESTART_NO, false, false, STEP_OFF },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct service policy = always;
		struct step_service s = { .state = STEP_UP, .wanted = rows[i].wanted };

		policy.restart = rows[i].restart;
		s = step(s, &policy, rows[i].failed ? STEP_FAILED : STEP_EXITED, NOW).next;
		s = step(s, &policy, STEP_EMPTY, NOW).next;
		assert_int_equal(s.state, rows[i].to);
	}
}

static void the_delay_doubles_up_to_its_maximum(void **state)
{
	static const struct {
		uint32_t delay, most;
		unsigned short_runs;
		uint64_t expected;
	} rows[] = {
		{ 100, 30000, 0, 100 }, { 100, 30000, 1, 200 }, { 100, 30000, 2, 400 },
		{ 100, 30000, 8, 25600 }, { 100, 30000, 9, 30000 }, { 100, 30000, 255, 30000 },
		{ 0, 30000, 0, 0 }, { 0, 30000, 1, 2 }, { 0, 30000, 20, 30000 },
		{ 0, 0, 0, 0 }, { 0, 0, 7, 0 }, { 500, 200, 0, 200 },
		{ UINT32_MAX, UINT32_MAX, 255, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct service policy = {
			.restart_delay_ms = rows[i].delay, .restart_delay_max_ms = rows[i].most,
		};

		assert_int_equal(step_delay_ms(&policy, rows[i].short_runs), rows[i].expected);
	}
}

static void a_stable_run_makes_the_delay_short_again(void **state)
{
	struct step_service s = {
		.state = STEP_CLEANING, .wanted = true, .failed = true, .short_runs = 5,
	};

	(void)state;
	s.started_ms = NOW - always.restart_delay_max_ms + 1;
	assert_int_equal(step(s, &always, STEP_EMPTY, NOW).next.deadline_ms, NOW + 3200);
	s.started_ms = NOW - always.restart_delay_max_ms;
	assert_int_equal(step(s, &always, STEP_EMPTY, NOW).next.deadline_ms, NOW + 100);
	assert_int_equal(step(s, &always, STEP_EMPTY, NOW).next.short_runs, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_leads_where_the_table_says),
		cmocka_unit_test(stop_and_retire_are_remembered_in_every_state),
		cmocka_unit_test(the_policy_decides_what_follows_a_run),
		cmocka_unit_test(the_delay_doubles_up_to_its_maximum),
		cmocka_unit_test(a_stable_run_makes_the_delay_short_again),
	};

	return cmocka_run_group_tests_name("step", tests, NULL, NULL);
}
