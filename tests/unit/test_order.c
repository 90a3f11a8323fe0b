/*
 * The order among services, in small tables that a reader can follow; the
 * simulator does the same with random ones by the million.
 *
 * links: init/order.c init/step.c init/timers.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/order.h"

/* broker <- sensor <- display, and web alone */
enum { BROKER, SENSOR, DISPLAY, WEB, COUNT };

static const uint16_t broker[] = { BROKER }, sensor[] = { SENSOR }, display[] = { DISPLAY };

#define POLICY .restart = SERVICE_RESTART_ALWAYS, .restart_delay_ms = 100, \
	       .restart_delay_max_ms = 1000, .stop_timeout_ms = 500

static const struct service table[COUNT] = {
	[BROKER] = { POLICY, .before = sensor, .before_count = 1 },
	[SENSOR] = { POLICY, .after = broker, .after_count = 1,
		     .before = display, .before_count = 1 },
	[DISPLAY] = { POLICY, .after = sensor, .after_count = 1 },
	[WEB] = { POLICY },
};

static struct order_slot slots[COUNT];
static struct timers_slot timers[COUNT];
static struct order o;

/* The actions in the queue as text: "s0 t1" is spawn 0, terminate 1; k is
 * kill, g is give up. */
static const char *actions(void)
{
	static char text[64];
	enum step_action action;
	size_t len = 0;
	uint16_t id;

	text[0] = '\0';
	while (order_next(&o, &id, &action)) {
		if (len)
			text[len++] = ' ';
		text[len++] = "-stkg"[action];
		text[len++] = (char)('0' + id);
		text[len] = '\0';
	}
	return text;
}

/* Those to be saved, by a digit each, in ascending order. */
static const char *changed(void)
{
	static char text[COUNT + 1];
	bool is[COUNT] = { false };
	size_t len = 0;
	uint16_t id;

	while (order_changed(&o, &id)) {
		assert_false(is[id]);
		is[id] = true;
	}
	for (id = 0; id < COUNT; id++)
		if (is[id])
			text[len++] = (char)('0' + id);
	text[len] = '\0';
	return text;
}

static int set_up(void **state)
{
	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	order_start_all(&o, 0);
	return 0;
}

/* All four up, nothing queued. */
static int bring_up(void **state)
{
	set_up(state);
	for (uint16_t id = 0; id < COUNT; id++)
		order_event(&o, id, STEP_EXECUTED, 0);
	actions();
	changed();
	return 0;
}

static void ends(uint16_t id, uint64_t now_ms)
{
	order_event(&o, id, STEP_FAILED, now_ms);
	order_event(&o, id, STEP_EMPTY, now_ms);
}

static void what_comes_after_nothing_starts_at_once(void **state)
{
	(void)state;
	assert_string_equal(actions(), "s0 s3");
}

static void each_start_waits_for_what_it_comes_after(void **state)
{
	(void)state;
	actions();
	order_event(&o, WEB, STEP_EXECUTED, 0);
	assert_string_equal(actions(), "");
	order_event(&o, BROKER, STEP_EXECUTED, 0);
	assert_string_equal(actions(), "s1");
	order_event(&o, SENSOR, STEP_EXECUTED, 0);
	assert_string_equal(actions(), "s2");
}

static void no_more_starts_are_under_way_than_may_be(void **state)
{
	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	o.starting_max = 1;
	order_start_all(&o, 0);
	assert_string_equal(actions(), "s0");
	/* web was free first */
	order_event(&o, BROKER, STEP_EXECUTED, 10);
	assert_string_equal(actions(), "s3");
	order_event(&o, WEB, STEP_STOP, 20);
	order_event(&o, WEB, STEP_FAILED, 30);
	assert_string_equal(actions(), "k3 s1");
}

static void who_is_stopped_in_the_queue_does_not_start(void **state)
{
	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	o.starting_max = 1;
	order_start_all(&o, 0);
	order_event(&o, WEB, STEP_STOP, 10);
	order_event(&o, BROKER, STEP_EXECUTED, 20);
	assert_string_equal(actions(), "s0 s1");
	order_event(&o, WEB, STEP_START, 30);
	order_event(&o, SENSOR, STEP_EXECUTED, 40);
	assert_string_equal(actions(), "s3");
}

static void a_dead_base_holds_back_what_has_not_started(void **state)
{
	(void)state;
	actions();
	ends(BROKER, 10);
	assert_string_equal(actions(), "k0");
	assert_int_equal(order_deadline(&o), 110);
	assert_int_equal(slots[SENSOR].step.state, STEP_WAITING);
	order_expire(&o, 109);
	assert_string_equal(actions(), "");
	order_expire(&o, 110);
	assert_string_equal(actions(), "s0");
}

static void a_restart_of_the_base_leaves_the_others_running(void **state)
{
	(void)state;
	ends(BROKER, 10);
	assert_string_equal(actions(), "k0");
	order_expire(&o, 110);
	order_event(&o, BROKER, STEP_EXECUTED, 120);
	assert_string_equal(actions(), "s0");
	assert_int_equal(slots[SENSOR].step.state, STEP_UP);
}

static void services_stop_in_reverse_order(void **state)
{
	(void)state;
	order_stop_all(&o, 0);
	assert_string_equal(actions(), "t3 t2");
	ends(DISPLAY, 1);
	assert_string_equal(actions(), "k2 t1");
	ends(WEB, 2);
	ends(SENSOR, 3);
	assert_string_equal(actions(), "k3 k1 t0");
	assert_false(order_at_rest(&o));
	ends(BROKER, 4);
	assert_string_equal(actions(), "k0");
	assert_true(order_at_rest(&o));
	assert_int_equal(order_deadline(&o), 0);
}

static void nothing_starts_in_a_system_that_stops(void **state)
{
	(void)state;
	actions();
	order_stop_all(&o, 0);
	assert_string_equal(actions(), "k3 k0");
	ends(BROKER, 1);
	ends(WEB, 1);
	order_event(&o, SENSOR, STEP_START, 2);
	order_event(&o, SENSOR, STEP_RESTART, 2);
	actions();
	assert_true(order_at_rest(&o));
	order_expire(&o, 100000);
	assert_string_equal(actions(), "");
}

static void an_action_that_was_not_taken_gives_way_to_the_next(void **state)
{
	(void)state;
	actions();
	order_event(&o, BROKER, STEP_TIMEOUT, 1);
	order_event(&o, BROKER, STEP_FAILED, 2);
	order_event(&o, BROKER, STEP_EMPTY, 3);
	order_expire(&o, 200);
	assert_string_equal(actions(), "s0");
}

static void a_service_that_does_not_stop_is_killed_at_its_time_out(void **state)
{
	(void)state;
	order_stop_all(&o, 1000);
	actions();
	order_expire(&o, 1499);
	assert_string_equal(actions(), "");
	order_expire(&o, 1500);
	assert_string_equal(actions(), "k3 k2");
	assert_int_equal(slots[DISPLAY].step.state, STEP_KILLING);
	assert_int_equal(slots[WEB].step.state, STEP_KILLING);
}

/* --- Held --------------------------------------------------------------------- */

/* broker and web wait for something that is no service. */
static int hold(void **state)
{
	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	order_hold(&o, BROKER);
	order_hold(&o, WEB);
	order_hold(&o, WEB);
	order_start_all(&o, 0);
	return 0;
}

static void who_is_held_waits_until_it_is_released(void **state)
{
	(void)state;
	assert_string_equal(actions(), "");
	assert_int_equal(slots[BROKER].step.state, STEP_WAITING);
	changed();
	order_release(&o, BROKER, 10);
	assert_string_equal(actions(), "s0");
	assert_string_equal(changed(), "0");
	assert_int_equal(slots[BROKER].step.started_ms, 10);
	order_event(&o, BROKER, STEP_EXECUTED, 20);
	assert_string_equal(actions(), "s1");
}

static void who_is_held_twice_is_released_twice(void **state)
{
	(void)state;
	order_release(&o, WEB, 10);
	assert_string_equal(actions(), "");
	order_release(&o, WEB, 20);
	assert_string_equal(actions(), "s3");
}

static void a_release_does_not_start_what_its_base_holds_back(void **state)
{
	(void)state;
	order_hold(&o, SENSOR);
	order_release(&o, SENSOR, 10);
	assert_string_equal(actions(), "");
	order_hold(&o, SENSOR);
	order_release(&o, BROKER, 20);
	order_event(&o, BROKER, STEP_EXECUTED, 30);
	assert_string_equal(actions(), "s0");
	order_release(&o, SENSOR, 40);
	assert_string_equal(actions(), "s1");
}

static void who_is_held_in_the_queue_gives_its_turn_away(void **state)
{
	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	o.starting_max = 1;
	order_start_all(&o, 0);
	assert_string_equal(actions(), "s0");
	order_hold(&o, WEB);
	order_event(&o, BROKER, STEP_EXECUTED, 10);
	assert_string_equal(actions(), "s1");
	order_event(&o, SENSOR, STEP_EXECUTED, 20);
	assert_string_equal(actions(), "s2");
	order_release(&o, WEB, 30);
	assert_string_equal(actions(), "");
	order_event(&o, DISPLAY, STEP_EXECUTED, 40);
	assert_string_equal(actions(), "s3");
}

static void who_is_stopped_while_held_is_not_started_by_a_release(void **state)
{
	(void)state;
	order_event(&o, BROKER, STEP_STOP, 10);
	assert_int_equal(slots[BROKER].step.state, STEP_OFF);
	order_release(&o, BROKER, 20);
	assert_string_equal(actions(), "");
	order_event(&o, BROKER, STEP_START, 30);
	assert_string_equal(actions(), "s0");
}

static void who_is_held_does_not_keep_the_system_from_ending(void **state)
{
	(void)state;
	order_stop_all(&o, 10);
	assert_true(order_at_rest(&o));
	order_release(&o, BROKER, 20);
	assert_string_equal(actions(), "");
}

static void a_hold_changes_nothing_of_who_runs(void **state)
{
	(void)state;
	order_hold(&o, WEB);
	assert_int_equal(slots[WEB].step.state, STEP_UP);
	ends(WEB, 10);
	order_expire(&o, 110);		/* it has found what it needs before */
	assert_string_equal(actions(), "s3");
	order_event(&o, WEB, STEP_EXECUTED, 120);
	order_event(&o, WEB, STEP_RESTART, 130);	/* but a start from anew waits */
	ends(WEB, 140);
	assert_string_equal(actions(), "k3");
	assert_int_equal(slots[WEB].step.state, STEP_WAITING);
	order_release(&o, WEB, 150);
	assert_string_equal(actions(), "s3");
}

/* --- To be saved ------------------------------------------------------------- */

static void each_service_that_has_changed_is_told_once(void **state)
{
	(void)state;
	assert_string_equal(changed(), "0123");
	assert_string_equal(changed(), "");
	order_event(&o, BROKER, STEP_EXECUTED, 0);	/* and the sensor is set free */
	order_event(&o, BROKER, STEP_PING, 0);
	assert_string_equal(changed(), "01");
	order_event(&o, WEB, STEP_EXECUTED, 0);
	order_event(&o, BROKER, STEP_FAILED, 0);
	assert_string_equal(changed(), "03");
}

static void what_a_stop_reaches_has_changed(void **state)
{
	(void)state;
	order_stop_all(&o, 0);
	assert_string_equal(changed(), "0123");
	ends(DISPLAY, 1);	/* and the sensor is asked to end */
	assert_string_equal(changed(), "12");
}

static void an_extended_deadline_is_kept_and_saved(void **state)
{
	(void)state;
	order_event(&o, WEB, STEP_STOP, 1000);
	assert_int_equal(order_deadline(&o), 1500);
	changed();
	order_extend(&o, WEB, 2000, 1100);
	assert_int_equal(order_deadline(&o), 3100);
	assert_string_equal(changed(), "3");
	actions();
	order_expire(&o, 3099);
	assert_string_equal(actions(), "");
	order_expire(&o, 3100);
	assert_string_equal(actions(), "k3");
}

/* --- After PID 1 was executed anew ---------------------------------------------- */

/* As another run of PID 1 left it; all of it wanted. */
static void take_up(const enum step_state *states, bool stopping)
{
	order_init(&o, table, COUNT, slots, timers);
	for (unsigned id = 0; id < COUNT; id++) {
		slots[id].step.state = (uint8_t)states[id];
		slots[id].step.wanted = true;
	}
	order_take_up(&o, stopping);
}

static void resume_all(bool has_process)
{
	for (uint16_t id = 0; id < COUNT; id++)
		order_resume(&o, id, has_process, 5000);
}

static void the_counts_are_right_when_it_is_taken_up(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_UP, STEP_FINISHED, STEP_BACKOFF, STEP_GIVEN_UP,
	};

	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	for (unsigned id = 0; id < COUNT; id++)
		slots[id].step.state = (uint8_t)states[id];
	slots[BROKER].step.deadline_ms = 900;
	slots[DISPLAY].step.deadline_ms = 800;
	order_take_up(&o, false);
	assert_int_equal(slots[BROKER].not_up, 0);
	assert_int_equal(slots[BROKER].not_at_rest, 0);		/* the sensor is */
	assert_int_equal(slots[SENSOR].not_up, 0);
	assert_int_equal(slots[SENSOR].not_at_rest, 1);
	assert_int_equal(slots[DISPLAY].not_up, 0);
	assert_int_equal(o.running, 2);
	assert_int_equal(order_deadline(&o), 800);
	assert_false(o.stopping);
	assert_string_equal(actions(), "");
}

static void what_runs_goes_on_untouched(void **state)
{
	static const enum step_state states[COUNT] = { STEP_UP, STEP_UP, STEP_UP, STEP_UP };

	(void)state;
	take_up(states, false);
	resume_all(true);
	assert_string_equal(actions(), "");
	for (unsigned id = 0; id < COUNT; id++)
		assert_int_equal(slots[id].step.state, STEP_UP);
}

static void what_was_going_on_is_done_again(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_STOPPING, STEP_KILLING, STEP_CLEANING, STEP_STARTING,
	};

	(void)state;
	take_up(states, false);
	resume_all(true);
	assert_string_equal(actions(), "t0 k1 k2");
	assert_int_equal(order_deadline(&o), 5000 + 500);
}

static void a_lost_process_is_buried_first(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_STARTING, STEP_READYING, STEP_UP, STEP_KILLING,
	};

	(void)state;
	take_up(states, false);
	resume_all(false);
	assert_string_equal(actions(), "k0 k1 k2 k3");
	for (uint16_t id = 0; id < COUNT; id++)
		order_event(&o, id, STEP_EMPTY, 5000);
	/* The start that was broken off follows at once; the others back off. */
	assert_string_equal(actions(), "s0");
	assert_int_equal(order_deadline(&o), 5100);
	assert_int_equal(slots[DISPLAY].step.state, STEP_BACKOFF);
}

/* PID 1 was gone before what the base set free was saved. */
static void a_start_that_got_lost_is_made_up_for(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_UP, STEP_WAITING, STEP_WAITING, STEP_UP,
	};

	(void)state;
	take_up(states, false);
	resume_all(true);
	assert_string_equal(actions(), "s1");
	assert_int_equal(slots[DISPLAY].step.state, STEP_WAITING);
}

static void what_is_given_up_is_said_again(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_OFF, STEP_OFF, STEP_DONE, STEP_GIVEN_UP,
	};

	(void)state;
	take_up(states, false);
	resume_all(false);
	assert_string_equal(actions(), "g3");
	take_up(states, true);		/* there is nothing to add in the end */
	resume_all(false);
	assert_string_equal(actions(), "");
}

static void a_stop_goes_on_where_it_stood(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_UP, STEP_UP, STEP_STOPPING, STEP_UP,
	};

	(void)state;
	take_up(states, true);
	resume_all(true);
	assert_string_equal(actions(), "t2 t3");
	ends(DISPLAY, 5001);
	assert_string_equal(actions(), "k2 t1");
	ends(SENSOR, 5002);
	ends(BROKER, 5003);
	ends(WEB, 5004);
	actions();
	assert_true(order_at_rest(&o));
}

/* `stopping` was saved, and what it means to each was not. */
static void nothing_starts_when_a_stop_is_taken_up(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_WAITING, STEP_UP, STEP_BACKOFF, STEP_STARTING,
	};

	(void)state;
	take_up(states, true);
	resume_all(true);
	assert_string_equal(actions(), "t1 k3");
	order_event(&o, WEB, STEP_NOT_STARTED, 5001);
	ends(SENSOR, 5002);
	assert_string_equal(actions(), "k1");
	assert_true(order_at_rest(&o));
}

static void who_is_held_when_it_is_taken_up_does_not_start(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_WAITING, STEP_UP, STEP_CLEANING, STEP_WAITING,
	};

	(void)state;
	order_init(&o, table, COUNT, slots, timers);
	for (unsigned id = 0; id < COUNT; id++) {
		slots[id].step.state = (uint8_t)states[id];
		slots[id].step.wanted = slots[id].step.again = true;
		order_hold(&o, (uint16_t)id);
	}
	order_take_up(&o, false);
	resume_all(true);
	assert_string_equal(actions(), "k2");
	order_event(&o, DISPLAY, STEP_EMPTY, 5001);
	assert_string_equal(actions(), "");
	assert_int_equal(slots[DISPLAY].step.state, STEP_WAITING);
	for (uint16_t id = 0; id < COUNT; id++)
		order_release(&o, id, 5002);
	assert_string_equal(actions(), "s0 s2 s3");
}

static void a_start_that_a_crash_broke_off_is_not_made_up_for_in_the_end(void **state)
{
	static const enum step_state states[COUNT] = {
		STEP_STARTING, STEP_OFF, STEP_OFF, STEP_OFF,
	};

	(void)state;
	take_up(states, true);
	resume_all(false);
	assert_string_equal(actions(), "k0");
	order_event(&o, BROKER, STEP_EMPTY, 5000);
	assert_string_equal(actions(), "");
	assert_true(order_at_rest(&o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_comes_after_nothing_starts_at_once, set_up),
		cmocka_unit_test_setup(each_start_waits_for_what_it_comes_after, set_up),
		cmocka_unit_test(no_more_starts_are_under_way_than_may_be),
		cmocka_unit_test(who_is_stopped_in_the_queue_does_not_start),
		cmocka_unit_test_setup(a_dead_base_holds_back_what_has_not_started, set_up),
		cmocka_unit_test_setup(a_restart_of_the_base_leaves_the_others_running, bring_up),
		cmocka_unit_test_setup(services_stop_in_reverse_order, bring_up),
		cmocka_unit_test_setup(nothing_starts_in_a_system_that_stops, set_up),
		cmocka_unit_test_setup(an_action_that_was_not_taken_gives_way_to_the_next, set_up),
		cmocka_unit_test_setup(a_service_that_does_not_stop_is_killed_at_its_time_out,
				       bring_up),
		cmocka_unit_test_setup(who_is_held_waits_until_it_is_released, hold),
		cmocka_unit_test_setup(who_is_held_twice_is_released_twice, hold),
		cmocka_unit_test_setup(a_release_does_not_start_what_its_base_holds_back, hold),
		cmocka_unit_test(who_is_held_in_the_queue_gives_its_turn_away),
		cmocka_unit_test_setup(who_is_stopped_while_held_is_not_started_by_a_release, hold),
		cmocka_unit_test_setup(who_is_held_does_not_keep_the_system_from_ending, hold),
		cmocka_unit_test_setup(a_hold_changes_nothing_of_who_runs, bring_up),
		cmocka_unit_test_setup(each_service_that_has_changed_is_told_once, set_up),
		cmocka_unit_test_setup(what_a_stop_reaches_has_changed, bring_up),
		cmocka_unit_test_setup(an_extended_deadline_is_kept_and_saved, bring_up),
		cmocka_unit_test(the_counts_are_right_when_it_is_taken_up),
		cmocka_unit_test(what_runs_goes_on_untouched),
		cmocka_unit_test(what_was_going_on_is_done_again),
		cmocka_unit_test(a_lost_process_is_buried_first),
		cmocka_unit_test(a_start_that_got_lost_is_made_up_for),
		cmocka_unit_test(what_is_given_up_is_said_again),
		cmocka_unit_test(a_stop_goes_on_where_it_stood),
		cmocka_unit_test(nothing_starts_when_a_stop_is_taken_up),
		cmocka_unit_test(who_is_held_when_it_is_taken_up_does_not_start),
		cmocka_unit_test(a_start_that_a_crash_broke_off_is_not_made_up_for_in_the_end),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
