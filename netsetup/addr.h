/*
 * Messages that give an interface an address, and take it away.  Pure; knows
 * nothing of who has which address.
 * Source: rtnetlink(7); linux/if_addr.h.
 */
#ifndef NETSETUP_ADDR_H
#define NETSETUP_ADDR_H

#include <stdint.h>

#include "nlmsg.h"

#define ADDR_IPV6_SIZE 16

/* Flags, as the kernel has them in 8 bits.  NODAD: in use at once, without
 * asking the neighbours whether one of them has it too (one second); for
 * addresses that a plan made unique.  IPv6 only. */
#define ADDR_NODAD 0x02

/* address in host order; prefix 0 to 32, else -EINVAL in m.  An address that
 * is there already is no error.  The kernel adds the route to the subnet once
 * the interface is up. */
void addr_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		   uint8_t prefix);

/* address in network order; prefix 0 to 128.  flags: 0 or ADDR_NODAD. */
void addr_put_ipv6(struct nlmsg *m, int32_t ifindex, const uint8_t address[ADDR_IPV6_SIZE],
		   uint8_t prefix, uint8_t flags);

/* -EADDRNOTAVAIL from the kernel if it is not there.  The route to the subnet
 * goes with it; one through a gateway stays. */
void addr_put_removal_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
			   uint8_t prefix);
void addr_put_removal_ipv6(struct nlmsg *m, int32_t ifindex,
			   const uint8_t address[ADDR_IPV6_SIZE], uint8_t prefix);

#endif
