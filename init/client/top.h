/*
 * The screen of `pith top`: what one look found, and in which order it is shown.
 */
#ifndef PITH_CLIENT_TOP_H
#define PITH_CLIENT_TOP_H

#include "facts.h"
#include "show.h"

enum top_sort {
	TOP_BY_CPU,
	TOP_BY_MEMORY,
	TOP_BY_NAME,
};

/* All services, and PID 1 as the last. */
#define TOP_ROWS (SERVICE_SLOTS + 1)

/* Reads everything, and compares it with the look before. */
void top_look(const struct client *c);

/* rows: lines of the screen, 0 for all. */
void top_print(enum top_sort sort, unsigned rows, const char *end);

void top_print_json(enum top_sort sort);

#endif
