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

/* The index, if it is not 0, says which; else a name follows. */
static void begin(struct nlmsg *m, uint16_t type, uint16_t flags, int32_t index, bool up)
{
	const struct ifinfomsg header = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = index,
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = up ? IFF_UP : 0,
	};

	nlmsg_begin(m, type, flags, &header, sizeof(header));
}

static void put_mac(struct nlmsg *m, const uint8_t *mac)
{
	if (mac)
		nlmsg_put(m, IFLA_ADDRESS, mac, LINK_MAC_SIZE);
}

static void put_mtu(struct nlmsg *m, uint32_t mtu_bytes)
{
	if (mtu_bytes)
		nlmsg_put_u32(m, IFLA_MTU, mtu_bytes);
}

void link_put_up(struct nlmsg *m, const char *name)
{
	begin(m, RTM_NEWLINK, 0, 0, true);
	nlmsg_put_str(m, IFLA_IFNAME, name);
	nlmsg_end(m);
}

void link_put_up_at(struct nlmsg *m, int32_t index)
{
	begin(m, RTM_NEWLINK, 0, index, true);
	nlmsg_end(m);
}

void link_put_bridge(struct nlmsg *m, const struct link_bridge *bridge)
{
	size_t info, data;

	begin(m, RTM_NEWLINK, NLM_F_CREATE, bridge->index, true);
	if (bridge->name)
		nlmsg_put_str(m, IFLA_IFNAME, bridge->name);
	put_mac(m, bridge->mac);
	put_mtu(m, bridge->mtu_bytes);
	info = nlmsg_nest(m, IFLA_LINKINFO);
	nlmsg_put_str(m, IFLA_INFO_KIND, "bridge");
	/* Also for the kernel to compare the kind: without any of this it would take
	 * over whatever there is. */
	data = nlmsg_nest(m, IFLA_INFO_DATA);
	nlmsg_put_u32(m, IFLA_BR_STP_STATE, 0);
	nlmsg_put_u8(m, IFLA_BR_MCAST_SNOOPING, 0);
	nlmsg_put_u16(m, IFLA_BR_VLAN_DEFAULT_PVID, 0);
	nlmsg_nest_end(m, data);
	nlmsg_nest_end(m, info);
	nlmsg_end(m);
}

static void put_change(struct nlmsg *m, const char *name, uint16_t attr, uint32_t value)
{
	begin(m, RTM_NEWLINK, 0, 0, false);
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
	begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, true);
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

/* As the bridge's data about a port, not as a PF_BRIDGE message: the kernel takes
 * the kind from the bridge itself, so all of it fits one nest. */
void link_put_port(struct nlmsg *m, int32_t index, const struct link_port *port)
{
	size_t info, data;

	begin(m, RTM_NEWLINK, 0, index, false);
	info = nlmsg_nest(m, IFLA_LINKINFO);
	data = nlmsg_nest(m, IFLA_INFO_SLAVE_DATA);
	nlmsg_put_u8(m, IFLA_BRPORT_ISOLATED, port->isolated);
	nlmsg_put_u8(m, IFLA_BRPORT_LEARNING, port->learning);
	nlmsg_put_u8(m, IFLA_BRPORT_UNICAST_FLOOD, port->flood);
	nlmsg_put_u8(m, IFLA_BRPORT_MCAST_FLOOD, port->mcast_flood);
	nlmsg_put_u8(m, IFLA_BRPORT_BCAST_FLOOD, port->bcast_flood);
	nlmsg_put_u16(m, IFLA_BRPORT_GROUP_FWD_MASK, port->group_forward);
	nlmsg_nest_end(m, data);
	nlmsg_nest_end(m, info);
	nlmsg_end(m);
}

static void put_one_queue(struct nlmsg *m)
{
	nlmsg_put_u32(m, IFLA_NUM_TX_QUEUES, 1);
	nlmsg_put_u32(m, IFLA_NUM_RX_QUEUES, 1);
}

static void put_peer(struct nlmsg *m, const struct link_veth *veth)
{
	/* Not IFF_UP: the driver opens the peer before it has tied the two
	 * together, and would refuse with -ENOTCONN. */
	const struct ifinfomsg header = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = veth->peer_index,
	};
	size_t peer;

	peer = nlmsg_nest(m, VETH_INFO_PEER);
	nlmsg_put_raw(m, &header, sizeof(header));
	nlmsg_put_str(m, IFLA_IFNAME, veth->peer_name);
	put_mac(m, veth->peer_mac);
	put_mtu(m, veth->mtu_bytes);
	put_one_queue(m);
	nlmsg_put_u32(m, IFLA_NET_NS_FD, (uint32_t)veth->peer_netns_fd);
	nlmsg_nest_end(m, peer);
}

void link_put_veth(struct nlmsg *m, const struct link_veth *veth)
{
	size_t info, data;

	begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, veth->index, true);
	nlmsg_put_str(m, IFLA_IFNAME, veth->name);
	if (veth->master)
		nlmsg_put_u32(m, IFLA_MASTER, (uint32_t)veth->master);
	put_mac(m, veth->mac);
	put_mtu(m, veth->mtu_bytes);
	put_one_queue(m);
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
	begin(m, RTM_DELLINK, 0, 0, false);
	nlmsg_put_str(m, IFLA_IFNAME, name);
	nlmsg_end(m);
}

void link_put_removal_at(struct nlmsg *m, int32_t index)
{
	begin(m, RTM_DELLINK, 0, index, false);
	nlmsg_end(m);
}
