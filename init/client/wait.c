/*
 * pith wait: until a service is in the state that is asked for, or can't come
 * into it any more by itself.
 */
#include <string.h>

#include "client.h"
#include "facts.h"
#include "options.h"

enum goal {
	GOAL_UP,
	GOAL_DOWN,
	GOAL_FINISHED,
};

struct waiting {
	uint16_t id;
	enum goal goal;
	struct facts facts;	/* at the last look */
};

enum { COMES_NO_MORE = 1, CAME = 2 };

static int settled(struct client *c, void *arg)
{
	struct waiting *w = arg;
	const struct step_service *s = &w->facts.is.step;

	facts_read(c, w->id, &w->facts);
	if (w->goal == GOAL_DOWN)
		return step_at_rest(s) ? CAME : 0;
	/* Who was stopped for memory pressure comes back by itself, and so does who is
	 * frozen. */
	if (w->goal == GOAL_UP && w->facts.is.shed != SHED_NOT &&
	    w->facts.is.shed != SHED_SPARED)
		return 0;
	if (w->goal == GOAL_UP ? step_is_up(s) : s->state == STEP_FINISHED)
		return CAME;
	return step_at_rest(s) ? COMES_NO_MORE : 0;
}

static int parse_goal(const char *word, uint16_t id)
{
	static const char *const words[] = { "up", "down", "finished" };
	bool oneshot = services[id].type == SERVICE_TYPE_ONESHOT;

	if (!word)
		return oneshot ? GOAL_FINISHED : GOAL_UP;
	for (int i = 0; i < 3; i++) {
		if (strcmp(word, words[i]))
			continue;
		if (i != GOAL_FINISHED || oneshot)
			return i;
		client_say("wait: %s never finishes: it is no oneshot", services[id].name);
		return -1;
	}
	client_say("wait: '%s': there are up, down and finished", word);
	return -1;
}

static int tell(const struct client *c, const struct waiting *w, bool in_time)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	facts_add_why(&t, c, w->id);
	client_say("%s%s is %s%s%s", in_time ? "" : "time is over: ", services[w->id].name,
		   state_shown_name(state_shown(&w->facts.is)), t.len ? ": " : "", words);
	return CLIENT_NOT_UP;
}

int client_wait(int argc, char **argv)
{
	int timeout_ms = -1;
	const char *goal = NULL, *name = NULL;
	const struct option_row rows[] = {
		{ 't', "timeout", OPTION_SECONDS, &timeout_ms },
		{ 0, "for", OPTION_WORD, &goal },
	};
	struct waiting w;
	struct client c;
	int count = options_read(argc, argv, rows, 2, &name, 1, 1);
	int rc = client_begin_with(&c, count, name, &w.id);

	if (rc)
		return rc;
	rc = parse_goal(goal, w.id);
	if (rc < 0)
		return CLIENT_USAGE;
	w.goal = (enum goal)rc;
	rc = client_wait_until(&c, settled, &w, timeout_ms);
	if (rc < 0)
		return -rc;
	return rc == CAME ? CLIENT_OK : tell(&c, &w, rc == COMES_NO_MORE);
}
