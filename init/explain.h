/*
 * How a run ended, in words.  PID 1 says it on the console, the client in
 * `pith why` and `pith status`.  Pure.
 */
#ifndef PITH_EXPLAIN_H
#define PITH_EXPLAIN_H

#include "end.h"
#include "text.h"

/*
 * In one line, without what follows from it:
 *   exited with status 0 after 1.2 s
 *   exited with status 78 (EX_CONFIG) after 12 ms
 *   exited with status 143 (as SIGTERM's) after 3.1 s		INIT, or a shell's word
 *   killed by SIGSEGV after 3 min
 *   killed by SIGKILL after 2.0 s: no WATCHDOG=1 within WATCHDOG_MS
 *   killed by SIGKILL after 2.0 s: not by pith
 *   killed by SIGUSR1 after 2.0 s: sent by `pith kill`
 *   killed by the OOM killer after 8 s, at its memory.max of 16M (peak 16M, 3rd time)
 *   killed by the OOM killer after 8 s, since the board had no memory left (…)
 *   killed by SIGSYS after 8 ms: seccomp refused mkdirat
 *   exited with status 1 after 20 ms; seccomp refused mount	it may be why
 *   start failed: mounting /proc: Operation not permitted
 *   ended while pith was executed anew, after 8 s
 *   killed, since its row in the table has changed, after 8 s
 */
void explain_end(struct text *t, const struct end *end);

/* Bytes as the table writes them: "16M", "1536K", "12345". */
void explain_size(struct text *t, uint64_t bytes);

#endif
