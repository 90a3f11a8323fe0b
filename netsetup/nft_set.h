/*
 * Sets and maps of an nf_tables ruleset: tables that a rule looks a packet up in,
 * whatever their length, in place of a rule for each row.  Goes with nft.h, and is
 * as pure.
 *
 *	static const struct nft_set allowed = {
 *		.family = NFPROTO_INET, .table = "pith", .name = "allowed", .id = 1,
 *		.key = { NFT_FIELD_IPV4_SADDR, NFT_FIELD_DPORT }, .counts = true,
 *	};
 *
 *	nft_put_set(m, &allowed);
 *	nft_elements_begin(&elements, m, &allowed);
 *	nft_elements_put(&elements, &(struct nft_element){
 *		.key = { { .number = address }, { .number = 80 } },
 *	});
 *	nft_elements_end(&elements);
 *	…
 *	nft_match_set(m, &allowed);
 *
 * Elements of a set that counts have a counter each, of the packets that a rule
 * found in them; that needs Linux 5.7.  Ranges in a key of several fields need 5.6.
 * Source: linux/netfilter/nf_tables.h; libnftnl/udata.h, for comments and what
 * nft(8) wants to know to list a set.
 */
#ifndef NETSETUP_NFT_SET_H
#define NETSETUP_NFT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nlmsg.h"

/* What a packet is asked for, or where it is sent. */
enum nft_field {
	NFT_FIELD_NONE,
	NFT_FIELD_IIFNAME,
	NFT_FIELD_OIFNAME,
	NFT_FIELD_SKUID,	/* who opened the socket; on the way out */
	NFT_FIELD_L4PROTO,
	NFT_FIELD_DPORT,	/* of TCP and UDP, so next to L4PROTO */
	NFT_FIELD_IPV4_SADDR,
	NFT_FIELD_IPV4_DADDR,
	NFT_FIELD_IPV6_SADDR,
	NFT_FIELD_IPV6_DADDR,
	NFT_FIELD_ETHER_SADDR,	/* on a bridge */
};

#define NFT_SET_FIELDS 4

struct nft_set {
	uint8_t family;		/* NFPROTO_… */
	const char *table, *name;
	uint32_t id;		/* not 0, another for each set of a batch */
	enum nft_field key[NFT_SET_FIELDS];	/* at least one; all of them are compared */
	enum nft_field to[NFT_SET_FIELDS];	/* a map: what a key leads to */
	bool counts;
	bool ranges;		/* elements go from key to last in each of two or more fields */
};
void nft_put_set(struct nlmsg *m, const struct nft_set *set);

/* Which of them counts is a matter of the field: the name of an interface, an IPv6
 * or hardware address in network order, or a number in host order. */
struct nft_value {
	const char *name;
	const uint8_t *bytes;
	uint32_t number;
};

/* With its NUL; nft(8) takes no longer one. */
#define NFT_COMMENT_SIZE 128

struct nft_element {
	struct nft_value key[NFT_SET_FIELDS], last[NFT_SET_FIELDS], to[NFT_SET_FIELDS];
	const char *comment;	/* NULL: none; -ENAMETOOLONG if it is too long */
};

/* Any number of elements: as many messages as they need. */
struct nft_elements {
	struct nlmsg *m;
	const struct nft_set *set;
	size_t nest;		/* of the message that is open; 0: none */
	size_t count;		/* of all */
};
void nft_elements_begin(struct nft_elements *elements, struct nlmsg *m,
			const struct nft_set *set);
void nft_elements_put(struct nft_elements *elements, const struct nft_element *element);
void nft_elements_end(struct nft_elements *elements);

/* The packet is in the set.  What has to be asked before (that it has a header of
 * the family in which the fields are) comes with it. */
void nft_match_set(struct nlmsg *m, const struct nft_set *set);

/* Sends it to the address and port that the map has for it; if there are none, or it
 * is of the other family, the packet goes on to the next rule.  family is
 * NFPROTO_IPV4 or NFPROTO_IPV6, and map->to the address and DPORT. */
void nft_put_dnat_by(struct nlmsg *m, uint8_t family, const struct nft_set *map);

#endif
