/*
 * Encodes RTM_NEWROUTE and RTM_DELROUTE for the main table.  It decides what
 * scope a route has; interfaces and addresses are its caller's.
 */
#include "route.h"

#include <endian.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

/* IPv4 alone has scopes: a route without a gateway is to what is on the link,
 * or it could not be the way to a gateway (net/ipv4/fib_semantics.c). */
static uint8_t scope(const struct route *route)
{
	if (route->family == AF_INET && !route->gateway)
		return RT_SCOPE_LINK;
	return RT_SCOPE_UNIVERSE;
}

static void put(struct nlmsg *m, uint16_t type, uint16_t flags, const struct rtmsg *header,
		const struct route *route)
{
	size_t size = route->family == AF_INET ? 4 : 16;

	if (route->prefix > 8 * size || (route->prefix && !route->destination))
		nlmsg_fail(m, -EINVAL);
	nlmsg_begin(m, type, flags, header, sizeof(*header));
	if (route->prefix && route->destination)
		nlmsg_put(m, RTA_DST, route->destination, size);
	if (route->gateway)
		nlmsg_put(m, RTA_GATEWAY, route->gateway, size);
	if (route->index)
		nlmsg_put_u32(m, RTA_OIF, (uint32_t)route->index);
	if (route->metric)
		nlmsg_put_u32(m, RTA_PRIORITY, route->metric);
	nlmsg_end(m);
}

void route_put(struct nlmsg *m, const struct route *route)
{
	if (!route->index && (!route->gateway || route->onlink))
		nlmsg_fail(m, -EINVAL);
	put(m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &(struct rtmsg){
		.rtm_family = route->family,
		.rtm_dst_len = route->prefix,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = scope(route),
		.rtm_type = RTN_UNICAST,
		.rtm_flags = route->onlink ? RTNH_F_ONLINK : 0,
	}, route);
}

void route_put_removal(struct nlmsg *m, const struct route *route)
{
	put(m, RTM_DELROUTE, 0, &(struct rtmsg){
		.rtm_family = route->family,
		.rtm_dst_len = route->prefix,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		/* Of any scope. */
		.rtm_scope = route->family == AF_INET ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
	}, route);
}

void route_put_default_ipv4(struct nlmsg *m, uint32_t gateway)
{
	const uint32_t be = htobe32(gateway);

	route_put(m, &(struct route){ .family = AF_INET, .gateway = (const uint8_t *)&be });
}

void route_put_default_ipv6(struct nlmsg *m, const uint8_t gateway[16], int32_t ifindex)
{
	route_put(m, &(struct route){
		.family = AF_INET6,
		.gateway = gateway,
		.index = ifindex,
	});
}
