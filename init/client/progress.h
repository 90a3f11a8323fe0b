/*
 * How far something long is, for a person who looks at a terminal: one line that is
 * written over, and replaced by what is said in the end.  Elsewhere only that is said.
 */
#ifndef PITH_CLIENT_PROGRESS_H
#define PITH_CLIENT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *name;
	uint64_t bytes;		/* in all */
	uint64_t next_ms;
	bool is_shown;
};

struct progress progress_of(const char *name, uint64_t bytes);
void progress_show(struct progress *p, uint64_t done);

/* "web: 12M, written" */
void progress_end(const struct progress *p, const char *word);

#endif
