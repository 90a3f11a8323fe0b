/*
 * Messages that set routes of the main table, and take them away.  Pure; knows
 * nothing of what is reached by them.
 * Source: rtnetlink(7); linux/rtnetlink.h; net/ipv4/fib_semantics.c.
 */
#ifndef NETSETUP_ROUTE_H
#define NETSETUP_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "nlmsg.h"

/* Addresses are 4 or 16 bytes in network order, as the family says. */
struct route {
	uint8_t family;			/* AF_INET or AF_INET6 */
	uint8_t prefix;			/* of the destination; 0: to everywhere */
	const uint8_t *destination;	/* NULL, with prefix 0: the default route */
	const uint8_t *gateway;		/* NULL: on the link itself, so index is set */
	bool onlink;			/* the gateway is there, whatever the addresses
					   of the interface say; needs index */
	int32_t index;			/* 0: the interface that reaches the gateway */
	uint32_t metric;		/* 0: the kernel's own, the best for IPv4 and
					   1024 for IPv6 */
};

/* Replaces the route to the same destination of the same metric.  A prefix
 * that is too long or has no destination, and a route by neither gateway nor
 * interface, is -EINVAL in m.  From the kernel: -ENETUNREACH (IPv4) or
 * -EHOSTUNREACH (IPv6) if nothing reaches the gateway, -ENETDOWN. */
void route_put(struct nlmsg *m, const struct route *route);

/* Only what it says must match: 0 and NULL match all.  -ESRCH if there is
 * none. */
void route_put_removal(struct nlmsg *m, const struct route *route);

/* gateway in host order.  Replaces a default route that is there (of the same
 * metric, 0). */
void route_put_default_ipv4(struct nlmsg *m, uint32_t gateway);

/* The gateway may be of the link alone (fe80::): only ifindex says whose. */
void route_put_default_ipv6(struct nlmsg *m, const uint8_t gateway[16], int32_t ifindex);

#endif
