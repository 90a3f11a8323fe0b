/*
 * Deadlines against the plainest thing that could keep them: an array that
 * is searched each time.
 *
 * links: init/timers.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/timers.h"

#define COUNT 200
#define ROUNDS 200000

static void the_earliest_is_always_first(void **state)
{
	static struct timers_slot slots[COUNT];
	static uint64_t plain[COUNT];
	struct timers t = { .slot = slots };

	(void)state;
	srandom(1);
	for (int round = 0; round < ROUNDS; round++) {
		uint16_t id = (uint16_t)(random() % COUNT), first = 0;
		uint64_t deadline = random() % 3 ? 1 + (uint64_t)random() % 1000 : 0;
		uint64_t least = 0;
		unsigned count = 0;

		timers_set(&t, id, deadline);
		plain[id] = deadline;
		for (unsigned i = 0; i < COUNT; i++) {
			count += plain[i] != 0;
			if (plain[i] && (!least || plain[i] < least))
				least = plain[i];
		}
		assert_int_equal(t.count, count);
		assert_int_equal(timers_first(&t, &first), least);
		if (least)
			assert_int_equal(plain[first], least);
	}
}

static void an_empty_set_has_no_first(void **state)
{
	struct timers_slot slot = { 0 };
	struct timers t = { .slot = &slot };
	uint16_t id = 7;

	(void)state;
	timers_set(&t, 0, 0);
	assert_int_equal(timers_first(&t, &id), 0);
	timers_set(&t, 0, 5);
	assert_int_equal(timers_first(&t, &id), 5);
	assert_int_equal(id, 0);
	timers_set(&t, 0, 0);
	assert_int_equal(timers_first(&t, &id), 0);
}

static void what_is_due_is_taken_the_earliest_first(void **state)
{
	struct timers_slot slots[3] = { { 0 } };
	struct timers t = { .slot = slots };
	uint16_t id = 7;

	(void)state;
	timers_set(&t, 0, 30);
	timers_set(&t, 1, 10);
	timers_set(&t, 2, 20);
	assert_int_equal(timers_first(&t, NULL), 10);
	assert_false(timers_take_due(&t, 9, &id));
	assert_true(timers_take_due(&t, 20, &id));
	assert_int_equal(id, 1);
	assert_true(timers_take_due(&t, 20, &id));
	assert_int_equal(id, 2);
	assert_false(timers_take_due(&t, 20, &id));
	assert_int_equal(timers_first(&t, NULL), 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_is_always_first),
		cmocka_unit_test(an_empty_set_has_no_first),
		cmocka_unit_test(what_is_due_is_taken_the_earliest_first),
	};

	return cmocka_run_group_tests_name("timers", tests, NULL, NULL);
}
