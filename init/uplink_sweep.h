/*
 * Takes from interfaces what an earlier PID 1 with another table, or one whose memory
 * is lost, had given them.
 */
#ifndef PITH_UPLINK_SWEEP_H
#define PITH_UPLINK_SWEEP_H

#include <stddef.h>

#include "state.h"

/* is: of this table's uplinks; was: as the earlier one had it.  Of an interface of
 * either, addresses that are nobody's any more go, and all default routes: those that
 * are wanted are set again.  A VLAN that is no uplink any more is removed.  buffer has
 * RTNL_BUFFER_SIZE bytes.  0 or -errno. */
int uplink_sweep(int route_fd, const struct state_uplink *is, const struct state_uplink *was,
		 void *buffer);

#endif
