/*
 * The message that ties an address to a station for good, so that nobody is
 * asked for it and nobody can answer in its place.  Pure; knows nothing of who
 * has which address.
 * Source: rtnetlink(7); linux/neighbour.h.
 */
#ifndef NETSETUP_NEIGH_H
#define NETSETUP_NEIGH_H

#include <stdint.h>

#include "link.h"
#include "nlmsg.h"

/* address in host order, or 16 bytes; what was noted for it is replaced. */
void neigh_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		    const uint8_t mac[LINK_MAC_SIZE]);
void neigh_put_ipv6(struct nlmsg *m, int32_t ifindex, const uint8_t address[16],
		    const uint8_t mac[LINK_MAC_SIZE]);

/* Which port of its bridge a station is behind; it never ages, and no other port
 * can take it. */
void neigh_put_bridge(struct nlmsg *m, int32_t port, const uint8_t mac[LINK_MAC_SIZE]);

#endif
