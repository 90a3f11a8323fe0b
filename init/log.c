/*
 * Reads the pipes of the services and owns the rings.  Refuses to know why a
 * service speaks, and what a line is (log_line.c).
 */
#include "log.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bucket.h"
#include "clock.h"
#include "config.h"
#include "console.h"
#include "log_line.h"
#include "log_pause.h"
#include "reexec.h"
#include "service.h"
#include "table.h"
#include "text.h"

/* One read: a page, so that a turn of the loop stays short. */
#define READ_MAX 4096

/* What a pipe holds unless its owner widened it, pipe(7): so much of a flood is
 * thrown away at once, and what is there at the end of a run is read in one. */
#define READ_ALL 65536

#define LAST_WORDS 3

static char buf[READ_ALL];
static bool placed, changed, widened;

static void place(struct state_log *l, uint32_t offset, uint32_t size)
{
	if (l->ring.offset == offset && l->ring.size == size && l->len <= sizeof(l->line) &&
	    logring_is_sound(&l->ring, state->arena, sizeof(state->arena)))
		return;
	memset(l, 0, sizeof(*l));
	l->ring.offset = offset;
	l->ring.size = size;
}

void log_init(void)
{
	/* A board may have no service yet, and 0 has nothing below it. */
	const unsigned count = SERVICE_COUNT;

	for (uint16_t id = 0; id < count; id++) {
		place(&state->slot[id].log, services[id].log_offset, services[id].log_bytes);
		if (log_line_drops(id))
			log_pause_is_over(id);
	}
	place(&state->log, board.log_offset, board.log_bytes);
	placed = true;
}

void log_add(struct state_log *l, struct logring_record record, const char *text, size_t len)
{
	record.len = (uint16_t)len;
	logring_add(&l->ring, state->arena, record, text);
	changed = true;
}

/* From here on until all of it is in the ring, nobody's signal ends this PID 1. */
static size_t read_some(int fd, size_t most)
{
	ssize_t n;

	if (IS_ENABLED(CONFIG_REEXEC))
		reexec_hold();
	n = read(fd, buf, most);
	widened |= n > READ_MAX;
	return n > 0 ? (size_t)n : 0;
}

static void kept_all(void)
{
	if (IS_ENABLED(CONFIG_REEXEC))
		reexec_release();
}

/* What only a flood needs is not kept when it is over: the whole pages of it. */
static void give_back(void)
{
	const uintptr_t page = (uintptr_t)getpagesize();
	const uintptr_t from = ((uintptr_t)buf + READ_MAX + page - 1) & ~(page - 1);
	const uintptr_t end = (uintptr_t)(buf + sizeof(buf)) & ~(page - 1);

	if (widened && from < end)
		madvise((void *)from, end - from, MADV_DONTNEED);
	widened = false;
}

void log_read(uint16_t id, int fd, uint64_t now_ms)
{
	uint64_t before, took_ms;
	size_t len;

	if (bucket_has_second(state->slot[id].log.paid_us, now_ms)) {
		log_line_say_dropped(id, now_ms);
		give_back();
	}
	before = clock_now_ms();
	len = read_some(fd, log_line_drops(id) ? READ_ALL : READ_MAX);
	took_ms = clock_now_ms() - before;
	log_line_take(id, buf, len, now_ms);
	kept_all();
	log_pause_after(id, len, took_ms, log_line_drops(id), now_ms);
}

void log_begin_run(uint16_t id, uint64_t now_ms)
{
	struct state_log *l = &state->slot[id].log;
	const struct logring_record record = {
		.time_ms = now_ms, .flags = LOGRING_RUN, .level = LOGRING_NO_LEVEL,
	};

	log_line_close(id, now_ms);
	l->run = l->ring.head;
	log_add(l, record, "", 0);
}

/* Where the last lines begin. */
static size_t last_words_at(const char *bytes, size_t len)
{
	unsigned lines = 0;
	size_t at;

	for (at = len; at; at--)
		if (bytes[at - 1] == '\n' && at < len && ++lines == LAST_WORDS)
			break;
	return at;
}

/* Last words pass whatever was said before: for their sake one looks into a log. */
void log_end_run(uint16_t id, int fd, uint64_t now_ms)
{
	struct state_log *l = &state->slot[id].log;
	size_t len = read_some(fd, sizeof(buf)), last = last_words_at(buf, len);
	uint64_t paid_us;

	log_line_take(id, buf, last, now_ms);
	log_line_say_dropped(id, now_ms);
	paid_us = l->paid_us;
	l->paid_us = 0;
	log_line_take(id, buf + last, len - last, now_ms);
	log_line_close(id, now_ms);
	l->paid_us = paid_us;
	kept_all();
	give_back();
}

void log_last_words(uint16_t id)
{
	const struct state_log *l = &state->slot[id].log;
	struct logring_record record;
	char line[STATE_LINE_SIZE];
	uint64_t at = l->run;
	unsigned count = 0;

	if (services[id].log_console)
		return;
	while (logring_read(&l->ring, state->arena, &at, &record, line, 0, NULL))
		count += !(record.flags & LOGRING_RUN);
	at = l->run;
	while (logring_read(&l->ring, state->arena, &at, &record, line, sizeof(line), NULL))
		if (!(record.flags & LOGRING_RUN) && count-- <= LAST_WORDS)
			console_relay(services[id].name, line, record.len,
				      record.flags & LOGRING_CUT);
}

void log_own(const char *name, const char *text, size_t len, uint64_t now_ms)
{
	struct logring_record record = { .time_ms = now_ms, .level = LOGRING_NO_LEVEL };
	char line[STATE_LINE_SIZE];
	struct text t = TEXT_ON(line);

	if (!placed)
		return;
	if (name)
		text_add(&t, "%s: ", name);
	text_add(&t, "%.*s", (int)len, text);
	if (t.cut)
		record.flags = LOGRING_CUT;
	log_add(&state->log, record, line, t.len);
}

bool log_changed(void)
{
	bool did = changed;

	changed = false;
	return did;
}
