/*
 * Encodes what a rule does besides accepting, dropping and translating: it
 * counts, refuses with an answer, or looks a chain up by the name of an
 * interface.  What is counted or refused is its caller's.
 */
#include "nft.h"

#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "nft_expression.h"

/* nft(8)'s numbers for what a map is from and to.  The kernel keeps the first
 * for whoever lists the map, and knows the second. */
#define TYPE_IFNAME 41

#define NAME_SIZE 16	/* IFNAMSIZ */

void nft_put_counter(struct nlmsg *m)
{
	nft_expression_end(m, nft_expression_begin(m, "counter"));
}

void nft_put_reject(struct nlmsg *m)
{
	struct nft_expression e = nft_expression_begin(m, "reject");

	nlmsg_put_be32(m, NFTA_REJECT_TYPE, NFT_REJECT_ICMPX_UNREACH);
	nlmsg_put_u8(m, NFTA_REJECT_ICMP_CODE, NFT_REJECT_ICMPX_PORT_UNREACH);
	nft_expression_end(m, e);
}

void nft_put_reject_tcp(struct nlmsg *m)
{
	struct nft_expression e = nft_expression_begin(m, "reject");

	nlmsg_put_be32(m, NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST);
	nlmsg_put_u8(m, NFTA_REJECT_ICMP_CODE, 0);
	nft_expression_end(m, e);
}

static void begin(struct nlmsg *m, int type, const struct nft_map *map)
{
	const struct nfgenmsg header = { .nfgen_family = map->family };

	nlmsg_begin(m, (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | type), NLM_F_CREATE, &header,
		    sizeof(header));
}

/* For nft(8), or it lists names backwards: the order of bytes in a key (host's)
 * and in a value, and that values are no ranges; each a type, a length and a
 * word.  The kernel keeps it unread. */
static const uint8_t for_nft[] = {
	0, 4, 1, 0, 0, 0,
	1, 4, 0, 0, 0, 0,
	6, 4, 0, 0, 0, 0,
};

void nft_put_map(struct nlmsg *m, const struct nft_map *map)
{
	begin(m, NFT_MSG_NEWSET, map);
	nlmsg_put_str(m, NFTA_SET_TABLE, map->table);
	nlmsg_put_str(m, NFTA_SET_NAME, map->name);
	nlmsg_put_be32(m, NFTA_SET_FLAGS, NFT_SET_MAP);
	nlmsg_put_be32(m, NFTA_SET_KEY_TYPE, TYPE_IFNAME);
	nlmsg_put_be32(m, NFTA_SET_KEY_LEN, NAME_SIZE);
	nlmsg_put_be32(m, NFTA_SET_DATA_TYPE, NFT_DATA_VERDICT);
	nlmsg_put_be32(m, NFTA_SET_DATA_LEN, 0);
	nlmsg_put_be32(m, NFTA_SET_ID, map->id);
	nlmsg_put(m, NFTA_SET_USERDATA, for_nft, sizeof(for_nft));
	nlmsg_end_quiet(m);
}

size_t nft_map_elements_begin(struct nlmsg *m, const struct nft_map *map)
{
	begin(m, NFT_MSG_NEWSETELEM, map);
	nlmsg_put_str(m, NFTA_SET_ELEM_LIST_TABLE, map->table);
	nlmsg_put_str(m, NFTA_SET_ELEM_LIST_SET, map->name);
	nlmsg_put_be32(m, NFTA_SET_ELEM_LIST_SET_ID, map->id);
	return nlmsg_nest(m, NFTA_SET_ELEM_LIST_ELEMENTS);
}

void nft_map_put_element(struct nlmsg *m, const char *name, const char *chain)
{
	char padded[NAME_SIZE] = "";
	size_t len = strlen(name), element;

	if (len >= sizeof(padded)) {
		nlmsg_fail(m, -ENAMETOOLONG);
		return;
	}
	memcpy(padded, name, len);
	element = nlmsg_nest(m, NFTA_LIST_ELEM);
	nft_put_value(m, NFTA_SET_ELEM_KEY, padded, sizeof(padded));
	nft_put_verdict_data(m, NFTA_SET_ELEM_DATA, (uint32_t)NFT_JUMP, chain);
	nlmsg_nest_end(m, element);
}

void nft_map_elements_end(struct nlmsg *m, size_t elements)
{
	nlmsg_nest_end(m, elements);
	nlmsg_end_quiet(m);
}

static void put_lookup(struct nlmsg *m, enum nft_meta_keys key, const struct nft_map *map)
{
	struct nft_expression e;

	nft_put_meta(m, key);
	e = nft_expression_begin(m, "lookup");
	nlmsg_put_be32(m, NFTA_LOOKUP_SREG, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_LOOKUP_DREG, NFT_REG_VERDICT);
	nlmsg_put_str(m, NFTA_LOOKUP_SET, map->name);
	nlmsg_put_be32(m, NFTA_LOOKUP_SET_ID, map->id);
	nft_expression_end(m, e);
}

void nft_put_jump_by_iifname(struct nlmsg *m, const struct nft_map *map)
{
	put_lookup(m, NFT_META_IIFNAME, map);
}

void nft_put_jump_by_oifname(struct nlmsg *m, const struct nft_map *map)
{
	put_lookup(m, NFT_META_OIFNAME, map);
}
