/*
 * Messages that make and change network interfaces.  Pure: each puts one
 * whole message into m (errors are m's sticky ones) and nothing here knows
 * whether it will be sent, or what the kernel will say.
 * Source: rtnetlink(7); linux/if_link.h; linux/veth.h; drivers/net/veth.c;
 * net/bridge/br_netlink.c; net/8021q/vlan_netlink.c.
 */
#ifndef NETSETUP_LINK_H
#define NETSETUP_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "nlmsg.h"

#define LINK_MAC_SIZE 6
#define LINK_VLAN_ID_MAX 4094	/* 802.1Q: 0 is no VLAN, 4095 is reserved */

/* Switches an interface on; -ENODEV from the kernel if there is none. */
void link_put_up(struct nlmsg *m, const char *name);

/* A bridge without spanning tree, so that its ports forward at once, made
 * and switched on.  One that is there already is taken over; an interface of
 * another kind with that name is -EOPNOTSUPP.  mac: NULL lets the kernel
 * choose, and change it with every port that comes or goes. */
void link_put_bridge(struct nlmsg *m, const char *name, const uint8_t *mac);

/* The largest packet, in bytes; the kernel's -EINVAL if the driver cannot. */
void link_put_mtu(struct nlmsg *m, const char *name, uint32_t mtu_bytes);

/* Makes the interface a port of the bridge with that index; 0 takes it off
 * whichever bridge it is on. */
void link_put_master(struct nlmsg *m, const char *name, int32_t bridge);

/* A sub-interface for the frames of one VLAN (802.1Q), made and switched on.
 * It gets the address of its parent.  id is 1 to 4094, else -EINVAL in m;
 * -EEXIST if there is one, -ENETDOWN unless the parent was switched on before;
 * whether that one has a cable does not matter. */
void link_put_vlan(struct nlmsg *m, const char *name, int32_t parent, uint16_t id);

/* What a port of a bridge does with frames that are not for everybody to
 * see; all of it is set.  The kernel's default is all true but for isolated.
 * -EOPNOTSUPP from the kernel if the interface is on no bridge. */
struct link_port {
	bool isolated;		/* sends to no other isolated port */
	bool learning;		/* notes senders' addresses */
	bool flood;		/* gets frames to addresses that nobody noted */
	bool mcast_flood;	/* gets multicast that nobody asked for */
	bool bcast_flood;	/* gets broadcast: without it no ARP */
};
void link_put_port(struct nlmsg *m, const char *name, const struct link_port *port);

/* A pair of virtual Ethernet interfaces: one here, up and on a bridge, its
 * peer in another network namespace.  The peer is made *there*: moving it
 * afterwards costs ten times as much.  It is down: the kernel refuses to
 * make it up, so link_put_up is the first thing to do there.  -EEXIST if a
 * name is taken. */
struct link_veth {
	const char *name;	/* here */
	int32_t master;		/* index of the bridge; 0: none */
	const char *peer_name;
	const uint8_t *peer_mac;	/* NULL: the kernel chooses */
	int peer_netns_fd;
	uint32_t mtu_bytes;	/* of both; 0: the kernel's 1500 */
};
void link_put_veth(struct nlmsg *m, const struct link_veth *veth);

/* Removes an interface; a veth pair's other end goes with it. */
void link_put_removal(struct nlmsg *m, const char *name);

#endif
