/*
 * What the watcher's two files share.
 */
#ifndef BENCH_WATCHER_H
#define BENCH_WATCHER_H

#include <stdbool.h>

/* Ends the guest with a line {"error": …}. */
_Noreturn void watcher_fail(const char *what, const char *why);

/* Adds to a file that is there; the guest ends if it cannot be done. */
void watcher_put(const char *path, const char *text);

/* Whether the kernel has probes for system calls; mounts them at /tracefs. */
bool watcher_has_probes(void);

/* On each call of PID 1 and its children; or on what begins and ends their starts alone. */
void watcher_probe_calls(void);
void watcher_probe_ends(void);

/* Prints what was seen since the last time: lines {"phase": …}. */
void watcher_tell(const char *phase);

#endif
