/*
 * Decides what is said of an update while PID 1 is at it.  Refuses to know how it came
 * to the disk.
 */
#include "update.h"

#include <poll.h>
#include <string.h>

#include "clock.h"
#include "facts.h"
#include "images_facts.h"
#include "out.h"

static void say_failed(const struct images *is)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	images_explain_outcome(&t, is);
	text_add(&t, "; ");
	images_explain(&t, is, clock_now_ms());
	client_say("update: %s", words);
}

/* As PID 1 puts it. */
static void tell(const struct images *was, const struct images *is)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	images_tell(&t, was, is);
	if (t.len)
		out("%s\n", words);
	out_flush();
}

static bool has_signal(int stop)
{
	struct pollfd fd = { .fd = stop, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

static int leave(void)
{
	client_say("update: interrupted here, and PID 1 goes on; pith update --status tells of "
		   "it, and --rollback ends a trial");
	return CLIENT_FAILED;
}

int update_wait(struct client *c, int stop)
{
	struct state_images all;
	int rc = client_watch(c);

	if (rc < 0)
		return client_refused("update", rc);
	while (!images_facts_read(c, &all) || !update_may_begin(all.is.phase)) {
		rc = client_follow(c, stop);
		if (rc)
			return rc;
		if (has_signal(stop)) {
			client_say("update: interrupted");
			return CLIENT_FAILED;
		}
	}
	return 0;
}

int update_follow(struct client *c, const struct images *before, enum update_goal goal, int stop)
{
	struct images was = *before;
	struct state_images all = { .is = *before };
	enum update_end end;
	int rc = client_watch(c);

	if (rc < 0)
		return client_refused("update", rc);
	for (;;) {
		/* Torn while it is read, it is read anew at the next change. */
		images_facts_read(c, &all);
		end = update_ended(&all.is, goal);
		if (end == UPDATE_FAILED)
			break;
		tell(&was, &all.is);
		if (end == UPDATE_DONE)
			return CLIENT_OK;
		was = all.is;
		rc = client_follow(c, stop);
		if (rc || has_signal(stop))
			return rc ? rc : leave();
	}
	say_failed(&all.is);
	return CLIENT_FAILED;
}
