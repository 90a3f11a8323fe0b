/*
 * The message that sets the IPv4 default route.  Pure; the interface follows
 * from the gateway's address, which therefore comes first.
 * Source: rtnetlink(7); linux/rtnetlink.h.
 */
#ifndef NETSETUP_ROUTE_H
#define NETSETUP_ROUTE_H

#include <stdint.h>

#include "nlmsg.h"

/* gateway in host order.  Replaces a default route that is there (of the same
 * metric, 0).  -ENETUNREACH from the kernel if no interface reaches it. */
void route_put_default_ipv4(struct nlmsg *m, uint32_t gateway);

#endif
