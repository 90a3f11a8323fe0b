/*
 * The end: after the services, everything else.
 */
#ifndef PITH_SHUTDOWN_H
#define PITH_SHUTDOWN_H

#include "supervise.h"

/* Kills what is left, writes file systems back for at most a bounded time
 * and ends the system as asked. */
_Noreturn void shutdown_finish(const struct ending *ending);

#endif
