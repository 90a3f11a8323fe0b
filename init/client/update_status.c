/*
 * Shows which release is in use, what lies in the other slot, and how the last update
 * ended.
 */
#include "update.h"

#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "facts.h"
#include "images_facts.h"
#include "record.h"
#include "show.h"
#include "slot_release.h"
#include "slots.h"

/* The manifest is far too large for a stack. */
static struct manifest other;

/* What lies in a slot, verified as PID 1's child would. */
static int verify_slot(unsigned slot, struct refusal *why)
{
	int folder = slot_read_release(slot, &other, why);

	if (folder < 0)
		return folder;
	close(folder);
	return manifest_check(&other, 0, why);
}

static void show_other(struct show *s, unsigned slot)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct refusal why;
	int rc = verify_slot(slot, &why);
	bool is_refused = rc < 0 && why.why != REFUSAL_ABSENT;

	if (is_refused)
		refusal_explain(&t, &why);
	show_string(s, "other_slot", slot_name(slot));
	show_number(s, "other_release", SHOW_COUNT, rc < 0 ? -1 : (int64_t)other.serial);
	show_string(s, "other_refused", is_refused ? words : NULL);
}

static void show_trial(struct show *s, const struct images *is)
{
	bool tried = is->trial_serial && is->phase != IMAGES_GOING_BACK;

	show_number(s, "trial_release", SHOW_COUNT, tried ? (int64_t)is->trial_serial : -1);
	show_string(s, "trial_slot", tried ? slot_name(is->trial_slot) : NULL);
	show_number(s, "trial_ends", SHOW_WHEN,
		    tried && is->trial_ends_ms ? (int64_t)is->trial_ends_ms : -1);
}

static void show_outcome(struct show *s, const struct images *is)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	images_explain_outcome(&t, is);
	show_string(s, "last_update", images_outcome_name(is->outcome));
	show_string(s, "last_update_why", words);
}

int update_status(const struct client *c, bool json)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct state_images is;
	struct show s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	struct record record;

	if (!images_facts_read(c, &is)) {
		client_say("update: the state of PID 1 does not check out");
		return CLIENT_NO_PITH;
	}
	images_explain(&t, &is.is, clock_now_ms());
	show_open_row(&s);
	show_string(&s, "state", images_phase_name(is.is.phase));
	show_string(&s, "why", words);
	show_number(&s, "release", SHOW_COUNT, is.is.serial ? (int64_t)is.is.serial : -1);
	show_string(&s, "slot", slot_name(is.is.slot));
	show_number(&s, "newest", SHOW_COUNT,
		    record_read(&record) < 0 ? -1 : (int64_t)record.highest);
	images_facts_show_all(&s, &is);
	if (board.data_label)
		show_other(&s, slot_to_write(is.is.slot, &record));
	show_trial(&s, &is.is);
	show_outcome(&s, &is.is);
	show_close_row(&s);
	show_end(&s);
	return CLIENT_OK;
}
