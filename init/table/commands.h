/*
 * The tool's subcommands.  Each takes its words (argv[0] is its own name) and
 * a report, and returns false for a call that it does not understand.
 */
#ifndef PITH_TABLE_COMMANDS_H
#define PITH_TABLE_COMMANDS_H

#include <stdbool.h>

#include "arena.h"
#include "report.h"

struct command_call {
	struct arena *arena;
	struct report *report;
	int argc;
	char **argv;		/* ends with NULL */
};

bool command_menu(const struct command_call *call);
bool command_check_config(const struct command_call *call);
bool command_enabled(const struct command_call *call);
bool command_oci(const struct command_call *call);
bool command_generate(const struct command_call *call);

#endif
