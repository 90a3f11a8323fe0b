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
void link_put_up_at(struct nlmsg *m, int32_t index);

/* A bridge, made and switched on: without spanning tree, so that its ports forward
 * at once; without snooping on who wants which multicast, and without a VLAN that
 * every port is on, both of which cost each port and packet something.  One that is
 * there is changed; an interface of another kind is -EOPNOTSUPP.  -EEXIST if another
 * has the name. */
struct link_bridge {
	const char *name;	/* NULL: the one that has this index, which is there.  With
				   a name the kernel would take it for a renaming: -EBUSY */
	int32_t index;		/* 0: that of the name, or the kernel chooses */
	const uint8_t *mac;	/* NULL: the kernel chooses, and changes it with every
				   port that comes or goes */
	uint32_t mtu_bytes;	/* 0: the kernel's 1500 */
};
void link_put_bridge(struct nlmsg *m, const struct link_bridge *bridge);

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

/* What the port of a bridge with that index does with frames that are not for
 * everybody to see; all of it is set.  The kernel's default is all true but for
 * isolated.  -EOPNOTSUPP from the kernel if the interface is on no bridge. */
struct link_port {
	bool isolated;		/* sends to no other isolated port */
	bool learning;		/* notes senders' addresses */
	bool flood;		/* gets frames to addresses that nobody noted */
	bool mcast_flood;	/* gets multicast that nobody asked for */
	bool bcast_flood;	/* gets broadcast: without it no ARP */
	uint16_t group_forward;	/* bit n: frames to 01:80:c2:00:00:0n, of which the port
				 * keeps most to itself, take the bridge's way like all
				 * others; bit 1 is refused, as 01 always is dropped */
};
void link_put_port(struct nlmsg *m, int32_t index, const struct link_port *port);

/* A pair of virtual Ethernet interfaces: one here, up and on a bridge, its
 * peer in another network namespace.  The peer is made *there*: moving it
 * afterwards costs ten times as much.  It is down: the kernel refuses to
 * make it up, so link_put_up is the first thing to do there.  -EEXIST if a
 * name or an index is taken.
 *
 * Each has one queue.  The kernel's default is one for each processor, of which
 * it uses one; but it makes them all, and their files. */
struct link_veth {
	const char *name;	/* here */
	int32_t index;		/* 0: the kernel chooses, the peer's too */
	int32_t master;		/* index of the bridge; 0: none */
	const uint8_t *mac;	/* NULL: the kernel chooses; likewise the peer's */
	const char *peer_name;
	int32_t peer_index;	/* 0: the kernel chooses */
	const uint8_t *peer_mac;
	int peer_netns_fd;
	uint32_t mtu_bytes;	/* of both; 0: the kernel's 1500 */
};
void link_put_veth(struct nlmsg *m, const struct link_veth *veth);

/* Removes an interface; a veth pair's other end goes with it. */
void link_put_removal(struct nlmsg *m, const char *name);
void link_put_removal_at(struct nlmsg *m, int32_t index);

#endif
