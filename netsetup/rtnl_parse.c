/*
 * Reads messages about links, addresses and routes: bytes in, items out.  It
 * decides what each attribute is and what cannot be; it refuses to know
 * sockets, and what the items are for.
 *
 * Attributes that it does not know are passed over, as every kernel adds some;
 * one that it knows and that has the wrong size is an error.
 */
#include "rtnl.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "nlread.h"

static int read_kind(struct nlread info, struct rtnl_link *link)
{
	struct nlread value;
	uint16_t type;
	int ret;

	while ((ret = nlread_attr(&info, &type, &value)) > 0)
		if (type == IFLA_INFO_KIND)
			return nlread_text(value, link->kind, sizeof(link->kind));
	return ret;
}

/* An address of another size belongs to a link that is no Ethernet. */
static int read_mac(struct nlread value, struct rtnl_link *link)
{
	link->has_mac = value.left == LINK_MAC_SIZE;
	return link->has_mac ? nlread_value(value, link->mac, LINK_MAC_SIZE) : 0;
}

static int read_link_attr(uint16_t type, struct nlread value, struct rtnl_link *link)
{
	switch (type) {
	case IFLA_IFNAME:
		return nlread_text(value, link->name, sizeof(link->name));
	case IFLA_ADDRESS:
		return read_mac(value, link);
	case IFLA_MTU:
		return nlread_value(value, &link->mtu_bytes, sizeof(link->mtu_bytes));
	case IFLA_MASTER:
		return nlread_value(value, &link->master, sizeof(link->master));
	case IFLA_LINK:
		return nlread_value(value, &link->parent, sizeof(link->parent));
	case IFLA_LINKINFO:
		return read_kind(value, link);
	default:
		return 0;
	}
}

static int read_link(struct nlread r, struct rtnl_link *link)
{
	struct ifinfomsg header;
	struct nlread value;
	uint16_t type;
	int ret = nlread_header(&r, &header, sizeof(header));

	if (ret)
		return ret;
	*link = (struct rtnl_link){ .index = header.ifi_index, .flags = header.ifi_flags };
	while ((ret = nlread_attr(&r, &type, &value)) > 0) {
		ret = read_link_attr(type, value, link);
		if (ret)
			return ret;
	}
	return !ret && link->index <= 0 ? -EBADMSG : ret;
}

static int read_address(struct nlread value, uint8_t family, uint8_t address[16])
{
	return nlread_value(value, address, family == AF_INET ? 4 : 16);
}

/* Bits of an address of that family; -1: of a family that is not read. */
static int family_bits(uint8_t family)
{
	if (family == AF_INET)
		return 32;
	return family == AF_INET6 ? 128 : -1;
}

static int read_addr_attr(uint16_t type, struct nlread value, struct rtnl_addr *addr,
			  bool *local)
{
	switch (type) {
	case IFA_LOCAL:
		*local = true;
		return read_address(value, addr->family, addr->address);
	case IFA_ADDRESS:
		/* With a LOCAL beside it, it is the peer's. */
		return *local ? 0 : read_address(value, addr->family, addr->address);
	case IFA_FLAGS:
		return nlread_value(value, &addr->flags, sizeof(addr->flags));
	default:
		return 0;
	}
}

static int read_addr(struct nlread r, struct rtnl_addr *addr)
{
	struct ifaddrmsg header;
	struct nlread value;
	bool local = false;
	uint16_t type;
	int ret = nlread_header(&r, &header, sizeof(header));

	if (ret)
		return ret;
	*addr = (struct rtnl_addr){
		.family = header.ifa_family, .prefix = header.ifa_prefixlen,
		.scope = header.ifa_scope, .index = (int32_t)header.ifa_index,
		.flags = header.ifa_flags,
	};
	if (family_bits(addr->family) < addr->prefix || addr->index <= 0)
		return -EBADMSG;
	while ((ret = nlread_attr(&r, &type, &value)) > 0) {
		ret = read_addr_attr(type, value, addr, &local);
		if (ret)
			return ret;
	}
	return ret;
}

static int read_route_attr(uint16_t type, struct nlread value, struct rtnl_route *route)
{
	switch (type) {
	case RTA_DST:
		return read_address(value, route->family, route->destination);
	case RTA_GATEWAY:
		route->has_gateway = true;
		return read_address(value, route->family, route->gateway);
	case RTA_OIF:
		return nlread_value(value, &route->index, sizeof(route->index));
	case RTA_PRIORITY:
		return nlread_value(value, &route->metric, sizeof(route->metric));
	case RTA_TABLE:
		return nlread_value(value, &route->table, sizeof(route->table));
	default:
		return 0;
	}
}

static int read_route(struct nlread r, struct rtnl_route *route)
{
	struct rtmsg header;
	struct nlread value;
	uint16_t type;
	int ret = nlread_header(&r, &header, sizeof(header));

	if (ret)
		return ret;
	*route = (struct rtnl_route){
		.family = header.rtm_family, .prefix = header.rtm_dst_len,
		.scope = header.rtm_scope, .type = header.rtm_type,
		.protocol = header.rtm_protocol, .table = header.rtm_table,
	};
	if (family_bits(route->family) < route->prefix)
		return -EBADMSG;
	while ((ret = nlread_attr(&r, &type, &value)) > 0) {
		ret = read_route_attr(type, value, route);
		if (ret)
			return ret;
	}
	return ret;
}

/* The families of address that there are here begin all three headers. */
static bool is_read(uint16_t type, struct nlread payload)
{
	uint8_t family = payload.left ? payload.at[0] : AF_UNSPEC;

	if (type == RTM_NEWLINK || type == RTM_DELLINK)
		return family == AF_UNSPEC;
	return !payload.left || family_bits(family) >= 0;
}

/* Hands one message over; one that says nothing of links, addresses or routes,
 * or of another family (bridges' own messages, multicast routes), is passed over. */
static int take(const struct nlmsghdr *header, struct nlread payload,
		const struct rtnl_taker *taker)
{
	struct rtnl_item item = { .type = header->nlmsg_type };
	int ret;

	if (!is_read(item.type, payload))
		return 0;
	switch (item.type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		ret = read_link(payload, &item.link);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		ret = read_addr(payload, &item.addr);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		ret = read_route(payload, &item.route);
		break;
	default:
		return 0;
	}
	return ret ? ret : taker->take(taker->context, &item);
}

int rtnl_take_message(void *context, const struct nlmsghdr *header, struct nlread payload)
{
	const struct rtnl_taker *taker = context;

	return header ? take(header, payload, taker) : taker->take(taker->context, NULL);
}

int rtnl_parse_events(const void *bytes, size_t len, const struct rtnl_taker *taker)
{
	struct nlread r = { bytes, len }, payload;
	struct nlmsghdr header;
	int ret;

	while ((ret = nlread_message(&r, &header, &payload)) > 0) {
		ret = take(&header, payload, taker);
		if (ret)
			return ret;
	}
	return ret;
}
