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

#include <sys/types.h>

#include "part.h"

/* Like fork(2), for any child that PID 1 runs for itself: into that cgroup, without
 * PID 1's handlers.  In the child 0; it still has all else of PID 1. */
pid_t helper_clone(void);

extern const struct part helper_part;

#endif
