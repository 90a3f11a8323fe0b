/*
 * "Did you mean": the known name that a misspelt one is closest to.
 */
#ifndef PITH_TABLE_NEAREST_H
#define PITH_TABLE_NEAREST_H

#include <stddef.h>

/* Start with { .word = ... }, offer the known names, then read best. */
struct nearest {
	const char *word;
	const char *best;	/* NULL if none is close */
	size_t distance;	/* of best: insertions, deletions, replacements */
};

void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
