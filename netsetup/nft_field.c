/*
 * Where the fields of a packet are, and how nft(8) calls their types.
 */
#include "nft_field.h"

#include <linux/if_ether.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "nft.h"
#include "nft_expression.h"

#define WORD 4u

#define META(type, size, source, key) { type, size, source, key, 0, 0 }
#define NETWORK(type, size, source, offset, nfproto) \
	{ type, size, source, NFT_PAYLOAD_NETWORK_HEADER, offset, nfproto }

const struct nft_form nft_forms[] = {
	[NFT_FIELD_IIFNAME] = META(41, NFT_NAME_SIZE, NFT_FROM_META_NAME, NFT_META_IIFNAME),
	[NFT_FIELD_OIFNAME] = META(41, NFT_NAME_SIZE, NFT_FROM_META_NAME, NFT_META_OIFNAME),
	[NFT_FIELD_SKUID] = META(24, 4, NFT_FROM_META_OWN_ORDER, NFT_META_SKUID),
	[NFT_FIELD_L4PROTO] = META(12, 1, NFT_FROM_META, NFT_META_L4PROTO),
	[NFT_FIELD_DPORT] = { 13, 2, NFT_FROM_PAYLOAD, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 0 },
	[NFT_FIELD_IPV4_SADDR] = NETWORK(7, 4, NFT_FROM_PAYLOAD, 12, NFPROTO_IPV4),
	[NFT_FIELD_IPV4_DADDR] = NETWORK(7, 4, NFT_FROM_PAYLOAD, 16, NFPROTO_IPV4),
	[NFT_FIELD_IPV6_SADDR] = NETWORK(8, NFT_IPV6_SIZE, NFT_FROM_PAYLOAD_BYTES, 8,
					 NFPROTO_IPV6),
	[NFT_FIELD_IPV6_DADDR] = NETWORK(8, NFT_IPV6_SIZE, NFT_FROM_PAYLOAD_BYTES, 24,
					 NFPROTO_IPV6),
	[NFT_FIELD_ETHER_SADDR] = { 9, ETH_ALEN, NFT_FROM_PAYLOAD_BYTES, NFT_PAYLOAD_LL_HEADER, 6,
				    0 },
};

uint32_t nft_field_room(enum nft_field field)
{
	return (nft_forms[field].size + WORD - 1) / WORD * WORD;
}

uint32_t nft_fields_count(const enum nft_field *fields)
{
	uint32_t n = 0;

	while (n < NFT_SET_FIELDS && fields[n] != NFT_FIELD_NONE)
		n++;
	return n;
}

uint32_t nft_fields_length(const enum nft_field *fields)
{
	uint32_t length = 0;

	for (uint32_t i = 0; i < nft_fields_count(fields); i++)
		length += nft_field_room(fields[i]);
	return length;
}

uint32_t nft_fields_type(const enum nft_field *fields)
{
	uint32_t type = 0;

	for (uint32_t i = 0; i < nft_fields_count(fields); i++)
		type = type << 6 | nft_forms[fields[i]].type;
	return type;
}
