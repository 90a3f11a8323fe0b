/*
 * What follows from what for the images of services: walks from phase to phase, and
 * every word, end and request in every phase.
 *
 * links: init/images_plan.c init/images_judge.c init/images_state.c init/refusal.c init/text.c
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/control.h"
#include "init/images_judge.h"
#include "init/images_plan.h"
#include "init/slots.h"
#include "init/text.h"

enum { WEB, BROKER };	/* images */

const struct service services[] = { { .name = "web" }, { .name = "broker" }, { .name = "third" } };
const struct image images[] = { { .name = "web" }, { .name = "broker" } };

static struct images_plan plan;

const char *slot_name(unsigned slot)
{
	static const char *const names[] = { "none", "a", "b", "factory" };

	return names[slot];
}

/* --- What is told ----------------------------------------------------------------- */

static void word(struct images_word is)
{
	images_plan_word(&plan, &is, 5000);
}

static void release(unsigned slot, uint64_t serial)
{
	word((struct images_word){ .said = IMAGES_SAID_RELEASE, .slot = (uint8_t)slot,
				   .serial = serial });
}

static void mounted(unsigned image, uint64_t serial)
{
	word((struct images_word){ .said = IMAGES_SAID_MOUNTED, .image = (uint16_t)image,
				   .serial = serial });
}

static void unchanged(unsigned image)
{
	word((struct images_word){ .said = IMAGES_SAID_UNCHANGED, .image = (uint16_t)image });
}

static void done(unsigned slot, uint64_t serial)
{
	word((struct images_word){ .said = IMAGES_SAID_DONE, .slot = (uint8_t)slot,
				   .serial = serial });
}

static void refused(enum refusal_why why)
{
	struct images_word is = { .said = IMAGES_SAID_REFUSED, .slot = SLOT_A };

	refusal_set(&is.why, why, 0);
	word(is);
	is.said = IMAGES_SAID_DONE;
	word(is);
}

/* The child is started for the task that is due. */
static void expect_task(unsigned task)
{
	struct images_order order;

	assert_int_equal(images_plan_task(&plan, false), task);
	if (task != IMAGES_NO_TASK)
		images_plan_order(&plan, task, &order);
}

static void expect_phase(unsigned phase)
{
	assert_string_equal(images_phase_name(plan.is.phase), images_phase_name(phase));
}

static void expect_images(uint64_t web, uint64_t broker)
{
	const uint64_t expected[] = { [WEB] = web, [BROKER] = broker };

	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		assert_int_equal(plan.image[i].serial, expected[i]);
}

static void expect_in_use(unsigned slot, uint64_t serial)
{
	assert_string_equal(slot_name(plan.is.slot), slot_name(slot));
	assert_int_equal(plan.is.serial, serial);
}

/* --- Walks that others begin with ------------------------------------------------- */

static int set_up(void **unused)
{
	(void)unused;
	memset(&plan, 0, sizeof(plan));
	plan.is.phase = IMAGES_WAITING;
	plan.confirm_ms = 60000;
	return 0;
}

/* Release 42 in slot b is in use. */
static void be_ready(void)
{
	images_plan_stored(&plan, true);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(WEB, 42);
	mounted(BROKER, 42);
	done(SLOT_B, 42);
	expect_task(IMAGES_NO_TASK);
	expect_phase(IMAGES_READY);
}

/* And 43 in slot a is tried, in which web alone is another. */
static void be_trying(void)
{
	be_ready();
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_TRY), 0);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	mounted(WEB, 43);
	unchanged(BROKER);
	expect_images(42, 42);
	done(SLOT_A, 43);
	expect_phase(IMAGES_TRYING);
}

static void be_confirming(void)
{
	be_trying();
	images_plan_prove(&plan);
	expect_task(IMAGES_CONFIRM);
}

static void be_going_back(void)
{
	be_trying();
	images_plan_fail(&plan, 0);
	expect_task(IMAGES_GIVE_UP);
}

static void be_absent(void)
{
	images_plan_stored(&plan, false);
	expect_task(IMAGES_BEGIN);
	refused(REFUSAL_ABSENT);
	expect_phase(IMAGES_ABSENT);
}

/* --- The look at boot ------------------------------------------------------------- */

static void it_begins_when_the_storage_is_settled(void **unused)
{
	(void)unused;
	expect_task(IMAGES_NO_TASK);
	images_plan_stored(&plan, false);
	expect_phase(IMAGES_LOOKING);
	expect_task(IMAGES_BEGIN);
}

static void at_boot_an_image_counts_as_soon_as_it_is_mounted(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, true);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(BROKER, 42);
	expect_images(0, 42);
	expect_phase(IMAGES_LOOKING);
}

static void what_a_refused_release_had_mounted_is_replaced(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, true);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(WEB, 42);
	release(SLOT_A, 41);
	mounted(WEB, 41);
	mounted(BROKER, 41);
	done(SLOT_A, 41);
	expect_images(41, 41);
	expect_in_use(SLOT_A, 41);
}

static void of_an_image_without_a_word_the_last_release_does_not_count(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, true);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(WEB, 42);
	release(SLOT_A, 41);
	mounted(BROKER, 41);
	done(SLOT_A, 41);
	expect_images(0, 41);
}

static void without_any_release_nobody_starts(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, true);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(WEB, 42);
	refused(REFUSAL_IMAGE_DIGEST);
	expect_phase(IMAGES_ABSENT);
	expect_images(0, 0);
	assert_int_equal(plan.is.why.why, REFUSAL_IMAGE_DIGEST);
	assert_int_equal(plan.again_ms, 0);
}

static void storage_that_comes_late_is_looked_at(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, false);
	expect_task(IMAGES_BEGIN);
	release(SLOT_FACTORY, 40);
	mounted(WEB, 40);
	mounted(BROKER, 40);
	done(SLOT_FACTORY, 40);
	expect_phase(IMAGES_READY);
	images_plan_stored(&plan, true);
	expect_phase(IMAGES_LOOKING);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(WEB, 42);
	expect_images(40, 40);	/* something is in use by now */
	mounted(BROKER, 42);
	done(SLOT_B, 42);
	expect_images(42, 42);
	images_plan_stored(&plan, true);
	expect_phase(IMAGES_READY);
}

static void storage_that_comes_during_the_look_makes_it_look_again(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, false);
	expect_task(IMAGES_BEGIN);
	images_plan_stored(&plan, true);
	release(SLOT_FACTORY, 40);
	mounted(WEB, 40);
	mounted(BROKER, 40);
	done(SLOT_FACTORY, 40);
	expect_phase(IMAGES_LOOKING);
	expect_task(IMAGES_BEGIN);
	done(SLOT_B, 42);
	expect_phase(IMAGES_READY);
}

static void a_trial_that_the_power_has_ended_is_told(void **unused)
{
	(void)unused;
	images_plan_stored(&plan, true);
	expect_task(IMAGES_BEGIN);
	word((struct images_word){ .said = IMAGES_SAID_GIVEN_UP, .slot = SLOT_A });
	release(SLOT_B, 42);
	done(SLOT_B, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_CUT);
}

static void a_disk_that_hangs_leaves_the_firmware_s_own_release(void **unused)
{
	struct images_order order;

	(void)unused;
	images_plan_stored(&plan, true);
	images_plan_order(&plan, images_plan_task(&plan, false), &order);
	assert_int_equal(order.slot, SLOT_NONE);
	images_plan_lost(&plan, -ETIMEDOUT, 1000);
	images_plan_order(&plan, images_plan_task(&plan, false), &order);
	assert_int_equal(order.task, IMAGES_BEGIN);
	assert_int_equal(order.slot, SLOT_FACTORY);
	images_plan_lost(&plan, -ETIMEDOUT, 2000);
	expect_phase(IMAGES_ABSENT);
	assert_int_equal(plan.is.why.why, REFUSAL_VERIFIER);
	assert_int_equal(plan.again_ms, 2000 + IMAGES_AGAIN_MS);
	expect_task(IMAGES_TIDY);
	images_plan_again(&plan);
	assert_int_equal(plan.again_ms, 0);
	images_plan_order(&plan, images_plan_task(&plan, false), &order);
	assert_int_equal(order.slot, SLOT_NONE);
}

/* --- An update -------------------------------------------------------------------- */

static void only_what_changed_is_tried(void **unused)
{
	(void)unused;
	be_trying();
	expect_images(43, 42);
	assert_true(images_plan_tries(&plan, WEB));
	assert_false(images_plan_tries(&plan, BROKER));
	expect_in_use(SLOT_B, 42);
	assert_int_equal(plan.is.trial_slot, SLOT_A);
	assert_int_equal(plan.is.trial_serial, 43);
	assert_int_equal(plan.is.trial_ends_ms, 5000 + 60000);
	expect_task(IMAGES_NO_TASK);
}

static void what_has_proved_itself_counts_when_it_is_put_down(void **unused)
{
	(void)unused;
	be_confirming();
	expect_in_use(SLOT_B, 42);
	done(SLOT_A, 43);
	expect_phase(IMAGES_READY);
	expect_in_use(SLOT_A, 43);
	expect_images(43, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_CONFIRMED);
	assert_int_equal(plan.is.trial_serial, 0);
	assert_int_equal(plan.image[WEB].before, 0);
}

static void without_a_window_it_counts_at_once(void **unused)
{
	(void)unused;
	plan.confirm_ms = 0;
	be_ready();
	images_plan_ask(&plan, CONTROL_UPDATE_TRY);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	mounted(WEB, 43);
	done(SLOT_A, 43);
	expect_phase(IMAGES_CONFIRMING);
	expect_images(43, 42);
}

static void a_release_that_changes_nothing_has_nothing_to_prove(void **unused)
{
	(void)unused;
	be_ready();
	images_plan_ask(&plan, CONTROL_UPDATE_TRY);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	unchanged(WEB);
	unchanged(BROKER);
	done(SLOT_A, 43);
	expect_phase(IMAGES_CONFIRMING);
	expect_images(42, 42);
}

static void what_is_refused_changes_nothing(void **unused)
{
	(void)unused;
	be_ready();
	images_plan_ask(&plan, CONTROL_UPDATE_TRY);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	mounted(WEB, 43);
	refused(REFUSAL_IMAGE_DIGEST);
	expect_phase(IMAGES_READY);
	expect_in_use(SLOT_B, 42);
	expect_images(42, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_REFUSED);
	assert_int_equal(plan.is.why.why, REFUSAL_IMAGE_DIGEST);
	assert_int_equal(plan.is.trial_serial, 0);
}

static void what_fails_goes_back(void **unused)
{
	(void)unused;
	be_trying();
	images_plan_fail(&plan, 2);
	expect_phase(IMAGES_GOING_BACK);
	expect_images(42, 42);
	expect_task(IMAGES_GIVE_UP);
	done(SLOT_B, 42);
	expect_phase(IMAGES_READY);
	expect_in_use(SLOT_B, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_FAILED);
	assert_int_equal(plan.is.service, 2);
}

static void what_cannot_be_put_down_is_not_taken(void **unused)
{
	(void)unused;
	be_confirming();
	refused(REFUSAL_RECORD);
	expect_phase(IMAGES_LOOKING);
	expect_images(43, 42);
	expect_task(IMAGES_BEGIN);
	release(SLOT_B, 42);
	mounted(WEB, 42);
	unchanged(BROKER);
	done(SLOT_B, 42);
	expect_phase(IMAGES_READY);
	expect_images(42, 42);
	expect_in_use(SLOT_B, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_REFUSED);
	assert_int_equal(plan.is.why.why, REFUSAL_RECORD);
	assert_int_equal(plan.is.trial_serial, 0);
}

static void an_update_can_end_that_there_is_no_release(void **unused)
{
	(void)unused;
	be_absent();
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_TRY), 0);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	mounted(WEB, 43);
	mounted(BROKER, 43);
	done(SLOT_A, 43);
	expect_phase(IMAGES_TRYING);
	assert_true(images_plan_tries(&plan, BROKER));
	images_plan_fail(&plan, 0);
	expect_images(0, 0);
	expect_task(IMAGES_GIVE_UP);
	done(SLOT_NONE, 0);
	expect_phase(IMAGES_ABSENT);
}

static void a_child_that_is_lost_makes_it_look_at_what_is_there(void **unused)
{
	static void (*const walks[])(void) = { be_confirming, be_going_back };

	(void)unused;
	for (unsigned i = 0; i < 2; i++) {
		set_up(NULL);
		walks[i]();
		images_plan_lost(&plan, -EINTR, 6000);
		expect_phase(IMAGES_LOOKING);
		expect_task(IMAGES_BEGIN);
		/* It was put down after all. */
		release(SLOT_A, 43);
		mounted(WEB, 43);
		unchanged(BROKER);
		done(SLOT_A, 43);
		expect_phase(IMAGES_READY);
		expect_in_use(SLOT_A, 43);
		expect_images(43, 42);
		assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_CONFIRMED);
		assert_int_equal(plan.is.trial_serial, 0);
	}
}

static void an_update_whose_child_is_lost_is_refused(void **unused)
{
	(void)unused;
	be_ready();
	images_plan_ask(&plan, CONTROL_UPDATE_TRY);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	mounted(WEB, 43);
	images_plan_lost(&plan, -ETIMEDOUT, 6000);
	expect_task(IMAGES_BEGIN);
	word((struct images_word){ .said = IMAGES_SAID_GIVEN_UP, .slot = SLOT_A });
	release(SLOT_B, 42);
	unchanged(WEB);
	unchanged(BROKER);
	done(SLOT_B, 42);
	expect_phase(IMAGES_READY);
	expect_images(42, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_REFUSED);
	assert_int_equal(plan.is.why.why, REFUSAL_VERIFIER);
	assert_int_equal(plan.is.why.error, -ETIMEDOUT);
}

/* What runs well is not taken away because a disk hangs. */
static void a_look_that_is_lost_takes_nothing_away(void **unused)
{
	(void)unused;
	be_ready();
	images_plan_ask(&plan, CONTROL_UPDATE_TRY);
	expect_task(IMAGES_TRY);
	images_plan_lost(&plan, -ETIMEDOUT, 6000);
	expect_task(IMAGES_BEGIN);
	release(SLOT_FACTORY, 40);
	mounted(WEB, 40);
	images_plan_lost(&plan, -ETIMEDOUT, 7000);
	expect_phase(IMAGES_READY);
	expect_in_use(SLOT_B, 42);
	expect_images(42, 42);
}

static void a_look_that_finds_nothing_takes_nothing_away(void **unused)
{
	(void)unused;
	be_ready();
	images_plan_ask(&plan, CONTROL_UPDATE_TRY);
	expect_task(IMAGES_TRY);
	images_plan_lost(&plan, -ETIMEDOUT, 6000);
	expect_task(IMAGES_BEGIN);
	refused(REFUSAL_READ);
	expect_phase(IMAGES_READY);
	expect_in_use(SLOT_B, 42);
	expect_images(42, 42);
}

/* --- Back ------------------------------------------------------------------------- */

static void an_operator_ends_a_trial(void **unused)
{
	(void)unused;
	be_trying();
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_GO_BACK), 0);
	expect_phase(IMAGES_GOING_BACK);
	expect_images(42, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_ROLLED_BACK);
}

static void the_release_before_needs_the_board_s_leave(void **unused)
{
	(void)unused;
	be_ready();
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_GO_BACK), -EPERM);
	expect_phase(IMAGES_READY);
	plan.may_go_back = true;
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_GO_BACK), 0);
	expect_task(IMAGES_GO_BACK);
	release(SLOT_A, 41);
	mounted(WEB, 41);
	unchanged(BROKER);
	done(SLOT_A, 41);
	expect_phase(IMAGES_READY);
	expect_in_use(SLOT_A, 41);
	expect_images(41, 42);
	assert_int_equal(plan.is.outcome, IMAGES_OUTCOME_ROLLED_BACK);
	assert_false(plan.is.goes_back);
}

static void one_thing_at_a_time(void **unused)
{
	static void (*const walks[])(void) = { be_trying, be_confirming, be_going_back };

	(void)unused;
	plan.is.phase = IMAGES_LOOKING;
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_TRY), -EBUSY);
	for (unsigned i = 0; i < 3; i++) {
		set_up(NULL);
		walks[i]();
		assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_TRY), -EBUSY);
	}
	assert_int_equal(images_plan_ask(&plan, 7), -EPROTO);
}

/* --- What is left over ------------------------------------------------------------ */

static void what_nobody_uses_is_tidied_away_once(void **unused)
{
	const uint64_t kept[] = { [WEB] = 43, [BROKER] = 42 };
	struct images_order order;

	(void)unused;
	be_confirming();
	done(SLOT_A, 43);
	assert_int_equal(images_plan_task(&plan, true), IMAGES_NO_TASK);
	assert_int_equal(images_plan_task(&plan, false), IMAGES_TIDY);
	images_plan_order(&plan, IMAGES_TIDY, &order);
	assert_int_equal(order.task, IMAGES_TIDY);
	assert_memory_equal(order.keep, kept, sizeof(kept));
	done(SLOT_A, 43);
	expect_phase(IMAGES_READY);
	assert_int_equal(images_plan_task(&plan, false), IMAGES_NO_TASK);
}

/* Its last word is not the update's, nor the look's. */
static void who_tidies_says_nothing_of_what_comes_next(void **unused)
{
	(void)unused;
	be_confirming();
	done(SLOT_A, 43);
	expect_task(IMAGES_TIDY);
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_TRY), 0);
	done(SLOT_A, 43);
	expect_phase(IMAGES_PREPARING);
	images_plan_lost(&plan, -EINTR, 6000);
	expect_phase(IMAGES_PREPARING);
	expect_images(43, 42);
	expect_task(IMAGES_TRY);
	refused(REFUSAL_SIGNATURE);
	expect_task(IMAGES_TIDY);
	images_plan_stored(&plan, false);
	images_plan_stored(&plan, true);
	done(SLOT_A, 43);
	expect_phase(IMAGES_LOOKING);
	expect_images(43, 42);
}

/* --- The judge -------------------------------------------------------------------- */

static void a_service_has_proved_itself_or_not(void **unused)
{
	static const struct {
		struct step_service step;
		uint64_t ready_ms;
		enum images_verdict verdict;
	} rows[] = {
		{ { .state = STEP_UP, .wanted = true }, 70000, IMAGES_PROVED },
		{ { .state = STEP_UP, .wanted = true }, 70001, IMAGES_NOT_YET },
		{ { .state = STEP_FINISHED, .wanted = true }, 0, IMAGES_PROVED },
		{ { .state = STEP_DONE, .wanted = true }, 0, IMAGES_PROVED },
		{ { .state = STEP_DONE, .wanted = true, .failed = true }, 0, IMAGES_LOST },
		{ { .state = STEP_GIVEN_UP, .wanted = true, .failed = true }, 0, IMAGES_LOST },
		{ { .state = STEP_WAITING, .wanted = true }, 0, IMAGES_PROVED },
		{ { .state = STEP_OFF }, 0, IMAGES_PROVED },
		{ { .state = STEP_STOPPING }, 0, IMAGES_PROVED },
		{ { .state = STEP_STARTING, .wanted = true }, 0, IMAGES_NOT_YET },
		{ { .state = STEP_READYING, .wanted = true }, 0, IMAGES_NOT_YET },
		{ { .state = STEP_STOPPING, .wanted = true }, 1, IMAGES_NOT_YET },
		{ { .state = STEP_KILLING, .wanted = true }, 1, IMAGES_NOT_YET },
		{ { .state = STEP_CLEANING, .wanted = true }, 1, IMAGES_NOT_YET },
		{ { .state = STEP_BACKOFF, .wanted = true, .failed = true }, 1, IMAGES_NOT_YET },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(images_judge(&rows[i].step, rows[i].ready_ms, 60000, 100000),
				 rows[i].verdict);
}

static void who_has_another_image_begins_anew(void **unused)
{
	static const struct {
		struct step_service step;
		uint64_t runs_from;
		bool renews;
	} rows[] = {
		{ { .state = STEP_UP, .wanted = true }, 42, true },
		{ { .state = STEP_UP, .wanted = true }, 43, false },
		{ { .state = STEP_STARTING, .wanted = true }, 42, true },
		{ { .state = STEP_BACKOFF, .wanted = true }, 42, true },
		{ { .state = STEP_FINISHED, .wanted = true }, 42, true },
		{ { .state = STEP_GIVEN_UP, .wanted = true }, 42, true },
		{ { .state = STEP_WAITING, .wanted = true }, 42, false },
		{ { .state = STEP_WAITING, .wanted = true }, 0, false },
		{ { .state = STEP_STOPPING, .wanted = true }, 42, true },
		{ { .state = STEP_STOPPING, .wanted = true, .again = true }, 42, false },
		{ { .state = STEP_CLEANING, .wanted = true, .again = true }, 42, false },
		{ { .state = STEP_STOPPING }, 42, false },
		{ { .state = STEP_OFF }, 42, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(images_judge_renews(&rows[i].step, rows[i].runs_from, 43),
				 rows[i].renews);
}

/* --- Whatever comes --------------------------------------------------------------- */

/* A small generator is enough: each history is told by its number. */
static uint32_t random_next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(*seed >> 33);
}

static void expect_sound(void)
{
	assert_in_range(plan.is.phase, IMAGES_WAITING, IMAGES_ABSENT);
	if (plan.is.phase == IMAGES_READY)
		assert_true(plan.is.serial);
	if (plan.is.phase == IMAGES_ABSENT)
		assert_false(plan.is.serial);
	if (plan.is.phase == IMAGES_TRYING || plan.is.phase == IMAGES_CONFIRMING)
		assert_true(plan.is.trial_serial);
	/* What is tried is not what counts, and is tried from a fixed time on. */
	if (plan.is.phase == IMAGES_TRYING)
		assert_int_equal(plan.is.trial_ends_ms - plan.is.trial_began_ms, plan.confirm_ms);
	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		if (plan.is.phase == IMAGES_READY || plan.is.phase == IMAGES_ABSENT)
			assert_int_equal(plan.image[i].before, 0);
}

/* What a child would say that does its work, and at times dies at it. */
static void be_child(uint64_t *seed, uint64_t *newest)
{
	unsigned task = images_plan_task(&plan, false);
	bool again = plan.is.serial && random_next(seed) % 4;
	uint64_t serial = again && task != IMAGES_TRY ? plan.is.serial : ++*newest;

	expect_task(task);
	if (task == IMAGES_NO_TASK)
		return;
	if (task == IMAGES_BEGIN || task == IMAGES_TRY || task == IMAGES_GO_BACK) {
		release(SLOT_A + random_next(seed) % 2, serial);
		for (unsigned i = 0; i < IMAGE_SLOTS; i++)
			if (random_next(seed) % 3)
				mounted(i, serial);
			else
				unchanged(i);
	}
	if (random_next(seed) % 8 == 0)
		images_plan_lost(&plan, -EINTR, 6000);
	else if (random_next(seed) % 8 == 0)
		refused(REFUSAL_IMAGE_DIGEST);
	else
		done(SLOT_A, serial);
}

static void any_history_keeps_its_rules(void **unused)
{
	uint64_t seed = 1;

	(void)unused;
	for (unsigned history = 0; history < 2000; history++) {
		uint64_t newest = 40;

		set_up(NULL);
		plan.may_go_back = true;
		for (unsigned i = 0; i < 100; i++) {
			switch (random_next(&seed) % 6) {
			case 0:
				images_plan_stored(&plan, random_next(&seed) % 2);
				break;
			case 1:
				images_plan_ask(&plan, (int)(random_next(&seed) % 2));
				break;
			case 2:
				if (plan.is.phase == IMAGES_TRYING)
					images_plan_fail(&plan, 0);
				break;
			case 3:
				if (plan.is.phase == IMAGES_TRYING)
					images_plan_prove(&plan);
				break;
			case 4:
				if (plan.again_ms)
					images_plan_again(&plan);
				break;
			default:
				be_child(&seed, &newest);
			}
			expect_sound();
		}
	}
}

/* --- In words --------------------------------------------------------------------- */

static void each_change_is_one_line(void **unused)
{
	static const struct images in_use = { .phase = IMAGES_READY, .slot = SLOT_B, .serial = 42 };
	static const struct {
		struct images was, is;
		const char *words;
	} rows[] = {
		{ { .phase = IMAGES_WAITING }, { .phase = IMAGES_LOOKING }, "" },
		{ { .phase = IMAGES_LOOKING },
		  { .phase = IMAGES_READY, .slot = SLOT_B, .serial = 42 }, "release 42 in slot b" },
		{ { .phase = IMAGES_LOOKING },
		  { .phase = IMAGES_READY, .slot = SLOT_FACTORY, .serial = 40 },
		  "release 40, the firmware's own" },
		{ { .phase = IMAGES_LOOKING }, { .phase = IMAGES_ABSENT, .why.why = REFUSAL_ABSENT },
		  "no release may be used: there is none" },
		{ { .phase = IMAGES_READY, .slot = SLOT_B, .serial = 42 },
		  { .phase = IMAGES_PREPARING, .slot = SLOT_B, .serial = 42 },
		  "release 42 in slot b; an update is being verified" },
		{ { .phase = IMAGES_PREPARING, .slot = SLOT_B, .serial = 42 },
		  { .phase = IMAGES_TRYING, .slot = SLOT_B, .serial = 42, .trial_slot = SLOT_A,
		    .trial_serial = 43, .trial_began_ms = 5, .trial_ends_ms = 60005 },
		  "release 43 in slot a is tried for 1 min" },
		{ { .phase = IMAGES_TRYING, .slot = SLOT_B, .serial = 42, .trial_serial = 43 },
		  { .phase = IMAGES_GOING_BACK, .slot = SLOT_B, .serial = 42, .trial_serial = 43,
		    .outcome = IMAGES_OUTCOME_FAILED },
		  "release 43 is given up: web did not become ready, or did not stay up; "
		  "back to release 42 in slot b" },
		{ { .phase = IMAGES_CONFIRMING, .slot = SLOT_B, .serial = 42 },
		  { .phase = IMAGES_READY, .slot = SLOT_A, .serial = 43 },
		  "release 43 in slot a: it counts from now on" },
		{ { .phase = IMAGES_PREPARING, .slot = SLOT_B, .serial = 42 },
		  { .phase = IMAGES_READY, .slot = SLOT_B, .serial = 42,
		    .outcome = IMAGES_OUTCOME_REFUSED, .why.why = REFUSAL_ABSENT },
		  "the update is refused: there is none; release 42 in slot b stays in use" },
		{ { .phase = IMAGES_PREPARING, .slot = SLOT_B, .serial = 42 },
		  { .phase = IMAGES_READY, .slot = SLOT_A, .serial = 41,
		    .outcome = IMAGES_OUTCOME_ROLLED_BACK },
		  "release 41 in slot a: it counts again, an operator asked to go back" },
		{ { .phase = IMAGES_GOING_BACK, .slot = SLOT_B, .serial = 42 },
		  { .phase = IMAGES_READY, .slot = SLOT_B, .serial = 42 }, "" },
	};
	char line[256];

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = TEXT_ON(line);

		line[0] = '\0';
		images_tell(&t, &rows[i].was, &rows[i].is);
		assert_string_equal(line, rows[i].words);
	}
	for (unsigned phase = 0; phase < IMAGES_PHASE_COUNT; phase++) {
		struct images is = in_use;
		struct text t = TEXT_ON(line);

		is.phase = (uint8_t)phase;
		images_explain(&t, &is, 0);
		assert_true(t.len && !t.cut);
	}
}

/* No key of this table has vouched for what was there before. */
static void a_trial_does_not_go_back_to_another_tables_images(void **unused)
{
	(void)unused;
	plan.is.phase = IMAGES_ABSENT;
	plan.is.inherited = true;
	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		plan.image[i].serial = 42;
	assert_int_equal(images_plan_ask(&plan, CONTROL_UPDATE_TRY), 0);
	expect_task(IMAGES_TRY);
	release(SLOT_A, 43);
	mounted(WEB, 43);
	unchanged(BROKER);
	done(SLOT_A, 43);
	expect_images(43, 42);
	images_plan_fail(&plan, 0);
	expect_images(0, 42);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		TEST(a_trial_does_not_go_back_to_another_tables_images),
		TEST(it_begins_when_the_storage_is_settled),
		TEST(at_boot_an_image_counts_as_soon_as_it_is_mounted),
		TEST(what_a_refused_release_had_mounted_is_replaced),
		TEST(of_an_image_without_a_word_the_last_release_does_not_count),
		TEST(without_any_release_nobody_starts),
		TEST(storage_that_comes_late_is_looked_at),
		TEST(storage_that_comes_during_the_look_makes_it_look_again),
		TEST(a_trial_that_the_power_has_ended_is_told),
		TEST(a_disk_that_hangs_leaves_the_firmware_s_own_release),
		TEST(only_what_changed_is_tried),
		TEST(what_has_proved_itself_counts_when_it_is_put_down),
		TEST(without_a_window_it_counts_at_once),
		TEST(a_release_that_changes_nothing_has_nothing_to_prove),
		TEST(what_is_refused_changes_nothing),
		TEST(what_fails_goes_back),
		TEST(what_cannot_be_put_down_is_not_taken),
		TEST(an_update_can_end_that_there_is_no_release),
		TEST(a_child_that_is_lost_makes_it_look_at_what_is_there),
		TEST(an_update_whose_child_is_lost_is_refused),
		TEST(a_look_that_is_lost_takes_nothing_away),
		TEST(a_look_that_finds_nothing_takes_nothing_away),
		TEST(an_operator_ends_a_trial),
		TEST(the_release_before_needs_the_board_s_leave),
		TEST(one_thing_at_a_time),
		TEST(what_nobody_uses_is_tidied_away_once),
		TEST(who_tidies_says_nothing_of_what_comes_next),
		TEST(a_service_has_proved_itself_or_not),
		TEST(who_has_another_image_begins_anew),
		TEST(any_history_keeps_its_rules),
		TEST(each_change_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
