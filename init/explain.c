/*
 * Decides how an end is told.  Refuses to know what becomes of the service.
 */
#include "explain.h"

#include <signal.h>
#include <string.h>

static void explain_stage(struct text *t, int stage, int error, const char *what,
			  const char *words)
{
	text_add(t, "start failed: %s", stage_name(stage));
	if (what)
		text_add(t, " (%s)", what);
	text_add(t, ": %s", strerror(-error));
	if (words[0])
		text_add(t, ": %s", words);
}

void explain_end(struct text *t, const struct end *end)
{
	if (end->error.stage) {
		explain_stage(t, end->error.stage, end->error.error, end->error.what,
			      end->error.words);
		return;
	}
	if (end->report.stage) {
		explain_stage(t, end->report.stage, end->report.error, NULL, "");
		return;
	}
	if (!end->executed)
		text_add(t, "start failed: ");
	if (end->code == CLD_EXITED) {
		text_add(t, "exited with status %d", end->status);
	} else if (end->out_of_memory) {
		text_add(t, "killed by the OOM killer, %s", end->at_limit ?
			 "at its memory.max" : "since the board had no memory left");
	} else {
		text_add(t, "killed by ");
		text_add_signal(t, end->status);
	}
	text_add(t, " after ");
	text_add_duration(t, end->lived_ms);
}
