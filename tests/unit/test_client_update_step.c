/*
 * When an update may begin, which release is new enough for it, and how it has ended.
 *
 * links: init/client/update_step.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "init/client/update_step.h"

static void releases_have_to_be_newer_than_all_that_were_good(void **state)
{
	static const struct {
		uint64_t in_use, highest, least;
	} rows[] = {
		{ 0, 0, 1 },			/* there is none, and 0 is no serial */
		{ 42, 0, 43 },			/* the firmware's own, or the record is lost */
		{ 42, 42, 43 },
		{ 41, 42, 43 },			/* an operator went back from 42 */
		{ 0, 42, 43 },			/* none may be used */
		{ UINT64_MAX - 1, 1, UINT64_MAX },
		{ UINT64_MAX, 1, UINT64_MAX },	/* there is none behind it */
		{ 1, UINT64_MAX, UINT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct images is = { .serial = rows[i].in_use };
		const struct record record = { .highest = rows[i].highest };

		assert_int_equal(update_serial_least(&is, &record), rows[i].least);
	}
}

/* In each phase, with each outcome. */
static void an_update_ends_where_another_may_begin(void **state)
{
	(void)state;
	for (unsigned phase = 0; phase < IMAGES_PHASE_COUNT; phase++) {
		bool ends = phase == IMAGES_READY || phase == IMAGES_ABSENT;

		assert_int_equal(update_may_begin(phase), ends);
		for (unsigned outcome = 0; outcome < IMAGES_OUTCOME_COUNT; outcome++) {
			const struct images is = { .phase = (uint8_t)phase,
						   .outcome = (uint8_t)outcome };

			assert_int_equal(update_ended(&is, UPDATE_TO_NEW), !ends ? UPDATE_GOES_ON :
				outcome == IMAGES_OUTCOME_CONFIRMED ? UPDATE_DONE : UPDATE_FAILED);
			assert_int_equal(update_ended(&is, UPDATE_TO_OLD), !ends ? UPDATE_GOES_ON :
				outcome == IMAGES_OUTCOME_ROLLED_BACK ? UPDATE_DONE : UPDATE_FAILED);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases_have_to_be_newer_than_all_that_were_good),
		cmocka_unit_test(an_update_ends_where_another_may_begin),
	};

	return cmocka_run_group_tests_name("client_update_step", tests, NULL, NULL);
}
