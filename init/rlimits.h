/*
 * Resource limits, getrlimit(2): what PID 1 has, and what every other process
 * starts with whatever PID 1 was started with.  All return 0 or -errno.
 */
#ifndef PITH_RLIMITS_H
#define PITH_RLIMITS_H

#include <stdint.h>

/*
 * For PID 1 itself: what a service has, but with room for its files, and without
 * what the kernel would hold against all services together: of queued signals,
 * message queues and locked memory, those of a user namespace count for its maker as
 * well, and there at most as many as the maker was allowed when it made it.
 * Every PID 1 asks for it, one that takes over too: a start relies on it (below), and
 * the earlier one may have had other limits.
 */
int rlimits_lift(void);

/* In a child of PID 1: what was lifted becomes what it is for a service.  All else is
 * so already, but for the files, of which PID 1 has more. */
int rlimits_lower(void);

/*
 * In any other process: all but RLIMIT_NOFILE become what they are for a service,
 * and files may later be set to nofile.  To be called with CAP_SYS_RESOURCE in the
 * initial user namespace: only that raises a limit.
 */
int rlimits_reset(uint32_t nofile);

/* RLIMIT_NOFILE, soft and hard.  It has to wait until PID 1's files are closed:
 * their numbers may be above it, and then none could be opened. */
int rlimits_set_files(uint32_t nofile);

#endif
