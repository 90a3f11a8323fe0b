/*
 * Messages that build an nf_tables ruleset: a batch between nft_begin and
 * nft_commit, which the kernel applies whole or not at all.  Pure, for the
 * build machine: PID 1 sends the finished bytes and contains none of this.  It
 * knows expressions, not what a firewall should let pass.
 *
 *	nft_begin(m);
 *	nft_put_table(m, "pith");
 *	nft_put_base_chain(m, &chain);
 *	rule = nft_rule_begin(m, "pith", "forward");
 *	nft_match_iifname(m, "br0");
 *	nft_put_verdict(m, NF_ACCEPT);
 *	nft_rule_end(m, rule);
 *	nft_commit(m);
 *
 * Matches narrow a rule down from left to right; the last expression acts.
 * Names and addresses are the caller's and copied.  Errors are m's sticky
 * ones, and -ENAMETOOLONG for an interface name over 15 characters.
 *
 * All numbers inside are in network order except netlink's own headers, ct
 * masks and l4proto: the bytes fit every kernel of this machine's byte order.
 * Source: linux/netfilter/nf_tables.h, nfnetlink.h; nft(8) --debug=netlink.
 */
#ifndef NETSETUP_NFT_H
#define NETSETUP_NFT_H

#include <stddef.h>
#include <stdint.h>

#include "nlmsg.h"

#define NFT_IPV6_SIZE 16
#define NFT_MAC_SIZE 6

/* A batch without nft_commit asks for no acknowledgement, and nlsock_send
 * refuses it. */
void nft_begin(struct nlmsg *m);
void nft_commit(struct nlmsg *m);

/* Makes the table or finds it there.  family is NFPROTO_INET (both, with
 * nft_match_nfproto where it matters), NFPROTO_BRIDGE and so on; without _in it
 * is NFPROTO_IPV4. */
void nft_put_table_in(struct nlmsg *m, uint8_t family, const char *table);
void nft_put_table(struct nlmsg *m, const char *table);

/* Deletes the table with all that is in it; -ENOENT if there is none.  After
 * nft_put_table and before another one it empties the table, atomically. */
void nft_delete_table_in(struct nlmsg *m, uint8_t family, const char *table);
void nft_delete_table(struct nlmsg *m, const char *table);

struct nft_chain {
	uint8_t family;		/* NFPROTO_…; 0: NFPROTO_IPV4 */
	const char *table, *name;
	const char *type;	/* "filter" or "nat" */
	uint32_t hook;		/* NF_INET_… */
	int32_t priority;	/* NF_IP_PRI_… */
	uint32_t policy;	/* NF_ACCEPT or NF_DROP */
};
void nft_put_base_chain(struct nlmsg *m, const struct nft_chain *chain);

/* A chain that only a jump leads to.  It has to be there before the jump. */
void nft_put_chain(struct nlmsg *m, uint8_t family, const char *table, const char *name);

/* Appends a rule; the expressions go between.  rule is what begin returned. */
size_t nft_rule_begin(struct nlmsg *m, const char *table, const char *chain);
size_t nft_rule_begin_in(struct nlmsg *m, uint8_t family, const char *table,
			 const char *chain);
void nft_rule_end(struct nlmsg *m, size_t rule);

void nft_match_iifname(struct nlmsg *m, const char *name);
void nft_match_oifname(struct nlmsg *m, const char *name);
void nft_match_l4proto(struct nlmsg *m, uint8_t protocol);	/* IPPROTO_… */
void nft_match_dport(struct nlmsg *m, uint16_t port);	/* after l4proto */
void nft_match_ct_state(struct nlmsg *m, uint32_t any_of);	/* NF_CT_STATE_BIT */
void nft_match_ct_status(struct nlmsg *m, uint32_t any_of);	/* IPS_… */

/* Needed in front of what only one family has, in a table of both. */
void nft_match_nfproto(struct nlmsg *m, uint8_t nfproto);	/* NFPROTO_IPV4 */
void nft_match_ethertype(struct nlmsg *m, uint16_t ethertype);	/* ETH_P_…; on a bridge */

/* Addresses, IPv4 in host order and IPv6 in network order.  prefix is 1 to 32
 * or 128, else -EINVAL; bits behind it do not count. */
void nft_match_saddr_ipv4(struct nlmsg *m, uint32_t address, uint8_t prefix);
void nft_match_daddr_ipv4(struct nlmsg *m, uint32_t address, uint8_t prefix);
void nft_match_saddr_ipv6(struct nlmsg *m, const uint8_t address[NFT_IPV6_SIZE],
			  uint8_t prefix);
void nft_match_daddr_ipv6(struct nlmsg *m, const uint8_t address[NFT_IPV6_SIZE],
			  uint8_t prefix);

/* On a bridge: who sent the frame, and, after ethertype ETH_P_ARP, as whom an
 * ARP message speaks. */
void nft_match_ether_saddr(struct nlmsg *m, const uint8_t mac[NFT_MAC_SIZE]);
void nft_match_arp_sender(struct nlmsg *m, const uint8_t mac[NFT_MAC_SIZE],
			  uint32_t address);

void nft_match_icmp_type(struct nlmsg *m, uint8_t type);	/* after l4proto; also of ICMPv6 */
void nft_match_daddr_local(struct nlmsg *m);	/* the board's own, any interface's */

void nft_put_verdict(struct nlmsg *m, uint32_t verdict);	/* NF_ACCEPT, NF_DROP */
void nft_put_jump(struct nlmsg *m, const char *chain);	/* and comes back */
void nft_put_counter(struct nlmsg *m);	/* packets and bytes that got this far */
void nft_put_reject(struct nlmsg *m);	/* drops, and answers "port unreachable" */
void nft_put_reject_tcp(struct nlmsg *m);	/* with a reset; after l4proto TCP */
void nft_put_dnat_ipv4(struct nlmsg *m, uint32_t address, uint16_t port);
void nft_put_dnat_ipv6(struct nlmsg *m, const uint8_t address[NFT_IPV6_SIZE], uint16_t port);
void nft_put_masquerade(struct nlmsg *m);

/* A map from names of interfaces to chains: one look-up in place of a rule for
 * each.  Elements need their chains to be there.
 *
 *	elements = nft_map_elements_begin(m, &map);
 *	nft_map_put_element(m, "web", "from_web");
 *	nft_map_elements_end(m, elements);
 *
 * A rule that jumps by a map goes on if the name is not in it, or the chain
 * comes back. */
struct nft_map {
	uint8_t family;		/* NFPROTO_… */
	const char *table, *name;
	uint32_t id;		/* not 0, another for each map of a batch */
};
void nft_put_map(struct nlmsg *m, const struct nft_map *map);
size_t nft_map_elements_begin(struct nlmsg *m, const struct nft_map *map);
void nft_map_put_element(struct nlmsg *m, const char *name, const char *chain);
void nft_map_elements_end(struct nlmsg *m, size_t elements);
void nft_put_jump_by_iifname(struct nlmsg *m, const struct nft_map *map);
void nft_put_jump_by_oifname(struct nlmsg *m, const struct nft_map *map);

#endif
