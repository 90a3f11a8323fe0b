/*
 * Standard output of the client: one buffer, without stdio, and rows laid out
 * in columns.
 */
#ifndef PITH_CLIENT_OUT_H
#define PITH_CLIENT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* One call of out() adds at most this many bytes; out_bytes() any number. */
#define OUT_MAX 4095

void out(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void out_bytes(const char *bytes, size_t len);

/* Writes what is there.  0, or the first -errno since the program began. */
int out_flush(void);

/* What is written goes to a person, who has such a screen; 0: size unknown. */
bool out_is_terminal(void);
void out_screen(unsigned *columns, unsigned *rows);

/* Rows of cells: a tab behind each cell but the last, which has the end of line.
 * right: bit mask of the columns that end at the right edge. */
struct out_layout {
	uint32_t right;
	unsigned columns;	/* a longer row is cut, and ends in "…"; 0: never */
	unsigned rows;		/* at most that many; 0: all */
	const char *end;	/* of a line */
};

/* For the terminal, if it is one. */
struct out_layout out_layout(uint32_t right);

void out_rows(const char *cells, const struct out_layout *layout);

#endif
