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

/* The actions in the queue as text: "s0 t1" is spawn 0, terminate 1. */
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
		text[len++] = "-stk"[action];
		text[len++] = (char)('0' + id);
		text[len] = '\0';
	}
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_comes_after_nothing_starts_at_once, set_up),
		cmocka_unit_test_setup(each_start_waits_for_what_it_comes_after, set_up),
		cmocka_unit_test_setup(a_dead_base_holds_back_what_has_not_started, set_up),
		cmocka_unit_test_setup(a_restart_of_the_base_leaves_the_others_running, bring_up),
		cmocka_unit_test_setup(services_stop_in_reverse_order, bring_up),
		cmocka_unit_test_setup(nothing_starts_in_a_system_that_stops, set_up),
		cmocka_unit_test_setup(an_action_that_was_not_taken_gives_way_to_the_next, set_up),
		cmocka_unit_test_setup(a_service_that_does_not_stop_is_killed_at_its_time_out,
				       bring_up),
	};

	return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
