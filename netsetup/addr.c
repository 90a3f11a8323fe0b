/*
 * Encodes RTM_NEWADDR and RTM_DELADDR.  It refuses to know interfaces by name,
 * and who has which address.
 */
#include "addr.h"

#include <endian.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

_Static_assert(ADDR_NODAD == IFA_F_NODAD, "the kernel's flag");

/* NEWADDR leaves alone what is there with the same prefix. */
#define PUT (NLM_F_CREATE | NLM_F_REPLACE)

static void put(struct nlmsg *m, uint16_t type, const struct ifaddrmsg *header,
		const void *address)
{
	size_t size = header->ifa_family == AF_INET ? 4 : ADDR_IPV6_SIZE;

	if (header->ifa_prefixlen > 8 * size)
		nlmsg_fail(m, -EINVAL);
	nlmsg_begin(m, type, type == RTM_NEWADDR ? PUT : 0, header, sizeof(*header));
	/* Without a point-to-point peer both are the same (rtnetlink(7)). */
	nlmsg_put(m, IFA_LOCAL, address, size);
	nlmsg_put(m, IFA_ADDRESS, address, size);
	nlmsg_end(m);
}

static void put_ipv4(struct nlmsg *m, uint16_t type, int32_t ifindex, uint32_t address,
		     uint8_t prefix)
{
	const uint32_t be = htobe32(address);

	put(m, type, &(struct ifaddrmsg){
		.ifa_family = AF_INET,
		.ifa_prefixlen = prefix,
		.ifa_scope = RT_SCOPE_UNIVERSE,
		.ifa_index = (uint32_t)ifindex,
	}, &be);
}

void addr_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		   uint8_t prefix)
{
	put_ipv4(m, RTM_NEWADDR, ifindex, address, prefix);
}

void addr_put_removal_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
			   uint8_t prefix)
{
	put_ipv4(m, RTM_DELADDR, ifindex, address, prefix);
}

void addr_put_ipv6(struct nlmsg *m, int32_t ifindex, const uint8_t address[ADDR_IPV6_SIZE],
		   uint8_t prefix, uint8_t flags)
{
	put(m, RTM_NEWADDR, &(struct ifaddrmsg){
		.ifa_family = AF_INET6,
		.ifa_prefixlen = prefix,
		.ifa_flags = flags,
		.ifa_index = (uint32_t)ifindex,
	}, address);
}

void addr_put_removal_ipv6(struct nlmsg *m, int32_t ifindex,
			   const uint8_t address[ADDR_IPV6_SIZE], uint8_t prefix)
{
	put(m, RTM_DELADDR, &(struct ifaddrmsg){
		.ifa_family = AF_INET6,
		.ifa_prefixlen = prefix,
		.ifa_index = (uint32_t)ifindex,
	}, address);
}
