/*
 * Encodes RTM_NEWLINK: switching on, bridges and their ports, VLANs, veth
 * pairs.  It decides which attributes say what link.h promises; names, indexes
 * and namespaces are the caller's, and whether they are good is the kernel's to
 * say.
 */
#include "link.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

static const struct ifinfomsg up = {
	.ifi_family = AF_UNSPEC,
	.ifi_flags = IFF_UP,
	.ifi_change = IFF_UP,
};

void link_put_up(struct nlmsg *m, const char *name)
{
	nlmsg_begin(m, RTM_NEWLINK, 0, &up, sizeof(up));
	nlmsg_put_str(m, IFLA_IFNAME, name);
	nlmsg_end(m);
}

void link_put_bridge(struct nlmsg *m, const char *name, const uint8_t *mac)
{
	size_t info, data;

	nlmsg_begin(m, RTM_NEWLINK, NLM_F_CREATE, &up, sizeof(up));
	nlmsg_put_str(m, IFLA_IFNAME, name);
	if (mac)
		nlmsg_put(m, IFLA_ADDRESS, mac, LINK_MAC_SIZE);
	info = nlmsg_nest(m, IFLA_LINKINFO);
	nlmsg_put_str(m, IFLA_INFO_KIND, "bridge");
	/* Off is the default.  But without INFO_DATA the kernel does not
	 * compare the kind, and would take over anything of that name. */
	data = nlmsg_nest(m, IFLA_INFO_DATA);
	nlmsg_put_u32(m, IFLA_BR_STP_STATE, 0);
	nlmsg_nest_end(m, data);
	nlmsg_nest_end(m, info);
	nlmsg_end(m);
}

static void put_change(struct nlmsg *m, const char *name, uint16_t attr, uint32_t value)
{
	static const struct ifinfomsg as_it_is = { .ifi_family = AF_UNSPEC };

	nlmsg_begin(m, RTM_NEWLINK, 0, &as_it_is, sizeof(as_it_is));
	nlmsg_put_str(m, IFLA_IFNAME, name);
	nlmsg_put_u32(m, attr, value);
	nlmsg_end(m);
}

void link_put_mtu(struct nlmsg *m, const char *name, uint32_t mtu_bytes)
{
	put_change(m, name, IFLA_MTU, mtu_bytes);
}

void link_put_master(struct nlmsg *m, const char *name, int32_t bridge)
{
	put_change(m, name, IFLA_MASTER, (uint32_t)bridge);
}

void link_put_vlan(struct nlmsg *m, const char *name, int32_t parent, uint16_t id)
{
	size_t info, data;

	if (id < 1 || id > LINK_VLAN_ID_MAX)
		nlmsg_fail(m, -EINVAL);
	nlmsg_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &up, sizeof(up));
	nlmsg_put_u32(m, IFLA_LINK, (uint32_t)parent);
	nlmsg_put_str(m, IFLA_IFNAME, name);
	info = nlmsg_nest(m, IFLA_LINKINFO);
	nlmsg_put_str(m, IFLA_INFO_KIND, "vlan");
	data = nlmsg_nest(m, IFLA_INFO_DATA);
	nlmsg_put_u16(m, IFLA_VLAN_ID, id);
	nlmsg_nest_end(m, data);
	nlmsg_nest_end(m, info);
	nlmsg_end(m);
}

/* As the bridge's data about a port, not as a PF_BRIDGE message: that one takes
 * no name, and the index may not be known yet.  The kernel takes the kind from
 * the bridge itself. */
void link_put_port(struct nlmsg *m, const char *name, const struct link_port *port)
{
	static const struct ifinfomsg as_it_is = { .ifi_family = AF_UNSPEC };
	size_t info, data;

	nlmsg_begin(m, RTM_NEWLINK, 0, &as_it_is, sizeof(as_it_is));
	nlmsg_put_str(m, IFLA_IFNAME, name);
	info = nlmsg_nest(m, IFLA_LINKINFO);
	data = nlmsg_nest(m, IFLA_INFO_SLAVE_DATA);
	nlmsg_put_u8(m, IFLA_BRPORT_ISOLATED, port->isolated);
	nlmsg_put_u8(m, IFLA_BRPORT_LEARNING, port->learning);
	nlmsg_put_u8(m, IFLA_BRPORT_UNICAST_FLOOD, port->flood);
	nlmsg_put_u8(m, IFLA_BRPORT_MCAST_FLOOD, port->mcast_flood);
	nlmsg_put_u8(m, IFLA_BRPORT_BCAST_FLOOD, port->bcast_flood);
	nlmsg_nest_end(m, data);
	nlmsg_nest_end(m, info);
	nlmsg_end(m);
}

static void put_peer(struct nlmsg *m, const struct link_veth *veth)
{
	/* Not IFF_UP: the driver opens the peer before it has tied the two
	 * together, and would refuse with -ENOTCONN. */
	static const struct ifinfomsg header = { .ifi_family = AF_UNSPEC };
	size_t peer;

	peer = nlmsg_nest(m, VETH_INFO_PEER);
	nlmsg_put_raw(m, &header, sizeof(header));
	nlmsg_put_str(m, IFLA_IFNAME, veth->peer_name);
	if (veth->peer_mac)
		nlmsg_put(m, IFLA_ADDRESS, veth->peer_mac, LINK_MAC_SIZE);
	if (veth->mtu_bytes)
		nlmsg_put_u32(m, IFLA_MTU, veth->mtu_bytes);
	nlmsg_put_u32(m, IFLA_NET_NS_FD, (uint32_t)veth->peer_netns_fd);
	nlmsg_nest_end(m, peer);
}

void link_put_veth(struct nlmsg *m, const struct link_veth *veth)
{
	size_t info, data;

	nlmsg_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &up, sizeof(up));
	nlmsg_put_str(m, IFLA_IFNAME, veth->name);
	if (veth->master)
		nlmsg_put_u32(m, IFLA_MASTER, (uint32_t)veth->master);
	if (veth->mtu_bytes)
		nlmsg_put_u32(m, IFLA_MTU, veth->mtu_bytes);
	info = nlmsg_nest(m, IFLA_LINKINFO);
	nlmsg_put_str(m, IFLA_INFO_KIND, "veth");
	data = nlmsg_nest(m, IFLA_INFO_DATA);
	put_peer(m, veth);
	nlmsg_nest_end(m, data);
	nlmsg_nest_end(m, info);
	nlmsg_end(m);
}

void link_put_removal(struct nlmsg *m, const char *name)
{
	const struct ifinfomsg header = { .ifi_family = AF_UNSPEC };

	nlmsg_begin(m, RTM_DELLINK, 0, &header, sizeof(header));
	nlmsg_put_str(m, IFLA_IFNAME, name);
	nlmsg_end(m);
}
