/*
 * The board's ways out.  Each interface of board.uplinks is set up as soon as it is
 * there, and again when it comes back: up, its VLANs, its addresses and default
 * routes.  Nothing waits for a cable.  The kernel itself leaves routes of a link
 * without carrier aside, so the next best uplink serves meanwhile.
 *
 * Leases come as messages of a service (lease.h) and are taken back when they end;
 * the service is held (order.h) while there is no such interface, and is told
 * (SIGUSR1) when its link has got its carrier again.  A lease outlives the service
 * and PID 1.
 *
 * Services AFTER network-online are held until one uplink is online: it has a carrier
 * and an address.  When none is any more, they are held again, which is nothing to
 * those that run.
 */
#ifndef PITH_UPLINKS_H
#define PITH_UPLINKS_H

#include <stdbool.h>

#include "part.h"
#include "text.h"

/* Source of the bind over /etc/resolv.conf, for services that resolve. */
#define UPLINKS_RESOLV_CONF "/run/pith/resolv.conf"

/* Those two are pure (uplink_words.c), and for clients as well. */
bool uplink_is_online(const struct uplink *uplink, const struct state_uplink *is);

/* "eth0 has no carrier": why it is not online.  False, and nothing, if it is or is
 * no way out itself, but carries VLANs. */
bool uplink_add_lack(struct text *t, const struct uplink *uplink, const struct state_uplink *is);

extern const struct part uplinks_part;

#endif
