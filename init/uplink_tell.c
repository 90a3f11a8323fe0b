/*
 * Decides which changes of an uplink become a line, and when.  Refuses to know what
 * follows from them.
 */
#include "uplink_tell.h"

#include "console.h"
#include "text.h"

/* "uplink " and its name. */
#define NAME_SIZE (8 + RTNL_NAME_SIZE)

static unsigned face_of(const struct state_uplink *is)
{
	if (!is->index)
		return FACE_ABSENT;
	return is->carrier ? FACE_UP : FACE_DOWN;
}

static void say(const struct uplink *uplink, const char *words, uint32_t hushed)
{
	char name[NAME_SIZE];
	struct text t = TEXT_ON(name);

	text_add(&t, "uplink %s", uplink->name);
	if (hushed)
		console_say_of(name, "%s; %u changes before were not said", words, hushed);
	else
		console_say_of(name, "%s", words);
}

/* Pays for a line, or finds when it can. */
static bool pay(struct uplink_told *told, uint64_t now_ms)
{
	const uint64_t ahead_ms = (UPLINK_LINES - 1) * UPLINK_LINE_MS;

	if (told->paid_ms < now_ms)
		told->paid_ms = now_ms;
	if (told->paid_ms > now_ms + ahead_ms) {
		told->due_ms = told->paid_ms - ahead_ms;
		return false;
	}
	told->paid_ms += UPLINK_LINE_MS;
	told->due_ms = 0;
	return true;
}

void uplink_tell_nothing(struct uplink_told *told, const struct state_uplink *is)
{
	*told = (struct uplink_told){ .face = (uint8_t)face_of(is) };
}

/* What it is from the beginning, or as it comes, may not last. */
static bool settles(struct uplink_told *told, unsigned face, uint64_t now_ms)
{
	if (told->face == FACE_UP || face == FACE_UP)
		return false;
	if (!told->due_ms)
		told->due_ms = now_ms + UPLINK_SETTLE_MS;
	return now_ms < told->due_ms;
}

void uplink_tell(struct uplink_told *told, const struct uplink *uplink,
		 const struct state_uplink *is, uint64_t now_ms)
{
	static const char *const words[] = {
		[FACE_ABSENT] = "there is no such interface",
		[FACE_DOWN] = "no carrier",
		[FACE_UP] = "link is up",
	};
	unsigned face = face_of(is);
	bool changed = face != told->face;

	if (!changed && !told->hushed) {
		told->due_ms = 0;
		return;
	}
	if (settles(told, face, now_ms))
		return;
	if (!pay(told, now_ms)) {
		told->hushed += changed;
		told->face = (uint8_t)face;
		return;
	}
	say(uplink, words[face], told->hushed);
	told->face = (uint8_t)face;
	told->hushed = 0;
}

void uplink_say(struct uplink_told *told, const struct uplink *uplink, const char *words,
		uint64_t now_ms)
{
	uint64_t due_ms = told->due_ms;

	if (!pay(told, now_ms)) {
		told->hushed++;
		return;
	}
	/* What was to be told of the link still is. */
	told->due_ms = due_ms;
	say(uplink, words, told->hushed);
	told->hushed = 0;
}
