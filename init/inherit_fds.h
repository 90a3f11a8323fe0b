/*
 * The kept fds of another table's run of PID 1: out of the way first, since a number
 * may be another service's there, then row by row to the numbers of this table.
 */
#ifndef PITH_INHERIT_FDS_H
#define PITH_INHERIT_FDS_H

#include <stdbool.h>

#include "fds.h"
#include "state.h"

/* The other table's state, whose header is sound. */
struct old {
	const uint8_t *bytes;
	const struct state_header *header;
};

static inline const struct state_slot *old_slot(const struct old *old, unsigned id)
{
	return (const void *)(old->bytes + old->header->slots_at +
			      (size_t)id * old->header->slot_size);
}

/* Where its fds are meanwhile: those of service 0, and the first socket of all
 * LISTEN. */
struct aside {
	int services, sockets;
};

struct aside aside_make(const struct old *old);

/* The number of such an fd while it is aside; id is the old table's. */
static inline int aside_of(const struct aside *aside, unsigned old_id, enum fd_kind kind)
{
	return aside->services + (int)old_id * FD_KIND_COUNT + (int)kind;
}

/* Moves to service id what it goes on with.  Of a row that is not the same these
 * are its cgroup, for the old run is in it, and its unix sockets, for clients have
 * them mounted. */
void aside_take(const struct aside *aside, const struct old *old, unsigned old_id, uint16_t id,
		bool same);

/* Closes what is left. */
void aside_close(const struct aside *aside, const struct old *old);

#endif
