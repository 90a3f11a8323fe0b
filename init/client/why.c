/*
 * pith why: the state of one service, and how its last runs ended; or, with a port,
 * whether a connection to it comes to its end (reach.h).
 */
#include <string.h>

#include "client.h"
#include "explain.h"
#include "facts.h"
#include "has.h"
#include "images_facts.h"
#include "lines.h"
#include "options.h"
#include "reach.h"
#include "show.h"

/* Last lines of its log. */
#define LOG_LINES 5

static void show_exit(struct show *s, const struct end *end)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);

	explain_end(&t, end);
	show_open(s, NULL, '{');
	show_string(s, "how", words);
	show_number(s, "ended", SHOW_WHEN, (int64_t)end->ended_ms);
	if (end->pid)
		show_number(s, "pid", SHOW_COUNT, end->pid);
	show_string(s, "then", step_state_name(end->next_state));
	if (end->pause_ms)
		show_number(s, "for", SHOW_MS, (int64_t)end->pause_ms);
	show_close(s, '}');
}

static void show_exits(struct show *s, const struct client *c, uint16_t id)
{
	struct end end;

	show_open(s, "exits", '[');
	for (uint32_t back = 0; facts_exit(c, id, back, &end); back++)
		show_exit(s, &end);
	show_close(s, ']');
}

static void show_why(const struct client *c, uint16_t id, bool json)
{
	struct facts f;
	struct show s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);

	facts_read(c, id, &f);
	show_open_row(&s);
	facts_show_state(&s, c, id, &f);
	if (has_image(&services[id]))
		images_facts_show_service(&s, c, id, &f.is);
	show_number(&s, "starts", SHOW_COUNT, f.is.runs);
	show_number(&s, "ends", SHOW_COUNT, f.is.exits);
	show_exits(&s, c, id);
	lines_show_last(&s, c->state, id, LOG_LINES);
	show_close_row(&s);
	show_end(&s);
}

/* NAME:PORT */
static int why_port(int count, const char *word, const char *from, bool json)
{
	static struct reach reach;
	char name[SERVICE_NAME_SIZE + 1];
	uint8_t protocol;
	struct client c;
	uint16_t id;
	int rc, place;

	if (!reach_parse(word, name, &reach.asked, &protocol)) {
		client_say("why: '%s' is no NAME:PORT, as in web:8080 or dns:53/udp", word);
		return CLIENT_USAGE;
	}
	rc = client_begin_with(&c, count, name, &id);
	if (rc)
		return rc;
	place = from ? client_find_service(from) : -1;
	if (from && place < 0)
		return CLIENT_UNKNOWN;
	reach.to = &services[id];
	reach.from = from ? &services[place] : NULL;
	reach_plan(&reach, protocol);
	reach_look(&reach, &c);
	return reach_show(&reach, json);
}

int client_why(int argc, char **argv)
{
	bool json = false;
	const char *name = NULL, *from = NULL;
	const struct option_row rows[] = {
		{ 0, "json", OPTION_FLAG, &json },
		{ 0, "from", OPTION_WORD, &from },
	};
	struct client c;
	uint16_t id;
	int count = options_read(argc, argv, rows, 2, &name, 1, 1);
	int rc;

	if (count > 0 && strchr(name, ':'))
		return why_port(count, name, from, json);
	if (count > 0 && from) {
		client_say("why: --from needs a port: pith why --from %s %s:80", from, name);
		return CLIENT_USAGE;
	}
	rc = client_begin_with(&c, count, name, &id);
	if (!rc)
		show_why(&c, id, json);
	return rc ? rc : CLIENT_OK;
}
