/*
 * Decides how it reads how it stands with the images.  Refuses to know how it came
 * about.
 */
#include "images_state.h"

#include <string.h>

#include "slots.h"
#include "table.h"
#include "text.h"

const char *images_phase_name(unsigned phase)
{
	static const char *const names[IMAGES_PHASE_COUNT] = {
		[IMAGES_NONE] = "none",
		[IMAGES_WAITING] = "waiting",
		[IMAGES_LOOKING] = "looking",
		[IMAGES_READY] = "ready",
		[IMAGES_PREPARING] = "preparing",
		[IMAGES_TRYING] = "trying",
		[IMAGES_CONFIRMING] = "confirming",
		[IMAGES_GOING_BACK] = "going-back",
		[IMAGES_ABSENT] = "absent",
	};

	return phase < IMAGES_PHASE_COUNT ? names[phase] : "?";
}

const char *images_outcome_name(unsigned outcome)
{
	static const char *const names[IMAGES_OUTCOME_COUNT] = {
		[IMAGES_OUTCOME_NONE] = "none",
		[IMAGES_OUTCOME_CONFIRMED] = "confirmed",
		[IMAGES_OUTCOME_REFUSED] = "refused",
		[IMAGES_OUTCOME_FAILED] = "failed",
		[IMAGES_OUTCOME_ROLLED_BACK] = "rolled-back",
		[IMAGES_OUTCOME_CUT] = "cut",
	};

	return outcome < IMAGES_OUTCOME_COUNT ? names[outcome] : "?";
}

static void add_release(struct text *t, uint64_t serial, unsigned slot)
{
	if (!serial)
		text_add(t, "no release");
	else if (slot == SLOT_FACTORY)
		text_add(t, "release %llu, the firmware's own", (unsigned long long)serial);
	else
		text_add(t, "release %llu in slot %s", (unsigned long long)serial,
			 slot_name(slot));
}

static void add_trial(struct text *t, const struct images *is)
{
	text_add(t, "release %llu ", (unsigned long long)is->trial_serial);
}

void images_explain(struct text *t, const struct images *is, uint64_t now_ms)
{
	switch (is->phase) {
	case IMAGES_WAITING:
		text_add(t, "waiting for the storage");
		break;
	case IMAGES_LOOKING:
		text_add(t, "looking for a release");
		break;
	case IMAGES_READY:
		add_release(t, is->serial, is->slot);
		break;
	case IMAGES_PREPARING:
		add_release(t, is->serial, is->slot);
		text_add(t, is->goes_back ? "; the one before is being verified" :
			 "; an update is being verified");
		break;
	case IMAGES_TRYING:
		add_trial(t, is);
		text_add(t, "is being tried, ");
		text_add_duration(t, is->trial_ends_ms > now_ms ? is->trial_ends_ms - now_ms : 0);
		text_add(t, " left");
		break;
	case IMAGES_CONFIRMING:
		add_trial(t, is);
		text_add(t, "is put down as the one that counts");
		break;
	case IMAGES_GOING_BACK:
		text_add(t, "going back to ");
		add_release(t, is->serial, is->slot);
		break;
	case IMAGES_ABSENT:
		text_add(t, "no release may be used: ");
		refusal_explain(t, &is->why);
		break;
	default:
		text_add(t, "no service has an image");
		break;
	}
}

static const char *name_of(unsigned service)
{
	const unsigned count = SERVICE_COUNT;

	return service < count ? services[service].name : "a service";
}

void images_explain_outcome(struct text *t, const struct images *is)
{
	switch (is->outcome) {
	case IMAGES_OUTCOME_CONFIRMED:
		text_add(t, "taken");
		break;
	case IMAGES_OUTCOME_REFUSED:
		text_add(t, "refused: ");
		refusal_explain(t, &is->why);
		break;
	case IMAGES_OUTCOME_FAILED:
		text_add(t, "%s did not become ready, or did not stay up",
			 name_of(is->service));
		break;
	case IMAGES_OUTCOME_ROLLED_BACK:
		text_add(t, "an operator asked to go back");
		break;
	case IMAGES_OUTCOME_CUT:
		text_add(t, "its trial ended with the power, or with the system");
		break;
	default:
		text_add(t, "there was none");
		break;
	}
}

/* --- What is worth a line -------------------------------------------------------- */

static void tell_phase(struct text *t, const struct images *is)
{
	switch (is->phase) {
	case IMAGES_TRYING:
		add_trial(t, is);
		text_add(t, "in slot %s is tried for ", slot_name(is->trial_slot));
		text_add_duration(t, is->trial_ends_ms - is->trial_began_ms);
		break;
	case IMAGES_GOING_BACK:
		add_trial(t, is);
		text_add(t, "is given up: ");
		images_explain_outcome(t, is);
		text_add(t, "; back to ");
		add_release(t, is->serial, is->slot);
		break;
	case IMAGES_PREPARING:
	case IMAGES_ABSENT:
		images_explain(t, is, 0);
		break;
	default:
		break;
	}
}

static void tell_ready(struct text *t, const struct images *was, const struct images *is)
{
	if (was->phase == IMAGES_PREPARING && is->outcome == IMAGES_OUTCOME_REFUSED) {
		text_add(t, "the update is ");
		images_explain_outcome(t, is);
		text_add(t, "; ");
		add_release(t, is->serial, is->slot);
		text_add(t, " stays in use");
		return;
	}
	/* What comes of going back was said when it began. */
	if (was->serial == is->serial && was->slot == is->slot)
		return;
	add_release(t, is->serial, is->slot);
	if (was->phase == IMAGES_CONFIRMING)
		text_add(t, ": it counts from now on");
	else if (is->outcome == IMAGES_OUTCOME_ROLLED_BACK)
		text_add(t, ": it counts again, an operator asked to go back");
}

void images_tell(struct text *t, const struct images *was, const struct images *is)
{
	if (is->phase == IMAGES_READY)
		tell_ready(t, was, is);
	else if (is->phase != was->phase)
		tell_phase(t, is);
}
