/*
 * Which interface is which, without asking the kernel: PID 1 gives each bridge and
 * each service's end on it an index that follows from its address.  So a batch can
 * make an interface and go on about it; another table of the same rows finds all of
 * them; and whoever holds the index of an address that is now another's is the one
 * who has to go.
 */
#ifndef PITH_INTERFACE_H
#define PITH_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

/* What a service sees, beside lo; the kernel's own rule gives lo the first index in
 * every network namespace. */
#define INSIDE_NAME "eth0"
#define INSIDE_INDEX 2
#define LOOPBACK_INDEX 1

/* Above all that the kernel counts up from 1.  Bridges do not have subnets that
 * differ in the two highest bits alone. */
static inline int32_t interface_index(uint32_t address)
{
	return (int32_t)((address & 0x3fffffff) | 0x40000000);
}

static inline bool interface_is_ours(int32_t index)
{
	return index & 0x40000000;
}

#endif
