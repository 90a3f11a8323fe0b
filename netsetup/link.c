/*
 * Encodes RTM_NEWLINK: switching on, bridges, veth pairs.  It decides which
 * attributes say what link.h promises; names, indexes and namespaces are the
 * caller's, and whether they are good is the kernel's to say.
 */
#include "link.h"

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
	if (veth->peer_mac)
		nlmsg_put(m, IFLA_ADDRESS, veth->peer_mac, LINK_MAC_SIZE);
	nlmsg_put_u32(m, IFLA_NET_NS_FD, (uint32_t)veth->peer_netns_fd);
	nlmsg_nest_end(m, peer);
}

void link_put_veth(struct nlmsg *m, const struct link_veth *veth)
{
	struct ifinfomsg header = up;
	size_t info, data;

	header.ifi_index = veth->index;
	nlmsg_begin(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &header,
		    sizeof(header));
	nlmsg_put_str(m, IFLA_IFNAME, veth->name);
	if (veth->master)
		nlmsg_put_u32(m, IFLA_MASTER, (uint32_t)veth->master);
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
