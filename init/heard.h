/*
 * Whether a signal that was just sent reaches a service at all.
 */
#ifndef PITH_HEARD_H
#define PITH_HEARD_H

#include <stdbool.h>
#include <sys/types.h>

/* Call it right after sending.  A process that is PID 1 of its namespace
 * never gets a signal for which it has neither a handler nor a block: the
 * kernel throws it away (pid_namespaces(7)).  False only if that is certain;
 * where the kernel does not tell, the stop time-out decides. */
bool heard(pid_t pid, int signal);

#endif
