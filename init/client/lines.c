/*
 * Decides which line comes next.
 */
#include "lines.h"

#include <string.h>
#include <unistd.h>

#include "kmsg.h"

struct source {
	uint32_t id;
	uint64_t position;	/* in its ring */
	bool waits;		/* there is a line of this time */
	uint64_t time_ms;
};

static struct source sources[LINES_SOURCES];
static unsigned source_count;

/* Of the kernel; fd 0 is none. */
static int kernel_fd;
static struct kmsg_record message;

void lines_add(uint32_t id)
{
	if (id == LINES_OF_KERNEL && !kernel_fd) {
		kernel_fd = kmsg_open_to_read();
		kernel_fd = kernel_fd < 0 ? 0 : kernel_fd;
	}
	sources[source_count++] = (struct source){ .id = id };
}

void lines_rewind(void)
{
	for (unsigned i = 0; i < source_count; i++)
		sources[i] = (struct source){ .id = sources[i].id };
	if (kernel_fd)
		lseek(kernel_fd, 0, SEEK_SET);
}

int lines_kernel_fd(void)
{
	return kernel_fd ? kernel_fd : -1;
}

const char *lines_name(uint32_t id)
{
	return id == LINES_OF_PITH ? "pith" : id == LINES_OF_KERNEL ? "kernel" : services[id].name;
}

static void take_kernel(struct lines_line *line)
{
	size_t len = message.len < LINES_MAX ? message.len : LINES_MAX;

	line->record = (struct logring_record){
		.time_ms = message.time_ms, .len = (uint16_t)len, .level = (uint8_t)message.level,
		.flags = len < message.len ? LOGRING_CUT : 0,
	};
	memcpy(line->bytes, message.text, len);
	line->lost = 0;
}

static const struct logring *ring_of(const struct state *from, const struct source *s)
{
	return s->id == LINES_OF_PITH ? &from->log.ring : &from->slot[s->id].log.ring;
}

static void peek(const struct state *from, struct source *s)
{
	const struct logring *ring;
	struct logring_record record;
	uint64_t at = s->position;
	char nothing;

	if (s->waits)
		return;
	if (s->id == LINES_OF_KERNEL) {
		s->waits = kernel_fd && kmsg_read(kernel_fd, 0, &message) == 1;
		s->time_ms = message.time_ms;
		return;
	}
	ring = ring_of(from, s);
	/* It was made anew. */
	if (at > ring->head)
		at = s->position = 0;
	s->waits = logring_read(ring, from->arena, &at, &record, &nothing, 0, NULL) == 1;
	s->time_ms = record.time_ms;
}

static void take_ring(const struct state *from, struct source *s, struct lines_line *line)
{
	uint64_t lost = 0;

	/* Position 0 is the oldest that there is: nobody missed what was before. */
	line->record.len = 0;
	logring_read(ring_of(from, s), from->arena, &s->position, &line->record, line->bytes,
		     LINES_MAX, s->position ? &lost : NULL);
	if (line->record.len > LINES_MAX)
		line->record.len = LINES_MAX;
	line->lost = lost;
}

bool lines_next(const struct state *from, struct lines_line *line)
{
	struct source *oldest = NULL;

	for (struct source *s = sources; s < sources + source_count; s++) {
		peek(from, s);
		if (s->waits && (!oldest || s->time_ms < oldest->time_ms))
			oldest = s;
	}
	if (!oldest)
		return false;
	line->source = oldest->id;
	if (oldest->id == LINES_OF_KERNEL)
		take_kernel(line);
	else
		take_ring(from, oldest, line);
	oldest->waits = false;
	return true;
}

void lines_add_text(struct text *t, const struct lines_line *line)
{
	const struct logring_record *r = &line->record;

	if (r->flags & LOGRING_RUN) {
		text_add(t, "(a new run)");
		return;
	}
	text_add(t, r->flags & LOGRING_DROPPED ? "(" : "");
	text_add_printable(t, line->bytes, r->len);
	text_add(t, r->flags & LOGRING_DROPPED ? ")" : r->flags & LOGRING_CUT ? LINES_CUT : "");
}

void lines_add_json(struct json *j, const struct lines_line *line)
{
	const struct logring_record *r = &line->record;
	const char *kind = r->flags & LOGRING_RUN ? "run" :
			   r->flags & LOGRING_DROPPED ? "dropped" : "line";
	const char *name = lines_name(line->source);

	json_open(j, NULL, '{');
	json_number(j, "time_ms", (int64_t)r->time_ms);
	json_string(j, "name", name, strlen(name));
	json_string(j, "kind", kind, strlen(kind));
	if (r->level < LOGRING_NO_LEVEL)
		json_number(j, "level", r->level);
	if (line->lost)
		json_number(j, "lost_bytes", (int64_t)line->lost);
	if (r->flags & LOGRING_CUT)
		json_literal(j, "cut", "true");
	json_string(j, "text", line->bytes, r->len);
	json_close(j, '}');
}

void lines_show_last(struct show *s, const struct state *from, uint32_t id, unsigned count)
{
	static struct lines_line line;
	static char words[LINES_MAX + 32];
	unsigned have = 0;

	source_count = 0;
	lines_add(id);
	while (lines_next(from, &line))
		have++;
	lines_rewind();
	show_open(s, "log", '[');
	/* Lines that have come since are shown as well. */
	for (unsigned i = 0; lines_next(from, &line); i++) {
		struct text t = TEXT_ON(words);

		if (i + count < have)
			continue;
		show_add_time(&t, line.record.time_ms);
		text_add(&t, " ");
		lines_add_text(&t, &line);
		if (s->mode == SHOW_JSON)
			lines_add_json(&s->json, &line);
		else
			show_string(s, NULL, words);
	}
	show_close(s, ']');
}
