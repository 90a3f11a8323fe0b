/*
 * pith why: the state of one service, and how its last runs ended.
 */
#include "client.h"
#include "explain.h"
#include "facts.h"
#include "lines.h"
#include "options.h"
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

int client_why(int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { 0, "json", OPTION_FLAG, &json } };
	const char *name = NULL;
	struct client c;
	struct facts f;
	struct show s;
	uint16_t id;
	int count = options_read(argc, argv, rows, 1, &name, 1, 1);
	int rc = client_begin_with(&c, count, name, &id);

	if (rc)
		return rc;
	facts_read(&c, id, &f);
	s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	show_open_row(&s);
	facts_show_state(&s, &c, id, &f);
	show_number(&s, "starts", SHOW_COUNT, f.is.runs);
	show_number(&s, "ends", SHOW_COUNT, f.is.exits);
	show_exits(&s, &c, id);
	lines_show_last(&s, c.state, id, LOG_LINES);
	show_close_row(&s);
	show_end(&s);
	return CLIENT_OK;
}
