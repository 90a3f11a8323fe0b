/*
 * The message that gives an interface an IPv4 address.  Pure; knows nothing
 * of who has which address.
 * Source: rtnetlink(7); linux/if_addr.h.
 */
#ifndef NETSETUP_ADDR_H
#define NETSETUP_ADDR_H

#include <stdint.h>

#include "nlmsg.h"

/* address in host order; prefix 0 to 32, else -EINVAL in m.  An address that
 * is there already is no error.  The kernel adds the route to the subnet once
 * the interface is up. */
void addr_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		   uint8_t prefix);

#endif
