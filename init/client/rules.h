/*
 * What the firewall has counted, by the names that its rows have as comments
 * (table/firewall.h, firewall_counters.h).
 */
#ifndef PITH_CLIENT_RULES_H
#define PITH_CLIENT_RULES_H

#include <stdint.h>

#include "ports.h"

/* rules.c's own: of the set that is being read. */
struct rules_sum {
	unsigned rows;
	uint64_t packets, bytes;
};

struct rules_row {
	char name[PORTS_SIZE];
	int64_t packets, bytes;		/* -1: there is no such row */
	struct rules_sum of_set;
};

/* Fills in the numbers; of several rows with one name their sum.  Returns how many
 * rows the firewall has (0: it is not loaded), or -errno: nothing is known then. */
int rules_read(struct rules_row *rows, unsigned count);

/* Behind "the firewall": why there are no numbers, for a result of rules_read() that
 * is not above 0. */
void rules_add_error(struct text *t, int result);

#endif
