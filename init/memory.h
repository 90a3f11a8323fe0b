/*
 * The memory of all services together, and of the board: what is used, what is
 * free, the limit, and the trigger that tells when they run into it.
 *
 * cgroup: the fd of the group that holds the services'.  Sizes are bytes; what
 * cannot be read is 0.
 *
 * Source: Documentation/accounting/psi.rst, Documentation/admin-guide/cgroup-v2.rst.
 */
#ifndef PITH_MEMORY_H
#define PITH_MEMORY_H

#include <stdint.h>

uint64_t memory_used(int cgroup);

/* Without pages of files that are on a disk as well. */
uint64_t memory_needed(int cgroup);

/* What nobody uses. */
uint64_t memory_free(void);

/* memory.high; 0 is none.  0 or -errno. */
int memory_set_high(int cgroup, uint64_t bytes);

/* An fd that polls POLLPRI when tasks have waited for memory, or -errno: the kernel
 * has no PSI, or it is switched off.  The caller owns it. */
int memory_open_trigger(int cgroup);

#endif
