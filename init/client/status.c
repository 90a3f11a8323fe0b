/*
 * pith status: all services in a table, or one in full.
 */
#include "client.h"
#include "clock.h"
#include "facts.h"
#include "images_facts.h"
#include "inspect.h"
#include "options.h"
#include "out.h"
#include "ports.h"
#include "show.h"

/* Nine cells that are numbers, names or an address, and the words about an exit. */
#define ROW_SIZE (128 + FACTS_WORDS_SIZE)

/* PID, restarts, memory, peak, max and CPU. */
#define RIGHT (1 << 2 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8)

static void show_row(struct show *s, const char *name, const struct facts *f,
		     uint32_t address, const char *last_exit)
{
	static const uint8_t numbers[] = {
		FACTS_PID, FACTS_UPTIME, FACTS_RESTARTS, FACTS_MEMORY, FACTS_PEAK, FACTS_MAX,
		FACTS_CPU, FACTS_NUMBERS,
	};

	show_open_row(s);
	show_string(s, "name", name);
	show_string(s, "state", state_shown_name(state_shown(&f->is)));
	facts_show(s, f, numbers);
	show_number(s, "address", SHOW_ADDRESS, address);
	show_string(s, "last_exit", last_exit);
	show_close_row(s);
}

static void show_all(const struct client *c, bool json)
{
	static char cells[(SERVICE_COUNT + 1) * ROW_SIZE];
	struct text rows = TEXT_ON(cells);
	struct show s = show_as(json ? SHOW_JSON : SHOW_HEADER, &rows);
	struct out_layout layout = out_layout(RIGHT);
	struct facts f = { 0 };

	if (json)
		show_open(&s, NULL, '[');
	else
		show_row(&s, "", &f, 0, NULL);
	s.mode = json ? SHOW_JSON : SHOW_ROW;
	for (uint16_t id = 0; id < client_services(); id++) {
		char words[FACTS_WORDS_SIZE];
		struct text t = TEXT_ON(words);

		facts_read(c, id, &f);
		facts_add_last_exit(&t, c, id);
		show_row(&s, services[id].name, &f, ports_owner(&services[id])->address,
			 t.len ? words : NULL);
	}
	if (json) {
		show_close(&s, ']');
		show_end(&s);
	} else {
		out_rows(cells, &layout);
	}
}

static void show_storage(const struct client *c)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct storage storage = { .state = STORAGE_NONE };

	if (!facts_read_storage(c, &storage))
		return;
	storage_explain(&t, &storage);
	out("\nstorage: %s\n", words);
}

static void show_images(const struct client *c)
{
	char words[FACTS_WORDS_SIZE];
	struct text t = TEXT_ON(words);
	struct state_images all;

	if (!images_facts_read(c, &all))
		return;
	images_explain(&t, &all.is, clock_now_ms());
	out("\nimages: %s\n", words);
}

static int show_one(const struct client *c, uint16_t id, bool json)
{
	struct facts f;

	facts_read(c, id, &f);
	inspect(c, id, &f, json);
	return step_is_up(&f.is.step) && f.is.shed != SHED_FROZEN ? CLIENT_OK : CLIENT_NOT_UP;
}

int client_status(int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { 0, "json", OPTION_FLAG, &json } };
	const char *name;
	int count = options_read(argc, argv, rows, 1, &name, 0, 1);
	struct client c;
	uint16_t id;
	int rc = count > 0 ? client_begin_with(&c, count, name, &id) : client_begin(&c, count);

	if (rc)
		return rc;
	if (count)
		return show_one(&c, id, json);
	show_all(&c, json);
	if (!json)
		show_storage(&c);
	if (!json && IMAGE_COUNT)
		show_images(&c);
	return CLIENT_OK;
}
