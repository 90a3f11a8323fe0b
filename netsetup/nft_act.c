/*
 * Encodes what becomes of a packet: it is accepted, dropped, refused with an answer, sent
 * on to a chain, or given another sender.  Which packets, are matches before it.
 */
#include "nft.h"

#include <linux/netfilter/nf_tables.h>

#include "nft_expression.h"

static void put_verdict(struct nlmsg *m, uint32_t verdict, const char *chain)
{
	struct nft_expression e = nft_expression_begin(m, "immediate");
	size_t data, code;

	nlmsg_put_be32(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = nlmsg_nest(m, NFTA_IMMEDIATE_DATA);
	code = nlmsg_nest(m, NFTA_DATA_VERDICT);
	nlmsg_put_be32(m, NFTA_VERDICT_CODE, verdict);
	if (chain)
		nlmsg_put_str(m, NFTA_VERDICT_CHAIN, chain);
	nlmsg_nest_end(m, code);
	nlmsg_nest_end(m, data);
	nft_expression_end(m, e);
}

void nft_put_verdict(struct nlmsg *m, uint32_t verdict)
{
	put_verdict(m, verdict, NULL);
}

void nft_put_jump(struct nlmsg *m, const char *chain)
{
	put_verdict(m, (uint32_t)NFT_JUMP, chain);
}

void nft_put_goto(struct nlmsg *m, const char *chain)
{
	put_verdict(m, (uint32_t)NFT_GOTO, chain);
}

void nft_put_reject(struct nlmsg *m)
{
	struct nft_expression e = nft_expression_begin(m, "reject");

	nlmsg_put_be32(m, NFTA_REJECT_TYPE, NFT_REJECT_ICMPX_UNREACH);
	nlmsg_put_u8(m, NFTA_REJECT_ICMP_CODE, NFT_REJECT_ICMPX_ADMIN_PROHIBITED);
	nft_expression_end(m, e);
}

void nft_put_reject_tcp(struct nlmsg *m)
{
	struct nft_expression e = nft_expression_begin(m, "reject");

	nlmsg_put_be32(m, NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST);
	nlmsg_put_u8(m, NFTA_REJECT_ICMP_CODE, 0);
	nft_expression_end(m, e);
}

void nft_put_masquerade(struct nlmsg *m)
{
	nft_expression_end(m, nft_expression_begin(m, "masq"));
}
