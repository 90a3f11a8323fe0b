/*
 * What the files of netsetup/nft* share: an expression, and those that others
 * are put together from.  Each loads a register, changes it or compares it; unless
 * it says which, it is the first.
 * Not for others: nft.h has what a firewall is written in.
 */
#ifndef NETSETUP_NFT_EXPRESSION_H
#define NETSETUP_NFT_EXPRESSION_H

#include <linux/netfilter/nf_tables.h>
#include <stddef.h>
#include <stdint.h>

#include "nlmsg.h"

#define NFT_MASK_MAX 16		/* an IPv6 address, and a register */
#define NFT_NAME_SIZE 16	/* IFNAMSIZ: an interface's name as meta loads it */

/* Of a message about an object of nf_tables: NFT_MSG_… */
void nft_message_begin(struct nlmsg *m, int type, uint16_t flags, uint8_t family);

/* An element of a rule's list, with its name and data. */
struct nft_expression {
	size_t element, data;
};
struct nft_expression nft_expression_begin(struct nlmsg *m, const char *name);
void nft_expression_end(struct nlmsg *m, struct nft_expression e);

void nft_put_meta(struct nlmsg *m, enum nft_meta_keys key, uint32_t reg);
void nft_put_payload(struct nlmsg *m, enum nft_payload_bases base, uint32_t offset,
		     size_t len, uint32_t reg);

/* register 1 = (register 1 & mask) ^ 0; len at most NFT_MASK_MAX, else -EINVAL. */
void nft_put_mask(struct nlmsg *m, const void *mask, size_t len);

void nft_put_compare(struct nlmsg *m, enum nft_cmp_ops op, const void *value, size_t len);

/* An attribute that holds a value. */
void nft_put_value(struct nlmsg *m, uint16_t attr, const void *value, size_t len);

/* Pads a name with zeros; -ENAMETOOLONG, and m's error, if it is too long. */
int nft_pad_name(struct nlmsg *m, const char *name, uint8_t padded[NFT_NAME_SIZE]);

#endif
