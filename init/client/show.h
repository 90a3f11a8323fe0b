/*
 * One way of telling a value, shown as lines for a person, as a row of a table
 * or as JSON: a command says what there is, and not how it looks.
 *
 * Keys are JSON's; for a person '_' is a blank, and JSON's keys end in their
 * unit: "memory" is "memory_bytes" there.
 */
#ifndef PITH_CLIENT_SHOW_H
#define PITH_CLIENT_SHOW_H

#include <stdbool.h>
#include <stdint.h>

#include "json.h"
#include "text.h"

enum show_mode {
	SHOW_LINES,	/* "key:  value"; a list has a line for each item */
	SHOW_HEADER,	/* the keys of a row */
	SHOW_ROW,
	SHOW_JSON,
};

enum show_kind {
	SHOW_COUNT,
	SHOW_SIGNED,	/* may be negative */
	SHOW_BYTES,
	SHOW_MS,	/* a duration */
	SHOW_TIME,	/* on CLOCK_MONOTONIC: "12.345" */
	SHOW_WHEN,	/* the same, and how long ago that is */
	SHOW_TENTHS,	/* of a percent */
	SHOW_BOOL,
	SHOW_ADDRESS,	/* of IPv4; 0: none */
	SHOW_HASH,	/* 64 bits */
};

struct show {
	enum show_mode mode;
	struct json json;
	struct text *rows;	/* SHOW_HEADER and SHOW_ROW: for out_rows() */
	const char *list;	/* SHOW_LINES: the list's key, until its first item */
	unsigned depth;		/* SHOW_LINES: of lists and objects */
	unsigned items;		/* SHOW_LINES: in this object of a list */
};

/* SHOW_JSON writes to standard output. */
struct show show_as(enum show_mode mode, struct text *rows);

/* NULL is "not known", shown as "-". */
void show_string(struct show *s, const char *key, const char *value);
void show_bytes(struct show *s, const char *key, const char *bytes, size_t len);

/* Negative is "not known", but for SHOW_SIGNED and SHOW_HASH. */
void show_number(struct show *s, const char *key, enum show_kind kind, int64_t n);

/* bracket '[' and '{' as json_open() has it.  In SHOW_LINES each item is a line,
 * and so is an object in a list. */
void show_open(struct show *s, const char *key, char bracket);
void show_close(struct show *s, char bracket);

/* One row, or an object of its own. */
void show_open_row(struct show *s);
void show_close_row(struct show *s);

/* The end of a command's output: JSON's end of line. */
void show_end(struct show *s);

/* A blank line, for a person. */
void show_blank(struct show *s);

/* "1.2M", "16M", "512" */
void show_add_size(struct text *t, uint64_t bytes);

/* "12.345" */
void show_add_time(struct text *t, uint64_t ms);

#endif
