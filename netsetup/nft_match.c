/*
 * Encodes matches on what packets say of themselves: protocols, addresses.
 * It decides where a field lies and how much of it a prefix needs,
 * the way nft(8) does; that the packet has such a header is its caller's match
 * before it.
 */
#include "nft.h"

#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "nft_expression.h"

/* Where fields begin and how long they are, in bytes. */
static const struct field {
	enum nft_payload_bases base;
	uint8_t offset, size;
} ipv4_saddr = { NFT_PAYLOAD_NETWORK_HEADER, 12, 4 },
  ipv4_daddr = { NFT_PAYLOAD_NETWORK_HEADER, 16, 4 },
  ipv6_saddr = { NFT_PAYLOAD_NETWORK_HEADER, 8, NFT_IPV6_SIZE },
  ipv6_daddr = { NFT_PAYLOAD_NETWORK_HEADER, 24, NFT_IPV6_SIZE },
  icmp_type = { NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1 };

static void match(struct nlmsg *m, const struct field *field, const void *value)
{
	nft_put_payload(m, field->base, field->offset, field->size, NFT_REG_1);
	nft_put_compare(m, NFT_CMP_EQ, value, field->size);
}

/* The first bits of a field.  Whole bytes are loaded alone; else the rest is
 * masked away, in the value too. */
static void match_prefix(struct nlmsg *m, const struct field *field, const void *value,
			 uint8_t prefix)
{
	uint8_t mask[NFT_MASK_MAX] = { 0 }, masked[NFT_MASK_MAX] = { 0 };
	struct field start = *field;

	if (prefix < 1 || prefix > 8 * field->size) {
		nlmsg_fail(m, -EINVAL);
		return;
	}
	if (prefix % 8 == 0) {
		start.size = prefix / 8;
		match(m, &start, value);
		return;
	}
	memcpy(masked, value, field->size);
	memset(mask, 0xff, prefix / 8);
	mask[prefix / 8] = (uint8_t)(0xff << (8 - prefix % 8));
	for (size_t i = 0; i < sizeof(mask); i++)
		masked[i] &= mask[i];
	nft_put_payload(m, field->base, field->offset, field->size, NFT_REG_1);
	nft_put_mask(m, mask, field->size);
	nft_put_compare(m, NFT_CMP_EQ, masked, field->size);
}

void nft_match_nfproto(struct nlmsg *m, uint8_t nfproto)
{
	nft_put_meta(m, NFT_META_NFPROTO, NFT_REG_1);
	nft_put_compare(m, NFT_CMP_EQ, &nfproto, sizeof(nfproto));
}

void nft_match_ethertype(struct nlmsg *m, uint16_t ethertype)
{
	const uint16_t be = htobe16(ethertype);

	nft_put_meta(m, NFT_META_PROTOCOL, NFT_REG_1);
	nft_put_compare(m, NFT_CMP_EQ, &be, sizeof(be));
}

void nft_match_saddr_ipv4(struct nlmsg *m, uint32_t address, uint8_t prefix)
{
	const uint32_t be = htobe32(address);

	match_prefix(m, &ipv4_saddr, &be, prefix);
}

void nft_match_daddr_ipv4(struct nlmsg *m, uint32_t address, uint8_t prefix)
{
	const uint32_t be = htobe32(address);

	match_prefix(m, &ipv4_daddr, &be, prefix);
}

void nft_match_saddr_ipv6(struct nlmsg *m, const uint8_t address[NFT_IPV6_SIZE],
			  uint8_t prefix)
{
	match_prefix(m, &ipv6_saddr, address, prefix);
}

void nft_match_daddr_ipv6(struct nlmsg *m, const uint8_t address[NFT_IPV6_SIZE],
			  uint8_t prefix)
{
	match_prefix(m, &ipv6_daddr, address, prefix);
}

void nft_match_icmp_type(struct nlmsg *m, uint8_t type)
{
	match(m, &icmp_type, &type);
}

void nft_match_daddr_local(struct nlmsg *m)
{
	const uint32_t local = RTN_LOCAL;
	struct nft_expression e = nft_expression_begin(m, "fib");

	nlmsg_put_be32(m, NFTA_FIB_FLAGS, NFTA_FIB_F_DADDR);
	nlmsg_put_be32(m, NFTA_FIB_RESULT, NFT_FIB_RESULT_ADDRTYPE);
	nlmsg_put_be32(m, NFTA_FIB_DREG, NFT_REG_1);
	nft_expression_end(m, e);
	nft_put_compare(m, NFT_CMP_EQ, &local, sizeof(local));
}
