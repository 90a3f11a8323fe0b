/*
 * Encodes nf_tables batches: tables, chains, and rules as lists of expressions
 * that hand data on in register 1, the way nft(8) says it.  What a firewall
 * lets pass is its caller's; the fields of headers are nft_match.c's, look-ups
 * nft_lookup.c's, and what a rule does nft_act.c's.
 */
#include "nft.h"

#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "nft_expression.h"

void nft_message_begin(struct nlmsg *m, int type, uint16_t flags, uint8_t family)
{
	const struct nfgenmsg header = { .nfgen_family = family };

	nlmsg_begin(m, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), flags,
		    &header, sizeof(header));
}

static void put_bracket(struct nlmsg *m, uint16_t type)
{
	const struct nfgenmsg header = {
		.nfgen_family = NFPROTO_UNSPEC,
		.res_id = htobe16(NFNL_SUBSYS_NFTABLES),
	};

	nlmsg_begin(m, type, 0, &header, sizeof(header));
	nlmsg_end_quiet(m);
}

void nft_begin(struct nlmsg *m)
{
	put_bracket(m, NFNL_MSG_BATCH_BEGIN);
}

/* Before 6.10 the kernel did not answer the brackets, so the last message
 * between them asks.  It asks only now: without its end the kernel drops the
 * batch, and acknowledges what is in it all the same. */
void nft_commit(struct nlmsg *m)
{
	nlmsg_ask(m);
	put_bracket(m, NFNL_MSG_BATCH_END);
}

static void table(struct nlmsg *m, int type, uint16_t flags, uint8_t family,
		  const char *name)
{
	nft_message_begin(m, type, flags, family);
	nlmsg_put_str(m, NFTA_TABLE_NAME, name);
	nlmsg_end_quiet(m);
}

void nft_put_table(struct nlmsg *m, uint8_t family, const char *name)
{
	table(m, NFT_MSG_NEWTABLE, NLM_F_CREATE, family, name);
}

void nft_delete_table(struct nlmsg *m, uint8_t family, const char *name)
{
	table(m, NFT_MSG_DELTABLE, 0, family, name);
}

static void chain_begin(struct nlmsg *m, uint8_t family, const char *table_name,
			const char *name)
{
	nft_message_begin(m, NFT_MSG_NEWCHAIN, NLM_F_CREATE, family);
	nlmsg_put_str(m, NFTA_CHAIN_TABLE, table_name);
	nlmsg_put_str(m, NFTA_CHAIN_NAME, name);
}

void nft_put_chain(struct nlmsg *m, uint8_t family, const char *table_name, const char *name)
{
	chain_begin(m, family, table_name, name);
	nlmsg_end_quiet(m);
}

void nft_put_base_chain(struct nlmsg *m, const struct nft_chain *chain)
{
	size_t hook;

	chain_begin(m, chain->family, chain->table, chain->name);
	hook = nlmsg_nest(m, NFTA_CHAIN_HOOK);
	nlmsg_put_be32(m, NFTA_HOOK_HOOKNUM, chain->hook);
	nlmsg_put_be32(m, NFTA_HOOK_PRIORITY, (uint32_t)chain->priority);
	nlmsg_nest_end(m, hook);
	nlmsg_put_be32(m, NFTA_CHAIN_POLICY, chain->policy);
	nlmsg_put_str(m, NFTA_CHAIN_TYPE, chain->type);
	nlmsg_end_quiet(m);
}

size_t nft_rule_begin(struct nlmsg *m, uint8_t family, const char *table_name,
		      const char *chain)
{
	nft_message_begin(m, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, family);
	nlmsg_put_str(m, NFTA_RULE_TABLE, table_name);
	nlmsg_put_str(m, NFTA_RULE_CHAIN, chain);
	return nlmsg_nest(m, NFTA_RULE_EXPRESSIONS);
}

void nft_rule_end(struct nlmsg *m, size_t rule)
{
	nlmsg_nest_end(m, rule);
	nlmsg_end_quiet(m);
}

struct nft_expression nft_expression_begin(struct nlmsg *m, const char *name)
{
	struct nft_expression e;

	e.element = nlmsg_nest(m, NFTA_LIST_ELEM);
	nlmsg_put_str(m, NFTA_EXPR_NAME, name);
	e.data = nlmsg_nest(m, NFTA_EXPR_DATA);
	return e;
}

void nft_expression_end(struct nlmsg *m, struct nft_expression e)
{
	nlmsg_nest_end(m, e.data);
	nlmsg_nest_end(m, e.element);
}

void nft_put_value(struct nlmsg *m, uint16_t attr, const void *value, size_t len)
{
	size_t nest = nlmsg_nest(m, attr);

	nlmsg_put(m, NFTA_DATA_VALUE, value, len);
	nlmsg_nest_end(m, nest);
}

void nft_put_compare(struct nlmsg *m, enum nft_cmp_ops op, const void *value, size_t len)
{
	struct nft_expression e = nft_expression_begin(m, "cmp");

	nlmsg_put_be32(m, NFTA_CMP_SREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_CMP_OP, op);
	nft_put_value(m, NFTA_CMP_DATA, value, len);
	nft_expression_end(m, e);
}

void nft_put_meta(struct nlmsg *m, enum nft_meta_keys key, uint32_t reg)
{
	struct nft_expression e = nft_expression_begin(m, "meta");

	nlmsg_put_be32(m, NFTA_META_KEY, key);
	nlmsg_put_be32(m, NFTA_META_DREG, reg);
	nft_expression_end(m, e);
}

int nft_pad_name(struct nlmsg *m, const char *name, uint8_t padded[NFT_NAME_SIZE])
{
	size_t len = strlen(name);

	if (len >= NFT_NAME_SIZE) {
		nlmsg_fail(m, -ENAMETOOLONG);
		return -ENAMETOOLONG;
	}
	memset(padded, 0, NFT_NAME_SIZE);
	memcpy(padded, name, len);
	return 0;
}

void nft_match_iifname(struct nlmsg *m, const char *name)
{
	uint8_t padded[NFT_NAME_SIZE];

	if (nft_pad_name(m, name, padded))
		return;
	nft_put_meta(m, NFT_META_IIFNAME, NFT_REG_1);
	nft_put_compare(m, NFT_CMP_EQ, padded, sizeof(padded));
}

void nft_match_l4proto(struct nlmsg *m, uint8_t protocol)
{
	nft_put_meta(m, NFT_META_L4PROTO, NFT_REG_1);
	nft_put_compare(m, NFT_CMP_EQ, &protocol, sizeof(protocol));
}

void nft_put_payload(struct nlmsg *m, enum nft_payload_bases base, uint32_t offset,
		     size_t len, uint32_t reg)
{
	struct nft_expression e = nft_expression_begin(m, "payload");

	nlmsg_put_be32(m, NFTA_PAYLOAD_DREG, reg);
	nlmsg_put_be32(m, NFTA_PAYLOAD_BASE, base);
	nlmsg_put_be32(m, NFTA_PAYLOAD_OFFSET, offset);
	nlmsg_put_be32(m, NFTA_PAYLOAD_LEN, (uint32_t)len);
	nft_expression_end(m, e);
}

void nft_put_mask(struct nlmsg *m, const void *mask, size_t len)
{
	static const uint8_t zeros[NFT_MASK_MAX];
	struct nft_expression e;

	if (len > sizeof(zeros)) {
		nlmsg_fail(m, -EINVAL);
		return;
	}
	e = nft_expression_begin(m, "bitwise");
	nlmsg_put_be32(m, NFTA_BITWISE_SREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_BITWISE_DREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_BITWISE_LEN, (uint32_t)len);
	nft_put_value(m, NFTA_BITWISE_MASK, mask, len);
	nft_put_value(m, NFTA_BITWISE_XOR, zeros, len);
	nft_expression_end(m, e);
}

static void match_ct(struct nlmsg *m, enum nft_ct_keys key, uint32_t any_of)
{
	const uint32_t zero = 0;
	struct nft_expression e = nft_expression_begin(m, "ct");

	nlmsg_put_be32(m, NFTA_CT_KEY, key);
	nlmsg_put_be32(m, NFTA_CT_DREG, NFT_REG_1);
	nft_expression_end(m, e);
	nft_put_mask(m, &any_of, sizeof(any_of));
	nft_put_compare(m, NFT_CMP_NEQ, &zero, sizeof(zero));
}

void nft_match_ct_state(struct nlmsg *m, uint32_t any_of)
{
	match_ct(m, NFT_CT_STATE, any_of);
}

void nft_match_ct_status(struct nlmsg *m, uint32_t any_of)
{
	match_ct(m, NFT_CT_STATUS, any_of);
}
