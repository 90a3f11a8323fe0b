/*
 * Decides what a line is and where it goes.  Refuses to know why a service
 * speaks, and to understand a word of it.
 */
#include "log.h"

#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "console.h"
#include "logring.h"
#include "service.h"
#include "table.h"

/* One read: a page, so that a turn of the loop stays short. */
#define READ_MAX 4096

/* At the end of a run a pipe holds at most what the kernel lets it hold,
 * 64 KB; a service that widened its pipe loses the rest to the next read. */
#define READS_AT_END 16

#define LAST_WORDS 3

struct log {
	struct logring ring;
	uint64_t run;			/* position at which the run began */
	uint16_t len;			/* of the line that has no end yet */
	bool cut;			/* and that was longer than fits */
	char line[CONSOLE_LINE_MAX];
};

static uint8_t arena[LOG_ARENA_BYTES];
static struct log logs[SERVICE_SLOTS];

void log_init(void)
{
	/* A board may have no service yet, and 0 has nothing below it. */
	const unsigned count = SERVICE_COUNT;

	for (unsigned id = 0; id < count; id++) {
		logs[id].ring.mem = arena + services[id].log_offset;
		logs[id].ring.size = services[id].log_bytes;
	}
}

static void end_line(uint16_t id)
{
	struct log *l = &logs[id];

	logring_add(&l->ring, clock_now_ms(), l->line, l->len, l->cut ? LOGRING_CUT : 0);
	if (services[id].log_console)
		console_relay(services[id].name, l->line, l->len, l->cut);
	l->len = 0;
	l->cut = false;
}

static void take(uint16_t id, const char *bytes, size_t len)
{
	struct log *l = &logs[id];

	while (len) {
		const char *end = memchr(bytes, '\n', len);
		size_t part = end ? (size_t)(end - bytes) : len;
		size_t room = sizeof(l->line) - l->len;
		size_t keep = part < room ? part : room;

		memcpy(l->line + l->len, bytes, keep);
		l->len = (uint16_t)(l->len + keep);
		l->cut |= keep < part;
		if (end)
			end_line(id);
		part += end != NULL;
		bytes += part;
		len -= part;
	}
}

int log_read(uint16_t id, int fd)
{
	char buf[READ_MAX];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n > 0)
		take(id, buf, (size_t)n);
	return n == sizeof(buf);
}

void log_begin_run(uint16_t id)
{
	logs[id].run = logs[id].ring.head;
}

void log_end_run(uint16_t id, int fd)
{
	for (int i = 0; i < READS_AT_END && log_read(id, fd); i++)
		;
	if (logs[id].len)
		end_line(id);
}

void log_last_words(uint16_t id)
{
	const struct logring *ring = &logs[id].ring;
	struct logring_record record;
	char line[CONSOLE_LINE_MAX];
	uint64_t at = logs[id].run;
	unsigned count = 0;

	if (services[id].log_console)
		return;
	while (logring_read(ring, &at, &record, line, 0))
		count++;
	at = logs[id].run;
	while (logring_read(ring, &at, &record, line, sizeof(line)))
		if (count-- <= LAST_WORDS)
			console_relay(services[id].name, line, record.len,
				      record.flags & LOGRING_CUT);
}
