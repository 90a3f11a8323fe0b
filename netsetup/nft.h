/*
 * Messages that build an nf_tables ruleset: a batch between nft_begin and
 * nft_commit, which the kernel applies whole or not at all.  Pure, for the
 * build machine: PID 1 sends the finished bytes and contains none of this.  It
 * knows expressions, not what a firewall should let pass.
 *
 *	nft_begin(m);
 *	nft_put_table(m, NFPROTO_INET, "pith");
 *	nft_put_base_chain(m, &chain);
 *	rule = nft_rule_begin(m, NFPROTO_INET, "pith", "forward");
 *	nft_match_iifname(m, "br0");
 *	nft_put_verdict(m, NF_ACCEPT);
 *	nft_rule_end(m, rule);
 *	nft_commit(m);
 *
 * Matches narrow a rule down from left to right; the last expression acts.
 * Families are NFPROTO_INET (both IPs), NFPROTO_BRIDGE and so on.  Names and
 * addresses are the caller's and copied.  Errors are m's sticky ones, and
 * -ENAMETOOLONG for the name of an interface over 15 characters.
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

/* A batch without nft_commit asks for no acknowledgement, and nlsock_send
 * refuses it. */
void nft_begin(struct nlmsg *m);
void nft_commit(struct nlmsg *m);

/* Makes the table or finds it there. */
void nft_put_table(struct nlmsg *m, uint8_t family, const char *table);

/* Deletes the table with all that is in it; -ENOENT if there is none.  After
 * nft_put_table and before another one it empties the table, atomically. */
void nft_delete_table(struct nlmsg *m, uint8_t family, const char *table);

struct nft_chain {
	uint8_t family;
	const char *table, *name;
	const char *type;	/* "filter" or "nat" */
	uint32_t hook;		/* NF_INET_… */
	int32_t priority;	/* NF_IP_PRI_… */
	uint32_t policy;	/* NF_ACCEPT or NF_DROP */
};
void nft_put_base_chain(struct nlmsg *m, const struct nft_chain *chain);

/* A chain that only another's rules lead to.  It has to be there before them. */
void nft_put_chain(struct nlmsg *m, uint8_t family, const char *table, const char *name);

/* Appends a rule; the expressions go between.  rule is what begin returned. */
size_t nft_rule_begin(struct nlmsg *m, uint8_t family, const char *table,
		      const char *chain);
void nft_rule_end(struct nlmsg *m, size_t rule);

void nft_match_iifname(struct nlmsg *m, const char *name);
void nft_match_l4proto(struct nlmsg *m, uint8_t protocol);	/* IPPROTO_… */
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

void nft_match_icmp_type(struct nlmsg *m, uint8_t type);	/* after l4proto; also of ICMPv6 */
void nft_match_daddr_local(struct nlmsg *m);	/* the board's own, any interface's */

void nft_put_verdict(struct nlmsg *m, uint32_t verdict);	/* NF_ACCEPT, NF_DROP */
void nft_put_jump(struct nlmsg *m, const char *chain);	/* and comes back */
void nft_put_goto(struct nlmsg *m, const char *chain);	/* back to where this one came from */
void nft_put_reject(struct nlmsg *m);	/* drops, and answers "administratively prohibited" */
void nft_put_reject_tcp(struct nlmsg *m);	/* with a reset; after l4proto TCP */
void nft_put_masquerade(struct nlmsg *m);

#endif
