/*
 * The policies of a service's life, as rows or as stories: what follows a run,
 * when it is ready, how it shows that it lives, and when it is given up.
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
#define BITE (NOW + 900)

static const struct service always = {
	.restart = SERVICE_RESTART_ALWAYS, .restart_delay_ms = 100,
	.restart_delay_max_ms = 5000, .stop_timeout_ms = 700, .watchdog_ms = 900,
};

/* --- After a run --------------------------------------------------------------- */

static void the_policy_decides_what_follows_a_run(void **state)
{
	static const struct {
		enum service_type type;
		enum service_restart restart;
		bool wanted, failed;
		enum step_state to;
	} rows[] = {
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_ALWAYS, true, false, STEP_BACKOFF },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_ALWAYS, true, true, STEP_BACKOFF },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_ON_FAILURE, true, false, STEP_DONE },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_ON_FAILURE, true, true, STEP_BACKOFF },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_NO, true, false, STEP_DONE },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_NO, true, true, STEP_DONE },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_ALWAYS, false, true, STEP_OFF },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_ON_FAILURE, false, true, STEP_OFF },
		{ SERVICE_TYPE_SERVICE, SERVICE_RESTART_NO, false, false, STEP_OFF },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_ALWAYS, true, false, STEP_FINISHED },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_ALWAYS, true, true, STEP_BACKOFF },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_ON_FAILURE, true, false, STEP_FINISHED },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_ON_FAILURE, true, true, STEP_BACKOFF },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_NO, true, false, STEP_FINISHED },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_NO, true, true, STEP_DONE },
		{ SERVICE_TYPE_ONESHOT, SERVICE_RESTART_ALWAYS, false, false, STEP_OFF },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct service policy = always;
		struct step_service s = { .state = STEP_STARTING, .wanted = rows[i].wanted };

		policy.type = rows[i].type;
		policy.restart = rows[i].restart;
		s = step(s, &policy, STEP_EXECUTED, NOW).next;
		s = step(s, &policy, rows[i].failed ? STEP_FAILED : STEP_EXITED, NOW).next;
		s = step(s, &policy, STEP_EMPTY, NOW).next;
		assert_int_equal(s.state, rows[i].to);
		assert_int_equal(step_is_lost(&s), rows[i].to == STEP_DONE && rows[i].failed);
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
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct service policy = {
			.restart_delay_ms = rows[i].delay, .restart_delay_max_ms = rows[i].most,
		};

		assert_int_equal(step_delay_ms(&policy, rows[i].short_runs), rows[i].expected);
	}
}

static void short_runs_are_counted_up_to_where_the_count_ends(void **state)
{
	struct step_service s = { .state = STEP_BACKOFF, .wanted = true };

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		assert_int_equal(s.short_runs, i < UINT8_MAX ? i : UINT8_MAX);
		s = step(s, &always, STEP_TIMEOUT, NOW).next;
		assert_int_equal(s.started_ms, NOW);
		s = step(s, &always, STEP_NOT_STARTED, NOW).next;
		assert_int_equal(s.deadline_ms, NOW + (i < 6 ? 100u << i : 5000u));
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

/* --- Readiness and signs of life -------------------------------------------------- */

static void a_service_is_up_when_its_policy_says_so(void **state)
{
	static const struct {
		enum service_type type;
		enum service_ready ready;
		uint32_t start_timeout_ms, watchdog_ms;
		bool said;		/* READY=1 came first */
		enum step_state to;
		uint64_t deadline_ms;
	} rows[] = {
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_EXEC, 300, 0, false, STEP_UP, 0 },
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_EXEC, 300, 900, false, STEP_UP, BITE },
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_EXEC, 300, 0, true, STEP_UP, 0 },
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_NOTIFY, 300, 900, false,
		  STEP_READYING, NOW + 300 },
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_NOTIFY, 0, 900, false, STEP_READYING, 0 },
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_NOTIFY, 300, 0, true, STEP_UP, 0 },
		{ SERVICE_TYPE_SERVICE, SERVICE_READY_NOTIFY, 300, 900, true, STEP_UP, BITE },
		{ SERVICE_TYPE_ONESHOT, SERVICE_READY_EXEC, 300, 0, false, STEP_READYING, 0 },
		{ SERVICE_TYPE_ONESHOT, SERVICE_READY_EXEC, 300, 900, true, STEP_READYING, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct service policy = {
			.type = rows[i].type, .ready = rows[i].ready,
			.start_timeout_ms = rows[i].start_timeout_ms,
			.watchdog_ms = rows[i].watchdog_ms,
		};
		struct step_service s = { .state = STEP_WAITING, .wanted = true };

		s = step(s, &policy, STEP_GO, NOW - 5).next;
		if (rows[i].said)
			s = step(s, &policy, STEP_READY, NOW - 1).next;
		assert_int_equal(s.state, STEP_STARTING);
		s = step(s, &policy, STEP_EXECUTED, NOW).next;
		assert_int_equal(s.state, rows[i].to);
		assert_int_equal(s.deadline_ms, rows[i].deadline_ms);
	}
}

static void the_word_of_an_earlier_run_does_not_count(void **state)
{
	static const struct service policy = {
		.ready = SERVICE_READY_NOTIFY, .restart = SERVICE_RESTART_ALWAYS,
	};
	struct step_service s = { .state = STEP_UP, .wanted = true };

	(void)state;
	s = step(s, &policy, STEP_FAILED, NOW).next;
	s = step(s, &policy, STEP_READY, NOW).next;
	s = step(s, &policy, STEP_EMPTY, NOW).next;
	s = step(s, &policy, STEP_READY, NOW).next;
	s = step(s, &policy, STEP_TIMEOUT, NOW).next;
	assert_int_equal(s.state, STEP_STARTING);
	assert_int_equal(step(s, &policy, STEP_EXECUTED, NOW).next.state, STEP_READYING);
}

static void a_ping_moves_the_deadline_only_where_there_is_a_watchdog(void **state)
{
	struct step_service s = { .state = STEP_UP, .wanted = true, .deadline_ms = NOW + 1 };
	struct service none = always;

	(void)state;
	none.watchdog_ms = 0;
	assert_int_equal(step(s, &always, STEP_PING, NOW).next.deadline_ms, BITE);
	assert_int_equal(step(s, &none, STEP_PING, NOW).next.deadline_ms, 0);
	s.state = STEP_READYING;
	assert_int_equal(step(s, &always, STEP_PING, NOW).next.deadline_ms, NOW + 1);
	s.state = STEP_STOPPING;
	assert_int_equal(step(s, &always, STEP_PING, NOW).next.deadline_ms, NOW + 1);
}

static void a_deadline_is_extended_and_never_shortened(void **state)
{
	static const struct {
		enum step_state state;
		uint64_t deadline_ms, more_ms, expected;
	} rows[] = {
		{ STEP_READYING, NOW + 10, 500, NOW + 500 },
		{ STEP_READYING, NOW + 800, 500, NOW + 800 },
		{ STEP_READYING, NOW - 10, 500, NOW + 500 },
		{ STEP_READYING, 0, 500, 0 },
		{ STEP_STOPPING, NOW + 10, 500, NOW + 500 },
		{ STEP_STOPPING, NOW + 800, 500, NOW + 800 },
		{ STEP_UP, NOW + 10, 500, NOW + 10 },
		{ STEP_STARTING, NOW + 10, 500, NOW + 10 },
		{ STEP_KILLING, NOW + 10, 500, NOW + 10 },
		{ STEP_CLEANING, NOW + 10, 500, NOW + 10 },
		{ STEP_BACKOFF, NOW + 10, 500, NOW + 10 },
		{ STEP_READYING, NOW + 10, UINT64_MAX / 1000, NOW + UINT64_MAX / 1000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct step_service s = {
			.state = (uint8_t)rows[i].state, .deadline_ms = rows[i].deadline_ms,
		};

		s = step_extend(s, rows[i].more_ms, NOW);
		assert_int_equal(s.deadline_ms, rows[i].expected);
		assert_int_equal(s.state, rows[i].state);
	}
}

/* --- START_LIMIT ------------------------------------------------------------------- */

/* Three starts in 10 s, and no delay between them. */
static const struct service limited = {
	.restart = SERVICE_RESTART_ALWAYS, .start_limit = 3, .start_limit_window_ms = 10000,
};

/* Starts at that time, and the start fails as long after. */
static struct step_result start_fails(struct step_service s, const struct service *policy,
				      uint64_t at_ms, uint64_t after_ms)
{
	s = step(s, policy, s.state == STEP_WAITING ? STEP_GO : STEP_TIMEOUT, at_ms).next;
	assert_int_equal(s.state, STEP_STARTING);
	return step(s, policy, STEP_NOT_STARTED, at_ms + after_ms);
}

static void the_last_start_of_a_window_is_the_limits(void **state)
{
	static const struct {
		uint64_t last_ms, lived_ms;
		uint32_t delay_ms;
		enum step_state to;
	} rows[] = {
		{ NOW + 20, 0, 0, STEP_GIVEN_UP },
		{ NOW + 9998, 1, 0, STEP_GIVEN_UP },
		{ NOW + 9999, 1, 0, STEP_BACKOFF },	/* the window is over */
		{ NOW + 9000, 0, 999, STEP_GIVEN_UP },
		{ NOW + 9000, 0, 1000, STEP_BACKOFF },	/* it is when the next one comes */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct service policy = limited;
		struct step_service s = { .state = STEP_WAITING, .wanted = true };
		struct step_result r;

		policy.restart_delay_ms = policy.restart_delay_max_ms = rows[i].delay_ms;
		s = start_fails(s, &policy, NOW, 0).next;
		s = start_fails(s, &policy, NOW + 10, 0).next;
		assert_int_equal(s.state, STEP_BACKOFF);
		r = start_fails(s, &policy, rows[i].last_ms, rows[i].lived_ms);
		assert_int_equal(r.next.state, rows[i].to);
		assert_int_equal(r.action, rows[i].to == STEP_GIVEN_UP ? STEP_GIVE_UP :
									 STEP_NOTHING);
		assert_int_equal(r.next.deadline_ms == 0, rows[i].to == STEP_GIVEN_UP);
	}
}

static void a_window_begins_with_the_first_start_after_the_last_one(void **state)
{
	struct step_service s = { .state = STEP_WAITING, .wanted = true };

	(void)state;
	s = start_fails(s, &limited, NOW, 0).next;
	s = start_fails(s, &limited, NOW + 9999, 0).next;
	assert_int_equal(s.starts, 2);
	s = start_fails(s, &limited, NOW + 10000, 0).next;
	assert_int_equal(s.starts, 1);
	assert_int_equal(s.window_ms, NOW + 10000);
	s = start_fails(s, &limited, NOW + 10001, 0).next;
	s = start_fails(s, &limited, NOW + 10002, 0).next;
	assert_int_equal(s.state, STEP_GIVEN_UP);
}

static void what_is_given_up_starts_when_somebody_asks_for_it(void **state)
{
	struct step_service s = { .state = STEP_GIVEN_UP, .wanted = true, .starts = 3,
				  .window_ms = NOW };

	(void)state;
	assert_true(step_is_lost(&s));
	s = step(s, &limited, STEP_START, NOW + 1).next;
	for (unsigned i = 0; i < 2; i++) {
		s = start_fails(s, &limited, NOW + 2 + i, 0).next;
		assert_int_equal(s.state, STEP_BACKOFF);
	}
	assert_int_equal(s.window_ms, NOW + 2);
	assert_int_equal(start_fails(s, &limited, NOW + 5, 0).next.state, STEP_GIVEN_UP);
}

static void nothing_is_given_up_without_a_limit(void **state)
{
	struct step_service s = { .state = STEP_WAITING, .wanted = true };
	struct service policy = limited;

	(void)state;
	policy.start_limit = 0;
	for (unsigned i = 0; i < 1000; i++) {
		s = start_fails(s, &policy, NOW + i, 0).next;
		assert_int_equal(s.state, STEP_BACKOFF);
	}
}

static void only_a_failure_that_would_be_retried_is_given_up(void **state)
{
	struct step_service s = { .state = STEP_CLEANING, .wanted = true, .starts = 3,
				  .window_ms = NOW };
	struct service policy = limited;

	(void)state;
	assert_int_equal(step(s, &policy, STEP_EMPTY, NOW).next.state, STEP_GIVEN_UP);
	policy.restart = SERVICE_RESTART_NO;
	assert_int_equal(step(s, &policy, STEP_EMPTY, NOW).next.state, STEP_DONE);
	s.again = true;
	assert_int_equal(step(s, &policy, STEP_EMPTY, NOW).next.state, STEP_WAITING);
	s.wanted = false;
	assert_int_equal(step(s, &policy, STEP_EMPTY, NOW).next.state, STEP_OFF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_policy_decides_what_follows_a_run),
		cmocka_unit_test(the_delay_doubles_up_to_its_maximum),
		cmocka_unit_test(short_runs_are_counted_up_to_where_the_count_ends),
		cmocka_unit_test(a_stable_run_makes_the_delay_short_again),
		cmocka_unit_test(a_service_is_up_when_its_policy_says_so),
		cmocka_unit_test(the_word_of_an_earlier_run_does_not_count),
		cmocka_unit_test(a_ping_moves_the_deadline_only_where_there_is_a_watchdog),
		cmocka_unit_test(a_deadline_is_extended_and_never_shortened),
		cmocka_unit_test(the_last_start_of_a_window_is_the_limits),
		cmocka_unit_test(a_window_begins_with_the_first_start_after_the_last_one),
		cmocka_unit_test(what_is_given_up_starts_when_somebody_asks_for_it),
		cmocka_unit_test(nothing_is_given_up_without_a_limit),
		cmocka_unit_test(only_a_failure_that_would_be_retried_is_given_up),
	};

	return cmocka_run_group_tests_name("step policy", tests, NULL, NULL);
}
