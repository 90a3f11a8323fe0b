/*
 * The sets of the firewall: which there are, and what of the plan is in each.  For
 * the rules, which ask them (firewall_rule.h).
 */
#ifndef PITH_TABLE_FIREWALL_SETS_H
#define PITH_TABLE_FIREWALL_SETS_H

#include <stdbool.h>

#include "firewall.h"
#include "netsetup/nft_set.h"

enum firewall_set {
	FIREWALL_SET_UPLINKS,
	FIREWALL_SET_BRIDGES,
	FIREWALL_SET_OPEN,		/* ports of the board, to everybody */
	FIREWALL_SET_OFFERED,		/* ports of the board, to services */
	FIREWALL_SET_ALLOW4,
	FIREWALL_SET_ALLOW6,
	FIREWALL_SET_OUTSIDE4,		/* who may go out */
	FIREWALL_SET_OUTSIDE6,
	FIREWALL_SET_REFUSED4,		/* whose packets come to nothing else */
	FIREWALL_SET_REFUSED6,
	FIREWALL_SET_BOARD_ALLOW4,	/* the same for services in the board's network */
	FIREWALL_SET_BOARD_ALLOW6,
	FIREWALL_SET_BOARD_REFUSED4,	/* where else they may not go */
	FIREWALL_SET_BOARD_REFUSED6,
	FIREWALL_SET_PUBLISHED,		/* ports that lead on to a service */
	FIREWALL_SET_PUBLISHED_OWN,	/* the same, from the board itself */
	FIREWALL_SET_PUBLISHED_HERE,	/* ports of services in the board's network */
	FIREWALL_SET_SERVICE4,		/* where a published port leads */
	FIREWALL_SET_SERVICE6,
	FIREWALL_SET_REFUSED,		/* uplinks whose packets come to nothing else */
	FIREWALL_SET_SPOOFED,		/* uplinks, of packets in the name of a service */
	FIREWALL_SET_PORTS4,		/* on a bridge: port, MAC and address */
	FIREWALL_SET_PORTS6,
	FIREWALL_SET_PORT_SPOOFED,	/* ports, of all else */
	FIREWALL_SET_COUNT,
};

extern const struct nft_set firewall_sets[FIREWALL_SET_COUNT];

/* FIREWALL_SET_UPLINKS, asked about where a packet leaves. */
extern const struct nft_set firewall_to_uplinks;

/* Puts a set that has rows, and all of them; returns whether it has. */
bool firewall_put_set(struct nlmsg *m, enum firewall_set set, const struct firewall_plan *plan);

/* Always enough for all sets and their rows. */
size_t firewall_sets_size(const struct firewall_plan *plan);

#endif
