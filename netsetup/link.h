/*
 * Messages that make and change network interfaces.  Pure: each puts one
 * whole message into m (errors are m's sticky ones) and nothing here knows
 * whether it will be sent, or what the kernel will say.
 * Source: rtnetlink(7); linux/if_link.h; linux/veth.h; drivers/net/veth.c.
 */
#ifndef NETSETUP_LINK_H
#define NETSETUP_LINK_H

#include <stdint.h>

#include "nlmsg.h"

#define LINK_MAC_SIZE 6

/* Switches an interface on; -ENODEV from the kernel if there is none. */
void link_put_up(struct nlmsg *m, const char *name);

/* A bridge without spanning tree, so that its ports forward at once, made
 * and switched on.  One that is there already is taken over; an interface of
 * another kind with that name is -EOPNOTSUPP.  mac: NULL lets the kernel
 * choose, and change it with every port that comes or goes. */
void link_put_bridge(struct nlmsg *m, const char *name, const uint8_t *mac);

/* A pair of virtual Ethernet interfaces: one here, up and on a bridge, its
 * peer in another network namespace.  The peer is made *there*: moving it
 * afterwards costs ten times as much.  It is down: the kernel refuses to
 * make it up, so link_put_up is the first thing to do there.  -EEXIST if a
 * name or index is taken. */
struct link_veth {
	const char *name;	/* here */
	int32_t index;		/* here; must be set (not 0) for peer_index to
				   count: the kernel ignores it otherwise */
	int32_t master;		/* index of the bridge; 0: none */
	const char *peer_name;
	int32_t peer_index;	/* 0: the kernel chooses */
	const uint8_t *peer_mac;	/* NULL: the kernel chooses */
	int peer_netns_fd;
};
void link_put_veth(struct nlmsg *m, const struct link_veth *veth);

/* Removes an interface; a veth pair's other end goes with it. */
void link_put_removal(struct nlmsg *m, const char *name);

#endif
