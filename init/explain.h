/*
 * How a run ended, in words.
 */
#ifndef PITH_EXPLAIN_H
#define PITH_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "stage.h"
#include "text.h"

/* What is known of the end of one run. */
struct end {
	struct stage_report report;	/* a stage of the start failed, or zeros */
	struct start_error error;	/* the parent's side failed, or zeros */
	int code;			/* CLD_… of waitid(2), 0 if nothing ran */
	int status;			/* exit status or signal */
	bool executed;			/* its program ran */
	bool out_of_memory;		/* the OOM killer took part */
	bool at_limit;			/* at its own memory.max, that is */
	uint64_t lived_ms;		/* from exec, or else from the start */
};

/* "exited with status 3 after 1.2 s", "start failed: mounting /proc: …" */
void explain_end(struct text *t, const struct end *end);

#endif
