/*
 * When the services' main() began: CLOCK_MONOTONIC in ns, as the payload says it.
 *
 * Plain services and containers say it into a file (boot_paths.h); pith's on
 * their output, which is asked for by pith's own client.
 */
#ifndef BENCH_BOOT_MAINS_H
#define BENCH_BOOT_MAINS_H

#include <stdint.h>
#include <sys/types.h>

/* From now on: by `CLIENT logs`, in the mount namespace of PID 1. */
void mains_ask(const char *client);

/* The newest main() of each of count processes, or 0.  With a file it is not known whose
 * is whose: the newest count of all. */
void mains_of(int count, const pid_t *pids, uint64_t *ns);

/* What those said that started them, or a hint if they said nothing. */
const char *mains_errors(void);

#endif
