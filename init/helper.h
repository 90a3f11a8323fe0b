/*
 * Children that PID 1 runs for itself, in the initial namespaces: the debug
 * shell (CONFIG_DEBUG_SHELL) and the writer of log copies (board.log_file,
 * board.log_kmsg).  Each starts again a second after its end.  With all that is
 * started from them they are in the cgroup helpers/, and PID 1 alone in init/.
 *
 * Their pids are kept in the state, so that a PID 1 that is executed anew does
 * not start a second one.
 */
#ifndef PITH_HELPER_H
#define PITH_HELPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "state.h"

/* Takes up those that an earlier run left. */
void helper_take_up(const struct state_board *board);

/* Starts what is due.  True if a pid has changed and is to be saved. */
bool helper_tick(uint64_t now_ms);

/* When the next one is due; 0 for never. */
uint64_t helper_deadline(void);

/* A child was reaped.  False if it is none of these. */
bool helper_reaped(pid_t pid, uint64_t now_ms);

/* Puts their pids down. */
void helper_save(struct state_board *board);

#endif
