/*
 * Messages that build an nf_tables ruleset of family ip: a batch between
 * nft_begin and nft_commit, which the kernel applies whole or not at all.
 * Pure, for the build machine: PID 1 sends the finished bytes and contains
 * none of this.  It knows expressions, not what a firewall should let pass.
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

/* A batch without nft_commit asks for no acknowledgement, and nlsock_send
 * refuses it. */
void nft_begin(struct nlmsg *m);
void nft_commit(struct nlmsg *m);

/* Makes the table or finds it there. */
void nft_put_table(struct nlmsg *m, const char *table);

/* Deletes the table with all that is in it; -ENOENT if there is none.  After
 * nft_put_table and before another one it empties the table, atomically. */
void nft_delete_table(struct nlmsg *m, const char *table);

struct nft_chain {
	const char *table, *name;
	const char *type;	/* "filter" or "nat" */
	uint32_t hook;		/* NF_INET_… */
	int32_t priority;	/* NF_IP_PRI_… */
	uint32_t policy;	/* NF_ACCEPT or NF_DROP */
};
void nft_put_base_chain(struct nlmsg *m, const struct nft_chain *chain);

/* Appends a rule; the expressions go between.  rule is what begin returned. */
size_t nft_rule_begin(struct nlmsg *m, const char *table, const char *chain);
void nft_rule_end(struct nlmsg *m, size_t rule);

void nft_match_iifname(struct nlmsg *m, const char *name);
void nft_match_oifname(struct nlmsg *m, const char *name);
void nft_match_l4proto(struct nlmsg *m, uint8_t protocol);	/* IPPROTO_… */
void nft_match_dport(struct nlmsg *m, uint16_t port);	/* after l4proto */
void nft_match_ct_state(struct nlmsg *m, uint32_t any_of);	/* NF_CT_STATE_BIT */
void nft_match_ct_status(struct nlmsg *m, uint32_t any_of);	/* IPS_… */

void nft_put_verdict(struct nlmsg *m, uint32_t verdict);	/* NF_ACCEPT, NF_DROP */
void nft_put_dnat_ipv4(struct nlmsg *m, uint32_t address, uint16_t port);
void nft_put_masquerade(struct nlmsg *m);

#endif
