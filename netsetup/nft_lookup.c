/*
 * Encodes rules that look packets up in sets and maps, the way nft(8) does: with what has
 * to be asked before.  What becomes of a packet that is found is its caller's.
 */
#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>

#include "nft.h"
#include "nft_expression.h"
#include "nft_field.h"

static uint32_t register_at(uint32_t offset)
{
	return offset % NFT_REG_SIZE ? NFT_REG32_00 + offset / NFT_REG32_SIZE
				     : NFT_REG_1 + offset / NFT_REG_SIZE;
}

/* Ranges are compared from the first byte on. */
static void put_byteorder(struct nlmsg *m, uint32_t reg, uint32_t size)
{
	struct nft_expression e = nft_expression_begin(m, "byteorder");

	nlmsg_put_be32(m, NFTA_BYTEORDER_SREG, reg);
	nlmsg_put_be32(m, NFTA_BYTEORDER_DREG, reg);
	nlmsg_put_be32(m, NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
	nlmsg_put_be32(m, NFTA_BYTEORDER_LEN, size);
	nlmsg_put_be32(m, NFTA_BYTEORDER_SIZE, size);
	nft_expression_end(m, e);
}

static void put_load(struct nlmsg *m, const struct nft_form *form, uint32_t reg)
{
	if (form->source == NFT_FROM_PAYLOAD || form->source == NFT_FROM_PAYLOAD_BYTES)
		nft_put_payload(m, (enum nft_payload_bases)form->what, form->offset, form->size,
				reg);
	else
		nft_put_meta(m, (enum nft_meta_keys)form->what, reg);
	if (form->source == NFT_FROM_META_OWN_ORDER)
		put_byteorder(m, reg, form->size);
}

static void match_nfproto(struct nlmsg *m, const struct nft_set *set)
{
	for (uint32_t i = 0; i < nft_fields_count(set->key); i++) {
		uint8_t nfproto = nft_forms[set->key[i]].nfproto;

		if (!nfproto)
			continue;
		if (set->family == NFPROTO_INET)
			nft_match_nfproto(m, nfproto);
		else
			nft_match_ethertype(m, nfproto == NFPROTO_IPV4 ? ETH_P_IP : ETH_P_IPV6);
		return;
	}
}

static void put_lookup(struct nlmsg *m, const struct nft_set *set)
{
	uint32_t at = 0;
	struct nft_expression e;

	for (uint32_t i = 0; i < nft_fields_count(set->key); i++) {
		put_load(m, &nft_forms[set->key[i]], register_at(at));
		at += nft_field_room(set->key[i]);
	}
	e = nft_expression_begin(m, "lookup");
	nlmsg_put_be32(m, NFTA_LOOKUP_SREG, NFT_REG_1);
	if (nft_fields_count(set->to))
		nlmsg_put_be32(m, NFTA_LOOKUP_DREG, NFT_REG_1);
	nlmsg_put_str(m, NFTA_LOOKUP_SET, set->name);
	nlmsg_put_be32(m, NFTA_LOOKUP_SET_ID, set->id);
	nft_expression_end(m, e);
}

void nft_match_set(struct nlmsg *m, const struct nft_set *set)
{
	match_nfproto(m, set);
	put_lookup(m, set);
}

void nft_put_dnat_by(struct nlmsg *m, uint8_t family, const struct nft_set *map)
{
	struct nft_expression e;

	put_lookup(m, map);
	e = nft_expression_begin(m, "nat");
	nlmsg_put_be32(m, NFTA_NAT_TYPE, NFT_NAT_DNAT);
	nlmsg_put_be32(m, NFTA_NAT_FAMILY, family);
	nlmsg_put_be32(m, NFTA_NAT_REG_ADDR_MIN, NFT_REG_1);
	nlmsg_put_be32(m, NFTA_NAT_REG_PROTO_MIN, register_at(nft_field_room(map->to[0])));
	nft_expression_end(m, e);
}
