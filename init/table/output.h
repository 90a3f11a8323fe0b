/*
 * The files that a run leaves.
 */
#ifndef PITH_TABLE_OUTPUT_H
#define PITH_TABLE_OUTPUT_H

#include <stddef.h>

#include "arena.h"
#include "report.h"

struct output {
	const char *name;	/* within the directory */
	char *text;		/* the caller's */
	size_t length;
};

/*
 * Writes each under a temporary name, then renames them all: what cannot be
 * written leaves all the old ones.  A rename that fails does not bring back
 * those before it, but it is an error too, and make runs all again.  A file that is
 * there with the same bytes is left alone, time stamp included, so that make
 * builds nothing anew.  What goes wrong is reported, and no temporary file
 * stays behind.
 */
void output_write(struct arena *arena, struct report *report, const char *directory,
		  const struct output *outputs, size_t count);

#endif
