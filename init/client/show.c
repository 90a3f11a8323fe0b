/*
 * Decides how a value looks.  Refuses to know what it means.
 */
#include "show.h"

#include <string.h>

#include "clock.h"
#include "out.h"

/* Where values begin behind their keys: the longest are of 17 characters. */
#define LABEL_WIDTH 20

/* The longest key, its unit and the NUL. */
#define KEY_SIZE 40

/* Any number in words, or its parts of a time. */
#define NUMBER_SIZE 64

/* What is shown of a string in lines and rows; JSON has all of it. */
#define STRING_SIZE 1024

struct show show_as(enum show_mode mode, struct text *rows)
{
	return (struct show){ .mode = mode, .json.put = out_bytes, .rows = rows };
}

void show_add_size(struct text *t, uint64_t bytes)
{
	const char *unit = "KMGTPE";
	unsigned tenths;

	if (bytes < 1024) {
		text_add(t, "%u", (unsigned)bytes);
		return;
	}
	/* From where on it would be rounded up to 1024. */
	for (; bytes >= 1024 * 1024 - 512; bytes /= 1024)
		unit++;
	tenths = ((unsigned)bytes * 10 + 512) / 1024;
	text_add(t, "%u", tenths / 10);
	if (tenths % 10 && tenths < 1000)
		text_add(t, ".%u", tenths % 10);
	text_add(t, "%c", *unit);
}

void show_add_time(struct text *t, uint64_t ms)
{
	text_add(t, "%llu.%03u", (unsigned long long)(ms / 1000), (unsigned)(ms % 1000));
}

static void blanks(unsigned n)
{
	for (; n; n--)
		out(" ");
}

static void put_label(const char *key)
{
	size_t len = strlen(key);

	for (size_t i = 0; i < len; i++)
		out("%c", key[i] == '_' ? ' ' : key[i]);
	out(":");
	blanks(len + 1 < LABEL_WIDTH ? LABEL_WIDTH - (unsigned)len - 1 : 1);
}

/* What stands before a value in a line. */
static void put_before(struct show *s, const char *key)
{
	bool in_line = s->depth > 1;

	if (in_line && s->items++) {
		out("  %s ", key);
		return;
	}
	if (!s->depth)
		put_label(key);
	else if (s->list)
		put_label(s->list);
	else
		blanks(LABEL_WIDTH);
	s->list = NULL;
	if (s->depth == 1 && key)
		out("%s ", key);
}

/* A tab would end the cell. */
static void add_cell(struct text *t, const char *value, bool header)
{
	for (; *value; value++) {
		char c = *value == '\t' ? ' ' : *value;

		if (header)
			c = c == '_' ? ' ' : c >= 'a' ? (char)(c - 'a' + 'A') : c;
		text_add(t, "%c", c);
	}
	text_add(t, "\t");
}

/* All but JSON. */
static void put(struct show *s, const char *key, const char *value)
{
	if (s->mode == SHOW_HEADER) {
		add_cell(s->rows, key, true);
	} else if (s->mode == SHOW_ROW) {
		add_cell(s->rows, value, false);
	} else {
		put_before(s, key);
		out("%s", value);
		if (s->depth < 2)
			out("\n");
	}
}

void show_bytes(struct show *s, const char *key, const char *bytes, size_t len)
{
	char value[STRING_SIZE];
	struct text t = TEXT_ON(value);

	if (s->mode == SHOW_JSON) {
		json_string(&s->json, key, bytes, len);
		return;
	}
	text_add_printable(&t, bytes, len);
	if (t.cut)
		memcpy(value + sizeof(value) - sizeof("…"), "…", sizeof("…"));
	put(s, key, value);
}

void show_string(struct show *s, const char *key, const char *value)
{
	if (value)
		show_bytes(s, key, value, strlen(value));
	else if (s->mode == SHOW_JSON)
		json_literal(&s->json, key, "null");
	else
		put(s, key, "-");
}

static void add_when(struct text *t, bool row, uint64_t ms)
{
	uint64_t now = clock_now_ms();

	if (!row) {
		show_add_time(t, ms);
		text_add(t, " (");
	}
	text_add(t, ms > now ? "in " : "");
	text_add_duration(t, ms > now ? ms - now : now - ms);
	text_add(t, ms > now ? "" : " ago");
	if (!row)
		text_add(t, ")");
}

static void add_tenths(struct text *t, int64_t n, const char *unit)
{
	text_add(t, "%lld.%u%s", (long long)(n / 10), (unsigned)(n % 10), unit);
}

static void add_number(struct text *t, const struct show *s, enum show_kind kind, int64_t n)
{
	if (kind == SHOW_BYTES)
		show_add_size(t, (uint64_t)n);
	else if (kind == SHOW_MS)
		text_add_duration(t, (uint64_t)n);
	else if (kind == SHOW_TIME)
		show_add_time(t, (uint64_t)n);
	else if (kind == SHOW_WHEN)
		add_when(t, s->mode == SHOW_ROW, (uint64_t)n);
	else if (kind == SHOW_TENTHS)
		add_tenths(t, n, "%");
	else if (kind == SHOW_BOOL)
		text_add(t, n ? "yes" : "no");
	else
		text_add(t, "%lld", (long long)n);
}

static void json_value(struct show *s, const char *key, enum show_kind kind, int64_t n)
{
	static const char *const units[] = {
		[SHOW_BYTES] = "_bytes", [SHOW_MS] = "_ms", [SHOW_TIME] = "_ms",
		[SHOW_WHEN] = "_ms", [SHOW_TENTHS] = "_percent", [SHOW_HASH] = NULL,
	};
	char full[KEY_SIZE], number[NUMBER_SIZE];
	struct text t = TEXT_ON(full), value = TEXT_ON(number);

	text_add(&t, "%s%s", key ? key : "", units[kind] ? units[kind] : "");
	if (n < 0 && kind != SHOW_SIGNED)
		text_add(&value, "null");
	else if (kind == SHOW_BOOL)
		text_add(&value, n ? "true" : "false");
	else if (kind == SHOW_TENTHS)
		add_tenths(&value, n, "");
	else
		text_add(&value, "%lld", (long long)n);
	json_literal(&s->json, key ? full : NULL, number);
}

void show_number(struct show *s, const char *key, enum show_kind kind, int64_t n)
{
	char number[NUMBER_SIZE];
	struct text t = TEXT_ON(number);

	if (kind == SHOW_HASH) {
		text_add(&t, "%016llx", (unsigned long long)n);
		show_string(s, key, number);
	} else if (kind == SHOW_ADDRESS) {
		text_add_ipv4(&t, (uint32_t)n);
		show_string(s, key, n ? number : NULL);
	} else if (s->mode == SHOW_JSON) {
		json_value(s, key, kind, n);
	} else if (n < 0 && kind != SHOW_SIGNED) {
		put(s, key, "-");
	} else {
		add_number(&t, s, kind, n);
		put(s, key, number);
	}
}

void show_open(struct show *s, const char *key, char bracket)
{
	if (s->mode == SHOW_JSON) {
		json_open(&s->json, key, bracket);
	} else {
		s->depth++;
		s->items = 0;
		if (key)
			s->list = key;
	}
}

void show_close(struct show *s, char bracket)
{
	if (s->mode == SHOW_JSON) {
		json_close(&s->json, bracket);
		return;
	}
	if (s->depth == 2) {
		out("\n");
	} else if (s->list) {
		put_label(s->list);
		out("none\n");
		s->list = NULL;
	}
	s->depth--;
}

void show_open_row(struct show *s)
{
	if (s->mode == SHOW_JSON)
		json_open(&s->json, NULL, '{');
}

void show_close_row(struct show *s)
{
	if (s->mode == SHOW_JSON)
		json_close(&s->json, '}');
	else if (s->mode != SHOW_LINES && s->rows->len)
		s->rows->buf[s->rows->len - 1] = '\n';
}

void show_end(struct show *s)
{
	if (s->mode == SHOW_JSON)
		out("\n");
}

void show_blank(struct show *s)
{
	if (s->mode == SHOW_LINES)
		out("\n");
}
