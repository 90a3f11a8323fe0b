/*
 * What the kernel has counted for one service, as far as it does: memory.events,
 * cpu.stat, io.stat, and the pressure under which the service stood.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst, Documentation/accounting/psi.rst.
 */
#ifndef PITH_CLIENT_COUNTERS_H
#define PITH_CLIENT_COUNTERS_H

#include <stdint.h>

#include "show.h"

/* Bytes read and written by all devices since its cgroup was made; -1 where the
 * kernel does not count them. */
int64_t counters_io(int dir);

/* The part of the last ten seconds, in tenths of a percent, in which at least one of
 * its tasks waited for file's resource ("memory.pressure"); -1: not known. */
int64_t counters_pressure(int dir, const char *file);

/* dir: of its cgroup, or negative. */
void counters_show(struct show *s, int dir);

#endif
