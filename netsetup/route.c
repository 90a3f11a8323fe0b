/*
 * Encodes RTM_NEWROUTE for the IPv4 default route in the main table.  It
 * refuses to know interfaces: the kernel finds the one by the gateway.
 */
#include "route.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

void route_put_default_ipv4(struct nlmsg *m, uint32_t gateway)
{
	static const struct rtmsg header = {
		.rtm_family = AF_INET,
		.rtm_dst_len = 0,	/* 0.0.0.0/0 */
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};

	nlmsg_begin(m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &header,
		    sizeof(header));
	nlmsg_put_be32(m, RTA_GATEWAY, gateway);
	nlmsg_end(m);
}
