/*
 * Encodes nf_tables batches: tables, base chains, and rules as lists of
 * expressions that hand data on in register 1 (and 2, for dnat).  It decides
 * how a match is said in expressions, the way nft(8) says it; what a firewall
 * lets pass is its caller's.
 */
#include "nft.h"

#include <endian.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

/* struct udphdr and struct tcphdr have the destination port here. */
#define DPORT_OFFSET 2
#define DPORT_SIZE 2

#define NAME_SIZE 16	/* IFNAMSIZ: an interface's name as meta loads it */

static void begin(struct nlmsg *m, int type, uint16_t flags)
{
	static const struct nfgenmsg header = { .nfgen_family = NFPROTO_IPV4 };

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

static void table(struct nlmsg *m, int type, uint16_t flags, const char *name)
{
	begin(m, type, flags);
	nlmsg_put_str(m, NFTA_TABLE_NAME, name);
	nlmsg_end_quiet(m);
}

void nft_put_table(struct nlmsg *m, const char *name)
{
	table(m, NFT_MSG_NEWTABLE, NLM_F_CREATE, name);
}

void nft_delete_table(struct nlmsg *m, const char *name)
{
	table(m, NFT_MSG_DELTABLE, 0, name);
}

void nft_put_base_chain(struct nlmsg *m, const struct nft_chain *chain)
{
	size_t hook;

	begin(m, NFT_MSG_NEWCHAIN, NLM_F_CREATE);
	nlmsg_put_str(m, NFTA_CHAIN_TABLE, chain->table);
	nlmsg_put_str(m, NFTA_CHAIN_NAME, chain->name);
	hook = nlmsg_nest(m, NFTA_CHAIN_HOOK);
	nlmsg_put_be32(m, NFTA_HOOK_HOOKNUM, chain->hook);
	nlmsg_put_be32(m, NFTA_HOOK_PRIORITY, (uint32_t)chain->priority);
	nlmsg_nest_end(m, hook);
	nlmsg_put_be32(m, NFTA_CHAIN_POLICY, chain->policy);
	nlmsg_put_str(m, NFTA_CHAIN_TYPE, chain->type);
	nlmsg_end_quiet(m);
}

size_t nft_rule_begin(struct nlmsg *m, const char *table_name,
		      const char *chain)
{
	begin(m, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);
	nlmsg_put_str(m, NFTA_RULE_TABLE, table_name);
	nlmsg_put_str(m, NFTA_RULE_CHAIN, chain);
	return nlmsg_nest(m, NFTA_RULE_EXPRESSIONS);
}

void nft_rule_end(struct nlmsg *m, size_t rule)
{
	nlmsg_nest_end(m, rule);
	nlmsg_end_quiet(m);
}

/* An expression is an element of the rule's list, with its name and data. */
struct expression {
	size_t element, data;
};

static struct expression expression_begin(struct nlmsg *m, const char *name)
{
	struct expression e;

	e.element = nlmsg_nest(m, NFTA_LIST_ELEM);
	nlmsg_put_str(m, NFTA_EXPR_NAME, name);
	e.data = nlmsg_nest(m, NFTA_EXPR_DATA);
	return e;
}

static void expression_end(struct nlmsg *m, struct expression e)
{
	nlmsg_nest_end(m, e.data);
	nlmsg_nest_end(m, e.element);
}

static void put_value(struct nlmsg *m, uint16_t attr, const void *value,
		      size_t len)
{
	size_t nest = nlmsg_nest(m, attr);

	nlmsg_put(m, NFTA_DATA_VALUE, value, len);
	nlmsg_nest_end(m, nest);
}

static void put_compare(struct nlmsg *m, enum nft_cmp_ops op,
			const void *value, size_t len)
{
	struct expression e = expression_begin(m, "cmp");

	nlmsg_put_be32(m, NFTA_CMP_SREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_CMP_OP, op);
	put_value(m, NFTA_CMP_DATA, value, len);
	expression_end(m, e);
}

static void put_meta(struct nlmsg *m, enum nft_meta_keys key)
{
	struct expression e = expression_begin(m, "meta");

	nlmsg_put_be32(m, NFTA_META_KEY, key);
	nlmsg_put_be32(m, NFTA_META_DREG, NFT_REG_1);
	expression_end(m, e);
}

static void match_name(struct nlmsg *m, enum nft_meta_keys key,
		       const char *name)
{
	char padded[NAME_SIZE] = "";
	size_t len = strlen(name);

	if (len >= sizeof(padded)) {
		nlmsg_fail(m, -ENAMETOOLONG);
		return;
	}
	memcpy(padded, name, len);
	put_meta(m, key);
	put_compare(m, NFT_CMP_EQ, padded, sizeof(padded));
}

void nft_match_iifname(struct nlmsg *m, const char *name)
{
	match_name(m, NFT_META_IIFNAME, name);
}

void nft_match_oifname(struct nlmsg *m, const char *name)
{
	match_name(m, NFT_META_OIFNAME, name);
}

void nft_match_l4proto(struct nlmsg *m, uint8_t protocol)
{
	put_meta(m, NFT_META_L4PROTO);
	put_compare(m, NFT_CMP_EQ, &protocol, sizeof(protocol));
}

void nft_match_dport(struct nlmsg *m, uint16_t port)
{
	uint16_t value = htobe16(port);
	struct expression e = expression_begin(m, "payload");

	nlmsg_put_be32(m, NFTA_PAYLOAD_DREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_TRANSPORT_HEADER);
	nlmsg_put_be32(m, NFTA_PAYLOAD_OFFSET, DPORT_OFFSET);
	nlmsg_put_be32(m, NFTA_PAYLOAD_LEN, DPORT_SIZE);
	expression_end(m, e);
	put_compare(m, NFT_CMP_EQ, &value, sizeof(value));
}

/* register 1 = (register 1 & mask) ^ 0 */
static void put_mask(struct nlmsg *m, uint32_t mask)
{
	const uint32_t zero = 0;
	struct expression e = expression_begin(m, "bitwise");

	nlmsg_put_be32(m, NFTA_BITWISE_SREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_BITWISE_DREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_BITWISE_LEN, sizeof(mask));
	put_value(m, NFTA_BITWISE_MASK, &mask, sizeof(mask));
	put_value(m, NFTA_BITWISE_XOR, &zero, sizeof(zero));
	expression_end(m, e);
}

static void match_ct(struct nlmsg *m, enum nft_ct_keys key, uint32_t any_of)
{
	const uint32_t zero = 0;
	struct expression e = expression_begin(m, "ct");

	nlmsg_put_be32(m, NFTA_CT_KEY, key);
	nlmsg_put_be32(m, NFTA_CT_DREG, NFT_REG_1);
	expression_end(m, e);
	put_mask(m, any_of);
	put_compare(m, NFT_CMP_NEQ, &zero, sizeof(zero));
}

void nft_match_ct_state(struct nlmsg *m, uint32_t any_of)
{
	match_ct(m, NFT_CT_STATE, any_of);
}

void nft_match_ct_status(struct nlmsg *m, uint32_t any_of)
{
	match_ct(m, NFT_CT_STATUS, any_of);
}

void nft_put_verdict(struct nlmsg *m, uint32_t verdict)
{
	struct expression e = expression_begin(m, "immediate");
	size_t data, code;

	nlmsg_put_be32(m, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = nlmsg_nest(m, NFTA_IMMEDIATE_DATA);
	code = nlmsg_nest(m, NFTA_DATA_VERDICT);
	nlmsg_put_be32(m, NFTA_VERDICT_CODE, verdict);
	nlmsg_nest_end(m, code);
	nlmsg_nest_end(m, data);
	expression_end(m, e);
}

static void put_load(struct nlmsg *m, uint32_t reg, const void *value,
		     size_t len)
{
	struct expression e = expression_begin(m, "immediate");

	nlmsg_put_be32(m, NFTA_IMMEDIATE_DREG, reg);
	put_value(m, NFTA_IMMEDIATE_DATA, value, len);
	expression_end(m, e);
}

void nft_put_dnat_ipv4(struct nlmsg *m, uint32_t address, uint16_t port)
{
	const uint32_t to = htobe32(address);
	const uint16_t to_port = htobe16(port);
	struct expression e;

	put_load(m, NFT_REG_1, &to, sizeof(to));
	put_load(m, NFT_REG_2, &to_port, sizeof(to_port));
	e = expression_begin(m, "nat");
	nlmsg_put_be32(m, NFTA_NAT_TYPE, NFT_NAT_DNAT);
	nlmsg_put_be32(m, NFTA_NAT_FAMILY, NFPROTO_IPV4);
	nlmsg_put_be32(m, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_NAT_REG_PROTO_MIN, NFT_REG_2);
	expression_end(m, e);
}

void nft_put_masquerade(struct nlmsg *m)
{
	expression_end(m, expression_begin(m, "masq"));
}
