/*
 * Decides which phase follows, and which release each image is taken from.  Refuses to
 * know how a release is verified, and how a service is held or started.
 */
#include "images_plan.h"

#include <errno.h>
#include <string.h>

#include "control.h"
#include "slots.h"

/* --- Phases --------------------------------------------------------------------- */

static void end_trial(struct images_plan *plan)
{
	plan->is.trial_slot = 0;
	plan->is.trial_serial = plan->is.trial_began_ms = plan->is.trial_ends_ms = 0;
	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		plan->image[i].before = 0;
}

/* What was tried, or gone back to, is not forgotten: perhaps it turns out to count. */
static void look(struct images_plan *plan)
{
	plan->is.phase = IMAGES_LOOKING;
	plan->again_ms = 0;
	plan->factory_only = plan->stored_late = false;
}

/* To what it was before a request, or a task that came to nothing. */
static void settle(struct images_plan *plan)
{
	end_trial(plan);
	plan->is.goes_back = false;
	plan->is.phase = plan->is.serial ? IMAGES_READY : IMAGES_ABSENT;
}

/* After a task that may have mounted what is not used, or left what no longer is. */
static void settle_untidy(struct images_plan *plan)
{
	settle(plan);
	plan->untidy = true;
}

static void end_as(struct images_plan *plan, enum images_outcome outcome)
{
	plan->is.outcome = (uint8_t)outcome;
	if (outcome != IMAGES_OUTCOME_FAILED)
		plan->is.service = 0;
	if (outcome != IMAGES_OUTCOME_REFUSED)
		plan->is.why = (struct refusal){ 0 };
}

static void refuse(struct images_plan *plan, const struct refusal *why)
{
	end_as(plan, IMAGES_OUTCOME_REFUSED);
	plan->is.why = *why;
}

/* Services start from the old images again.  One that had none waits. */
static void go_back(struct images_plan *plan)
{
	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		if (plan->image[i].serial == plan->is.trial_serial)
			plan->image[i].serial = plan->image[i].before;
	plan->is.phase = IMAGES_GOING_BACK;
}

/* --- The child ------------------------------------------------------------------ */

unsigned images_plan_task(const struct images_plan *plan, bool old_in_use)
{
	switch (plan->is.phase) {
	case IMAGES_LOOKING:
		return IMAGES_BEGIN;
	case IMAGES_PREPARING:
		return plan->is.goes_back ? IMAGES_GO_BACK : IMAGES_TRY;
	case IMAGES_CONFIRMING:
		return IMAGES_CONFIRM;
	case IMAGES_GOING_BACK:
		return IMAGES_GIVE_UP;
	case IMAGES_READY:
	case IMAGES_ABSENT:
		return plan->untidy && !old_in_use ? IMAGES_TIDY : IMAGES_NO_TASK;
	default:
		return IMAGES_NO_TASK;
	}
}

void images_plan_order(struct images_plan *plan, unsigned task, struct images_order *to)
{
	memset(to, 0, sizeof(*to));
	to->task = plan->task = (uint8_t)task;
	to->slot = plan->is.slot;
	if (task == IMAGES_BEGIN)
		to->slot = plan->factory_only ? SLOT_FACTORY : SLOT_NONE;
	to->serial = plan->is.serial;
	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		to->keep[i] = plan->image[i].serial;
	memset(plan->told, 0, sizeof(plan->told));
	if (task == IMAGES_TIDY)
		plan->untidy = false;
}

/* Only the images of the release that counts in the end do. */
static void begin_release(struct images_plan *plan, const struct images_word *word)
{
	memset(plan->told, 0, sizeof(plan->told));
	if (plan->is.phase == IMAGES_PREPARING) {
		plan->is.trial_slot = word->slot;
		plan->is.trial_serial = word->serial;
	}
}

/* Where nothing is in use yet. */
static bool counts_at_once(const struct images_plan *plan)
{
	return plan->is.phase == IMAGES_LOOKING && !plan->is.serial;
}

static void take_image(struct images_plan *plan, unsigned image, uint64_t serial)
{
	if (image >= IMAGE_SLOTS)
		return;
	plan->told[image] = serial;
	if (counts_at_once(plan))
		plan->image[image].serial = serial;
}

/* Of each image of the release that counts now there was a word. */
static void take_told(struct images_plan *plan)
{
	for (unsigned i = 0; i < IMAGE_SLOTS; i++) {
		plan->untidy |= plan->image[i].serial && plan->image[i].serial != plan->told[i];
		plan->image[i].serial = plan->told[i];
	}
}

/* What is in use was verified once, and is not taken away because it cannot be read
 * again. */
static void end_look(struct images_plan *plan, const struct images_word *word)
{
	if (word->why.why && plan->is.serial) {
		settle_untidy(plan);
		return;
	}
	if (plan->is.trial_serial && plan->is.trial_serial == word->serial)
		end_as(plan, plan->is.goes_back ? IMAGES_OUTCOME_ROLLED_BACK :
		       IMAGES_OUTCOME_CONFIRMED);
	if (word->why.why) {
		/* None may be used, so nobody runs from one. */
		memset(plan->told, 0, sizeof(plan->told));
		plan->is.slot = SLOT_NONE;
		plan->is.serial = 0;
		plan->is.why = word->why;
	} else {
		plan->is.slot = word->slot;
		plan->is.serial = word->serial;
		if (plan->is.outcome != IMAGES_OUTCOME_REFUSED)
			plan->is.why = (struct refusal){ 0 };
	}
	take_told(plan);
	plan->is.inherited = false;
	settle(plan);
	if (plan->stored_late)
		look(plan);
}

/* If it was this PID 1 that lost sight of it, there is a better word already. */
static void end_given_up(struct images_plan *plan)
{
	if (plan->is.outcome == IMAGES_OUTCOME_NONE)
		end_as(plan, IMAGES_OUTCOME_CUT);
}

static bool changes_something(const struct images_plan *plan)
{
	for (unsigned i = 0; i < IMAGE_SLOTS; i++)
		if (plan->told[i] && plan->told[i] != plan->image[i].serial)
			return true;
	return false;
}

static void take_changed(struct images_plan *plan)
{
	bool vouched = !plan->is.inherited;

	plan->is.inherited = false;
	for (unsigned i = 0; i < IMAGE_SLOTS; i++) {
		if (!plan->told[i] || plan->told[i] == plan->image[i].serial)
			continue;
		plan->image[i].before = vouched ? plan->image[i].serial : 0;
		plan->image[i].serial = plan->told[i];
	}
}

static void begin_trial(struct images_plan *plan, uint64_t now_ms)
{
	bool proves = plan->confirm_ms && changes_something(plan);

	take_changed(plan);
	plan->is.trial_began_ms = now_ms;
	plan->is.trial_ends_ms = now_ms + plan->confirm_ms;
	plan->is.phase = proves ? IMAGES_TRYING : IMAGES_CONFIRMING;
}

static void end_preparing(struct images_plan *plan, const struct images_word *word,
			  uint64_t now_ms)
{
	if (word->why.why) {
		refuse(plan, &word->why);
		settle_untidy(plan);
	} else if (plan->is.goes_back) {
		take_changed(plan);
		plan->is.slot = plan->is.trial_slot;
		plan->is.serial = plan->is.trial_serial;
		end_as(plan, IMAGES_OUTCOME_ROLLED_BACK);
		settle_untidy(plan);
	} else {
		begin_trial(plan, now_ms);
	}
}

/* If it could not be put down, what the next boot would begin with counts. */
static void end_confirming(struct images_plan *plan, const struct images_word *word)
{
	if (word->why.why) {
		refuse(plan, &word->why);
		look(plan);
		return;
	}
	plan->is.slot = plan->is.trial_slot;
	plan->is.serial = plan->is.trial_serial;
	end_as(plan, IMAGES_OUTCOME_CONFIRMED);
	settle_untidy(plan);
}

static void take_done(struct images_plan *plan, const struct images_word *word, uint64_t now_ms)
{
	switch (plan->is.phase) {
	case IMAGES_LOOKING:
		end_look(plan, word);
		break;
	case IMAGES_PREPARING:
		end_preparing(plan, word, now_ms);
		break;
	case IMAGES_CONFIRMING:
		end_confirming(plan, word);
		break;
	case IMAGES_GOING_BACK:
		settle_untidy(plan);
		break;
	default:
		break;
	}
}

static bool works_for_phase(const struct images_plan *plan)
{
	return plan->task == images_plan_task(plan, true);
}

void images_plan_word(struct images_plan *plan, const struct images_word *word, uint64_t now_ms)
{
	if (!works_for_phase(plan))
		return;
	switch (word->said) {
	case IMAGES_SAID_RELEASE:
		begin_release(plan, word);
		break;
	case IMAGES_SAID_REFUSED:
		plan->untidy = true;
		break;
	case IMAGES_SAID_MOUNTED:
		take_image(plan, word->image, word->serial);
		break;
	case IMAGES_SAID_UNCHANGED:
		if (word->image < IMAGE_SLOTS)
			take_image(plan, word->image, plan->image[word->image].serial);
		break;
	case IMAGES_SAID_GIVEN_UP:
		end_given_up(plan);
		break;
	case IMAGES_SAID_DONE:
		take_done(plan, word, now_ms);
		break;
	default:
		break;
	}
}

void images_plan_lost(struct images_plan *plan, int error, uint64_t now_ms)
{
	struct refusal why;

	if (!works_for_phase(plan))
		return;
	refusal_set(&why, REFUSAL_VERIFIER, error);
	switch (plan->is.phase) {
	case IMAGES_LOOKING:
		if (plan->is.serial || plan->factory_only) {
			settle_untidy(plan);
			if (!plan->is.serial) {
				plan->is.why = why;
				plan->again_ms = now_ms + IMAGES_AGAIN_MS;
			}
		} else {
			plan->factory_only = true;
		}
		break;
	case IMAGES_PREPARING:
	case IMAGES_CONFIRMING:
		refuse(plan, &why);
		look(plan);
		break;
	case IMAGES_GOING_BACK:
		look(plan);
		break;
	default:
		break;
	}
}

/* --- What else happens ---------------------------------------------------------- */

void images_plan_stored(struct images_plan *plan, bool usable)
{
	bool came = usable && !plan->stored;

	plan->stored = usable;
	if (plan->is.phase == IMAGES_WAITING)
		look(plan);
	else if (came && plan->is.phase == IMAGES_LOOKING)
		plan->stored_late = true;
	else if (came && (plan->is.phase == IMAGES_READY || plan->is.phase == IMAGES_ABSENT))
		look(plan);
}

int images_plan_ask(struct images_plan *plan, int what)
{
	bool goes_back = what == CONTROL_UPDATE_GO_BACK;

	if (what != CONTROL_UPDATE_TRY && !goes_back)
		return -EPROTO;
	if (goes_back && plan->is.phase == IMAGES_TRYING) {
		end_as(plan, IMAGES_OUTCOME_ROLLED_BACK);
		go_back(plan);
		return 0;
	}
	if (plan->is.phase != IMAGES_READY && plan->is.phase != IMAGES_ABSENT)
		return -EBUSY;
	if (goes_back && !plan->may_go_back)
		return -EPERM;
	end_as(plan, IMAGES_OUTCOME_NONE);
	plan->again_ms = 0;
	plan->is.goes_back = goes_back;
	plan->is.phase = IMAGES_PREPARING;
	return 0;
}

void images_plan_again(struct images_plan *plan)
{
	look(plan);
}

/* --- The trial ------------------------------------------------------------------ */

void images_plan_fail(struct images_plan *plan, uint16_t service)
{
	end_as(plan, IMAGES_OUTCOME_FAILED);
	plan->is.service = service;
	go_back(plan);
}

void images_plan_prove(struct images_plan *plan)
{
	plan->is.phase = IMAGES_CONFIRMING;
}
