/*
 * Decides what a line is, and whether it is kept.  Refuses to understand more
 * of it than its level.
 */
#include "log_line.h"

#include <string.h>

#include "bucket.h"
#include "console.h"
#include "service.h"
#include "text.h"

/* "18446744073709551615 lines were dropped" */
#define DROPPED_SIZE 48

_Static_assert(STATE_LINE_SIZE <= CONSOLE_LINE_MAX, "the console shows whole lines");

static struct state_log *log_of(uint16_t id)
{
	return &state->slot[id].log;
}

static void show(uint16_t id, const char *text, size_t len, bool cut)
{
	if (services[id].log_console)
		console_relay(services[id].name, text, len, cut);
}

/* "<3>text", sd-daemon(3).  Returns the length of the prefix. */
static size_t level_of(const char *line, size_t len, uint8_t *level)
{
	*level = LOGRING_NO_LEVEL;
	if (len < 3 || line[0] != '<' || line[1] < '0' || line[1] > '7' || line[2] != '>')
		return 0;
	*level = (uint8_t)(line[1] - '0');
	return 3;
}

static void keep_line(uint16_t id, size_t len, bool cut, uint64_t now_ms)
{
	struct state_log *l = log_of(id);
	struct logring_record record = { .time_ms = now_ms, .flags = cut ? LOGRING_CUT : 0 };
	size_t prefix = level_of(l->line, len, &record.level);

	log_add(l, record, l->line + prefix, len - prefix);
	show(id, l->line + prefix, len - prefix, cut);
}

static void count_dropped(struct state_log *l, uint64_t lines)
{
	l->pending += lines;
	l->dropped += lines;
}

static void end_line(uint16_t id, size_t len, bool cut, uint64_t now_ms)
{
	struct state_log *l = log_of(id);

	/* First: after a crash in here the next line would pass for this one's rest. */
	l->len = 0;
	l->cut = false;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (bucket_take(&l->paid_us, services[id].log_rate, now_ms))
		keep_line(id, len, cut, now_ms);
	else
		count_dropped(l, 1);
}

/* The beginning of this line was dropped, and its end has not come yet. */
static bool inside_dropped(const struct state_log *l)
{
	return l->cut && !l->len;
}

/* A byte of 1, and one of 0x7f, in each byte of a word. */
#define ONES	(SIZE_MAX / 255)
#define LOW	(ONES * 0x7f)

/* So many words' counts fit into the bytes of one, and their sum into one byte. */
#define WORDS_MAX (255 / sizeof(size_t))

/* In so many words, of which each byte is looked at in its place. */
static size_t newlines_in_words(const char *bytes, size_t words)
{
	size_t others = 0, word;

	for (size_t i = 0; i < words; i++) {
		memcpy(&word, bytes + i * sizeof(word), sizeof(word));
		word ^= ONES * '\n';
		others += ((((word & LOW) + LOW) | word) >> 7) & ONES;
	}
	return words * sizeof(word) - (others * ONES >> 8 * (sizeof(word) - 1));
}

static size_t newlines_in(const char *bytes, size_t len)
{
	size_t count = 0;

	while (len >= sizeof(size_t)) {
		size_t words = len / sizeof(size_t);

		if (words > WORDS_MAX)
			words = WORDS_MAX;
		count += newlines_in_words(bytes, words);
		bytes += words * sizeof(size_t);
		len -= words * sizeof(size_t);
	}
	while (len--)
		count += *bytes++ == '\n';
	return count;
}

/* A line counts when it begins: at the first byte, and behind each end.  Nothing but
 * this is done to a flood's bytes. */
static void drop(struct state_log *l, const char *bytes, size_t len)
{
	count_dropped(l, !inside_dropped(l) + newlines_in(bytes, len - 1));
	l->len = 0;
	l->cut = bytes[len - 1] != '\n';
}

/* Takes what there is of one line and its end.  Returns how much that was. */
static size_t take_part(uint16_t id, const char *bytes, size_t len, uint64_t now_ms)
{
	struct state_log *l = log_of(id);
	const char *end = memchr(bytes, '\n', len);
	size_t part = end ? (size_t)(end - bytes) : len;
	size_t room = sizeof(l->line) - l->len;
	size_t keep = part < room ? part : room;
	bool cut = l->cut || keep < part;

	if (inside_dropped(l)) {
		l->cut = !end;
		return part + (end != NULL);
	}
	memcpy(l->line + l->len, bytes, keep);
	if (end) {
		end_line(id, l->len + keep, cut, now_ms);
	} else {
		l->len = (uint16_t)(l->len + keep);
		l->cut = cut;
	}
	return part + (end != NULL);
}

void log_line_take(uint16_t id, const char *bytes, size_t len, uint64_t now_ms)
{
	size_t at = 0;

	while (at < len && !log_line_drops(id))
		at += take_part(id, bytes + at, len - at, now_ms);
	if (at < len)
		drop(log_of(id), bytes + at, len - at);
}

bool log_line_drops(uint16_t id)
{
	return log_of(id)->pending > 0;
}

void log_line_say_dropped(uint16_t id, uint64_t now_ms)
{
	struct state_log *l = log_of(id);
	const struct logring_record record = {
		.time_ms = now_ms, .flags = LOGRING_DROPPED, .level = LOGRING_NO_LEVEL,
	};
	char text[DROPPED_SIZE];
	struct text t = TEXT_ON(text);

	if (!l->pending)
		return;
	text_add(&t, "%llu lines were dropped", (unsigned long long)l->pending);
	l->pending = 0;
	log_add(l, record, text, t.len);
	show(id, text, t.len, false);
}

void log_line_close(uint16_t id, uint64_t now_ms)
{
	struct state_log *l = log_of(id);

	if (l->len)
		end_line(id, l->len, l->cut, now_ms);
	l->cut = false;
	log_line_say_dropped(id, now_ms);
}
