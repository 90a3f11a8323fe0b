/*
 * What is told of a `pith exec`, and with which status it exits: enum
 * client_exit, or that of the command.
 */
#ifndef PITH_CLIENT_EXEC_OUTCOME_H
#define PITH_CLIENT_EXEC_OUTCOME_H

#include <sys/types.h>

#include "exec_target.h"

struct exec_outcome {
	const char *service;
	const char *command;
	const struct exec_target *target;
	int report_fd;		/* non-blocking; a struct stage_report if it failed, a byte if
				 * a signal ended it */
	bool toolbox;		/* had it along */
};

/* "pith: exec: finding its main process: No such process".  CLIENT_EXEC_FAILED. */
int exec_fail(const char *doing, int rc);
int exec_fail_without_toolbox(void);

/* Takes up the end of the guard.  Returns the exit status. */
int exec_conclude(pid_t guard, const struct exec_outcome *o);

#endif
