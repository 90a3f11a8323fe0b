/*
 * Reads what the kernel says about links, addresses and routes: all of one
 * kind at once (a dump), or each change as it comes (events).  It hands every
 * item to a function of the caller's and keeps none; it knows nothing of what
 * they are wanted for.
 *
 * Nothing blocks.  Source: rtnetlink(7); net/core/rtnetlink.c.
 */
#ifndef NETSETUP_RTNL_H
#define NETSETUP_RTNL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link.h"
#include "nlread.h"

/* Parts have at most 8 KB (NLMSG_GOODSIZE), and more only for one link that
 * says more about itself; without its statistics and virtual functions none
 * does.  Longer parts are refused, not cut. */
#define RTNL_BUFFER_SIZE 16384

#define RTNL_NAME_SIZE 16	/* IFNAMSIZ, with its NUL; kinds are shorter */

struct rtnl_link {
	int32_t index;
	int32_t master;			/* the bridge it is on; 0: none */
	int32_t parent;			/* of a VLAN, or the peer of a veth, which may
					   be of another namespace; 0: none */
	uint32_t flags;			/* IFF_UP, IFF_LOWER_UP (has a cable), … */
	uint32_t mtu_bytes;
	bool has_mac;
	uint8_t mac[LINK_MAC_SIZE];
	char name[RTNL_NAME_SIZE];
	char kind[RTNL_NAME_SIZE];	/* "bridge", "veth", …; "" for hardware */
};

/* Addresses: 4 bytes or 16 in network order, as the family says; else zero. */
struct rtnl_addr {
	uint8_t family, prefix, scope;	/* AF_…, RT_SCOPE_… */
	int32_t index;
	uint32_t flags;			/* IFA_F_TENTATIVE, … */
	uint8_t address[16];		/* its own, not a peer's */
};

struct rtnl_route {
	uint8_t family, prefix, scope, type, protocol;	/* RTN_…, RTPROT_… */
	uint32_t table;			/* RT_TABLE_MAIN, … */
	int32_t index;			/* 0: none, or many */
	uint32_t metric;
	bool has_gateway;
	uint8_t destination[16], gateway[16];
};

struct rtnl_item {
	uint16_t type;			/* RTM_NEWLINK: .link is set; RTM_DELLINK, … */
	union {
		struct rtnl_link link;
		struct rtnl_addr addr;
		struct rtnl_route route;
	};
};

/* Called for each item; in a dump with NULL before the first one, and again
 * whenever it is started over: what came before counts no more.  Returns 0, or
 * -errno to be given nothing more. */
struct rtnl_taker {
	int (*take)(void *context, const struct rtnl_item *item);
	void *context;
};

/* All links (RTM_GETLINK), addresses (RTM_GETADDR) or routes (RTM_GETROUTE,
 * also those of the table "local") of a family, AF_UNSPEC for all.  fd is a
 * NETLINK_ROUTE socket, the buffer the caller's.  Returns as nldump() does
 * (nldump.h), which also says what is left in fd then. */
int rtnl_dump(int fd, uint16_t type, uint8_t family, void *buf, size_t size,
	      const struct rtnl_taker *taker);

/* Has the kernel send changes of a group (RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
 * …) to fd from now on.  Such a socket serves for nothing else.  First this,
 * then a dump by another socket: then nothing is missed. */
int rtnl_subscribe(int fd, uint32_t group);

/* Takes the changes that are there.  Returns 0, the taker's error, -EBADMSG,
 * -ENOBUFS if the kernel had to drop some (ask for a dump), or -EAGAIN if there
 * may be more: others can make changes as fast as they are read, so one call
 * takes a bounded number. */
int rtnl_take_events(int fd, void *buf, size_t size, const struct rtnl_taker *taker);

/* The rest is pure, in rtnl_parse.c, for rtnl.c and the tests. */

/* Hands one message of a dump to the taker that context is, as nldump.h has it.
 * Returns 0, the taker's error or -EBADMSG. */
int rtnl_take_message(void *context, const struct nlmsghdr *header, struct nlread payload);

/* Reads one datagram of events.  Returns 0, the taker's error or -EBADMSG. */
int rtnl_parse_events(const void *bytes, size_t len, const struct rtnl_taker *taker);

#endif
