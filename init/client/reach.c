/*
 * pith why NAME:PORT: follows a connection step by step, and ends with what stops it.
 */
#include "reach.h"

#include <netinet/in.h>

#include "show.h"

/* What was found on the way. */
struct found {
	enum reach_step stop;	/* the first that stops it, or REACH_STEPS */
	bool unknown;		/* some step could not be judged */
	char remedy[REACH_WORDS_SIZE];
};

static void show_step(struct show *s, const char *name, enum reach_verdict verdict,
		      const char *words)
{
	static const char verdicts[][8] = {
		[REACH_HOLDS] = "ok", [REACH_STOPS] = "STOPS", [REACH_UNKNOWN] = "unknown",
	};
	char line[REACH_WORDS_SIZE + 16];
	struct text t = TEXT_ON(line);

	if (s->mode == SHOW_JSON) {
		show_open(s, NULL, '{');
		show_string(s, "step", name);
		show_number(s, "holds", SHOW_BOOL, verdict == REACH_UNKNOWN ? -1 :
			    verdict == REACH_HOLDS);
		show_string(s, "words", words);
		show_close(s, '}');
	} else {
		text_add(&t, "%s: %s", verdicts[verdict], words);
		show_string(s, name, line);
	}
}

static void show_steps(struct show *s, const struct reach *r, struct found *found)
{
	if (s->mode == SHOW_JSON)
		show_open(s, "steps", '[');
	for (enum reach_step step = 0; step < REACH_STEPS; step++) {
		char words[REACH_WORDS_SIZE], others[REACH_WORDS_SIZE];
		bool first = found->stop == REACH_STEPS;
		struct text t = TEXT_ON(words);
		struct text remedy = first ? TEXT_ON(found->remedy) : TEXT_ON(others);
		enum reach_verdict verdict = reach_judge(r, step, &t, &remedy);

		if (verdict == REACH_NOTHING)
			continue;
		show_step(s, reach_step_name(r, step), verdict, words);
		found->unknown |= verdict == REACH_UNKNOWN;
		if (verdict == REACH_STOPS && first)
			found->stop = step;
	}
	if (s->mode == SHOW_JSON)
		show_close(s, ']');
}

/* Also the exit status. */
static int show_end_of_it(struct show *s, const struct reach *r, const struct found *found)
{
	bool stops = found->stop < REACH_STEPS;

	show_number(s, "open", SHOW_BOOL, stops ? 0 : found->unknown ? -1 : 1);
	show_number(s, "connections", SHOW_COUNT, r->passed);
	if (stops || s->mode == SHOW_JSON) {
		show_string(s, "stopped_by", stops ? reach_step_name(r, found->stop) : NULL);
		show_string(s, "remedy", stops ? found->remedy : NULL);
	}
	return stops ? CLIENT_CLOSED : found->unknown ? CLIENT_FAILED : CLIENT_OK;
}

/* What a program would else have to read out of words. */
static void show_ports(struct show *s, const struct reach *r)
{
	show_string(s, "protocol", r->protocol == IPPROTO_UDP ? "udp" : "tcp");
	show_number(s, "outside_port", SHOW_COUNT, r->publish ? r->publish->outside : -1);
	show_number(s, "inside_port", SHOW_COUNT, r->from || r->publish ? r->inside : -1);
}

int reach_show(const struct reach *r, bool json)
{
	struct found found = { .stop = REACH_STEPS };
	char words[REACH_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct show s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	int status;

	reach_add_understood(&t, r);
	show_open_row(&s);
	show_string(&s, "from", r->from ? r->from->name : "outside");
	show_string(&s, "to", r->to->name);
	show_string(&s, "port", words);
	if (json)
		show_ports(&s, r);
	show_steps(&s, r, &found);
	status = show_end_of_it(&s, r, &found);
	show_close_row(&s);
	show_end(&s);
	return status;
}
