/*
 * Encodes RTM_NEWADDR for IPv4.  It refuses to know interfaces by name, and
 * who has which address.
 */
#include "addr.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

void addr_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		   uint8_t prefix)
{
	const struct ifaddrmsg header = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = prefix,
		.ifa_scope = RT_SCOPE_UNIVERSE,
		.ifa_index = (uint32_t)ifindex,
	};

	if (prefix > 32)
		nlmsg_fail(m, -EINVAL);
	/* REPLACE leaves alone what is there with the same prefix. */
	nlmsg_begin(m, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &header,
		    sizeof(header));
	/* Without a point-to-point peer both are the same (rtnetlink(7)). */
	nlmsg_put_be32(m, IFA_LOCAL, address);
	nlmsg_put_be32(m, IFA_ADDRESS, address);
	nlmsg_end(m);
}
