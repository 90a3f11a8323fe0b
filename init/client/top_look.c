/*
 * Decides what `pith top` shows of one look.
 */
#include <fcntl.h>
#include <string.h>

#include "clock.h"
#include "files.h"
#include "out.h"
#include "top.h"

/* Twelve cells of numbers and a name. */
#define ROW_SIZE 192

/* All but the name and the state. */
#define RIGHT 0xffc

static struct facts looks[TOP_ROWS];
static uint16_t order[TOP_ROWS];
static uint64_t looked_ms;

/* Of services, as they are counted from 0; PID 1 is behind them. */
static const char *name_of(unsigned place)
{
	return place == client_services() ? "pith" : services[place].name;
}

void top_look(const struct client *c)
{
	uint64_t now = clock_now_ms(), passed = now - looked_ms;

	for (unsigned i = 0; i <= SERVICE_COUNT; i++) {
		struct facts *look = &looks[i];
		int64_t before = looked_ms ? look->cpu_us : -1;

		if (i == SERVICE_COUNT)
			facts_read_own(look);
		else
			facts_read(c, (uint16_t)i, look);
		/* A microsecond in a millisecond is a tenth of a percent. */
		if (before >= 0 && look->cpu_us >= before && passed)
			look->number[FACTS_SHARE] = (look->cpu_us - before) / (int64_t)passed;
	}
	looked_ms = now;
}

static bool comes_before(uint16_t a, uint16_t b, enum top_sort sort)
{
	/* The more, the further up. */
	unsigned by = sort == TOP_BY_CPU ? FACTS_SHARE : FACTS_MEMORY;
	int64_t more = looks[a].number[by] - looks[b].number[by];

	if (sort == TOP_BY_NAME || !more)
		return strcmp(name_of(a), name_of(b)) < 0;
	return more > 0;
}

/* Mostly in order already, by the look before. */
static void sort_rows(enum top_sort sort)
{
	static bool filled;

	for (uint16_t i = 0; !filled && i <= SERVICE_COUNT; i++)
		order[i] = i;
	filled = true;
	for (unsigned i = 1; i <= SERVICE_COUNT; i++) {
		uint16_t place = order[i];
		unsigned at = i;

		for (; at && comes_before(place, order[at - 1], sort); at--)
			order[at] = order[at - 1];
		order[at] = place;
	}
}

static void show_row(struct show *s, const char *name, const struct facts *look)
{
	static const uint8_t numbers[] = {
		FACTS_PID, FACTS_SHARE, FACTS_MEMORY, FACTS_PEAK, FACTS_MAX, FACTS_STALL, FACTS_IO,
		FACTS_TASKS, FACTS_RESTARTS, FACTS_UPTIME, FACTS_NUMBERS,
	};

	show_open_row(s);
	show_string(s, "name", name);
	show_string(s, "state", state_shown_name(state_shown(&look->is)));
	facts_show(s, look, numbers);
	show_close_row(s);
}

static int64_t memory_field(const char *key)
{
	/* "1234567 kB" */
	char size[32];

	if (!files_field(AT_FDCWD, "/proc/meminfo", key, size, sizeof(size)))
		return -1;
	return (int64_t)files_parse(size, 10, NULL) * 1024;
}

/* "12 services, 10 up; memory 45M of 241M; up 5 h" */
static void print_total(const char *end)
{
	char words[128];
	struct text t = TEXT_ON(words);
	int64_t all = memory_field("MemTotal"), free = memory_field("MemAvailable");
	struct out_layout layout = out_layout(0);
	unsigned up = 0;

	for (unsigned i = 0; i < client_services(); i++)
		up += step_is_up(&looks[i].is.step);
	text_add(&t, "%u services, %u up", (unsigned)SERVICE_COUNT, up);
	if (all >= 0 && free >= 0) {
		text_add(&t, "; memory ");
		show_add_size(&t, (uint64_t)(all - free));
		text_add(&t, " of ");
		show_add_size(&t, (uint64_t)all);
	}
	text_add(&t, "; up ");
	text_add_duration(&t, looked_ms);
	layout.end = end;
	out_rows(words, &layout);
}

void top_print(enum top_sort sort, unsigned rows, const char *end)
{
	static char cells[(TOP_ROWS + 1) * ROW_SIZE];
	struct text t = TEXT_ON(cells);
	struct show s = show_as(SHOW_HEADER, &t);
	struct out_layout layout = out_layout(RIGHT);

	sort_rows(sort);
	print_total(end);
	show_row(&s, "", &looks[0]);
	s.mode = SHOW_ROW;
	for (unsigned i = 0; i <= SERVICE_COUNT; i++)
		show_row(&s, name_of(order[i]), &looks[order[i]]);
	layout.rows = rows > 1 ? rows - 1 : 0;
	layout.end = end;
	out_rows(cells, &layout);
}

void top_print_json(enum top_sort sort)
{
	struct show s = show_as(SHOW_JSON, NULL);

	sort_rows(sort);
	show_open(&s, NULL, '[');
	for (unsigned i = 0; i <= SERVICE_COUNT; i++)
		show_row(&s, name_of(order[i]), &looks[order[i]]);
	show_close(&s, ']');
	show_end(&s);
}
