/*
 * pith logs: which lines are shown, and how.
 */
#include <string.h>

#include "client.h"
#include "clock.h"
#include "lines.h"
#include "options.h"
#include "out.h"
#include "show.h"

/* With -f, of what was there before. */
#define FOLLOW_LINES 10

/* "info" of syslog(2): what a line without a level counts as. */
#define LEVEL_DEFAULT 6

struct wish {
	bool follow, plain, json, terminal;
	int number;		/* -1: all */
	int level;		/* the least severe one */
	uint64_t until_ms;	/* without follow: newer lines are left out */
};

static bool is_shown(const struct wish *w, const struct lines_line *line)
{
	unsigned level = line->record.level;

	if (line->record.flags & LOGRING_RUN)
		return w->level >= LEVEL_DEFAULT;
	if (line->record.flags & LOGRING_DROPPED)
		return true;
	return (int)(level < LOGRING_NO_LEVEL ? level : LEVEL_DEFAULT) <= w->level;
}

static void print_lost(const struct lines_line *line)
{
	char size[16];
	struct text t = TEXT_ON(size);

	show_add_size(&t, line->lost);
	out("… %s of %s lost\n", size, lines_name(line->source));
}

static void print(const struct wish *w, const struct lines_line *line)
{
	static char words[LINES_MAX + 32];
	struct text t = TEXT_ON(words);
	struct json json = { .put = out_bytes };

	if (w->json) {
		lines_add_json(&json, line);
		out("\n");
		return;
	}
	if (line->lost)
		print_lost(line);
	if (!w->plain) {
		text_add(&t, "[%5llu.%03u] %s: ",
			 (unsigned long long)(line->record.time_ms / 1000),
			 (unsigned)(line->record.time_ms % 1000), lines_name(line->source));
		out_bytes(words, t.len);
		t.len = 0;
	}
	/* A pipe gets the bytes as they are, which may be no text at all. */
	if (w->terminal || line->record.flags & (LOGRING_RUN | LOGRING_DROPPED)) {
		lines_add_text(&t, line);
		out_bytes(words, t.len);
	} else {
		out_bytes(line->bytes, line->record.len);
		out("%s", line->record.flags & LOGRING_CUT ? LINES_CUT : "");
	}
	out("\n");
}

/* All that is there, but for the first `skip` of them. */
static unsigned drain(const struct client *c, const struct wish *w, unsigned skip, bool quiet)
{
	static struct lines_line line;
	unsigned n = 0;

	while (lines_next(c->state, &line)) {
		/* What comes while this is printed may be seen in one source and
		 * not yet in another: out of its order. */
		if (!w->follow && line.record.time_ms > w->until_ms)
			break;
		if (!is_shown(w, &line))
			continue;
		if (n++ >= skip && !quiet)
			print(w, &line);
	}
	return n;
}

static int show_lines(struct client *c, const struct wish *w)
{
	unsigned skip = 0, last = (unsigned)w->number;
	int rc = w->follow ? client_watch(c) : 0;

	if (rc < 0)
		return client_refused("logs", rc);
	if (w->number >= 0) {
		unsigned have = drain(c, w, 0, true);

		skip = have > last ? have - last : 0;
		lines_rewind();
	}
	drain(c, w, skip, false);
	while (w->follow && out_flush() == 0) {
		rc = client_follow(c, lines_kernel_fd());
		if (rc)
			return rc;
		drain(c, w, 0, false);
	}
	return CLIENT_OK;
}

static int parse_level(const char *word)
{
	static const char *const names[] = {
		"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
	};

	for (int i = 0; i < 8; i++)
		if (!strcmp(word, names[i]) || (word[0] == '0' + i && !word[1]))
			return i;
	client_say("logs: '%s' is no level; there are emerg, alert, crit, err, warning, notice, "
		   "info, debug and 0 to 7", word);
	return -1;
}

/* Adds what is named; without names everything, PID 1 before the services, so that
 * of one time what it says comes first.  0, or an exit status. */
static int add_sources(const char **names, int count)
{
	static bool added[LINES_SOURCES];

	for (unsigned i = LINES_SOURCES; !count && i--;)
		if (i < client_services() || i >= LINES_OF_PITH)
			lines_add(i);
	for (int i = 0; i < count; i++) {
		int id = !strcmp(names[i], "pith") ? (int)LINES_OF_PITH :
			 !strcmp(names[i], "kernel") ? (int)LINES_OF_KERNEL :
						      client_find_service(names[i]);

		if (id < 0)
			return CLIENT_UNKNOWN;
		if (!added[id])
			lines_add((uint32_t)id);
		added[id] = true;
	}
	return 0;
}

int client_logs(int argc, char **argv)
{
	static const char *names[OPTIONS_NAMES];
	struct wish w = {
		.number = -1, .level = 7, .terminal = out_is_terminal(),
		.until_ms = clock_now_ms(),
	};
	const char *level = NULL;
	const struct option_row rows[] = {
		{ 'f', "follow", OPTION_FLAG, &w.follow },
		{ 'n', "number", OPTION_NUMBER, &w.number },
		{ 'p', "priority", OPTION_WORD, &level },
		{ 0, "plain", OPTION_FLAG, &w.plain },
		{ 0, "json", OPTION_FLAG, &w.json },
	};
	int count = options_read(argc, argv, rows, 5, names, 0, OPTIONS_NAMES);
	struct client c;
	int rc;

	if (count >= 0 && level && (w.level = parse_level(level)) < 0)
		count = -1;
	if (w.follow && w.number < 0)
		w.number = FOLLOW_LINES;
	rc = client_begin(&c, count);
	if (!rc)
		rc = add_sources(names, count);
	return rc ? rc : show_lines(&c, &w);
}
