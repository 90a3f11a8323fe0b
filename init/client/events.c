/*
 * pith events: the ring of changes, from the state.
 */
#include "client.h"
#include "options.h"
#include "out.h"
#include "show.h"

struct wish {
	bool follow, json;
	int number;	/* -1: all */
};

static const char *name_of(uint16_t id)
{
	return id < client_services() ? services[id].name : "?";
}

static void print(const struct state_change *change)
{
	out("[%5llu.%03u] %s: %s -> %s", (unsigned long long)(change->time_ms / 1000),
	    (unsigned)(change->time_ms % 1000), name_of(change->id),
	    state_shown_name(change->from), state_shown_name(change->to));
	if (change->pid)
		out(", pid %d", change->pid);
	out("\n");
}

static void print_json(const struct state_change *change)
{
	struct show s = show_as(SHOW_JSON, NULL);

	show_open_row(&s);
	show_number(&s, "time", SHOW_TIME, (int64_t)change->time_ms);
	show_string(&s, "name", name_of(change->id));
	show_string(&s, "from", state_shown_name(change->from));
	show_string(&s, "to", state_shown_name(change->to));
	show_number(&s, "pid", SHOW_COUNT, change->pid ? change->pid : -1);
	show_close_row(&s);
	out("\n");
}

/* All from *at on that are still there. */
static void drain(const struct state *from, const struct wish *w, uint64_t *at)
{
	const volatile uint64_t *changes = &from->changes;

	/* The ring was made anew. */
	if (*at > *changes)
		*at = 0;
	while (*at < *changes) {
		struct state_change change = from->change[*at % STATE_CHANGES];

		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		/* The one behind the newest may be half written. */
		if (*changes - *at >= STATE_CHANGES) {
			uint64_t oldest = *changes - (STATE_CHANGES - 1);

			out(w->json ? "{\"lost\":%llu}\n" : "… %llu lost\n",
			    (unsigned long long)(oldest - *at));
			*at = oldest;
			continue;
		}
		if (w->json)
			print_json(&change);
		else
			print(&change);
		++*at;
	}
}

static uint64_t begin_at(const struct state *from, int number)
{
	uint64_t kept = STATE_CHANGES - 1;

	if (number >= 0 && (uint64_t)number < kept)
		kept = (uint64_t)number;
	return from->changes > kept ? from->changes - kept : 0;
}

int client_events(int argc, char **argv)
{
	struct wish w = { .number = -1 };
	const struct option_row rows[] = {
		{ 'f', "follow", OPTION_FLAG, &w.follow },
		{ 'n', "number", OPTION_NUMBER, &w.number },
		{ 0, "json", OPTION_FLAG, &w.json },
	};
	struct client c;
	uint64_t at;
	int rc = client_begin(&c, options_read(argc, argv, rows, 3, NULL, 0, 0));

	if (rc)
		return rc;
	if (w.follow && (rc = client_watch(&c)) < 0)
		return client_refused("events", rc);
	at = begin_at(c.state, w.number);
	drain(c.state, &w, &at);
	while (w.follow && out_flush() == 0) {
		rc = client_follow(&c, -1);
		if (rc)
			return rc;
		drain(c.state, &w, &at);
	}
	return CLIENT_OK;
}
