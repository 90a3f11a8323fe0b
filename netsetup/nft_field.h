/*
 * What the files of netsetup/nft* know of the fields of a key: how each is loaded, and how
 * long it is.  Not for others: nft_set.h has what a set is written in.
 */
#ifndef NETSETUP_NFT_FIELD_H
#define NETSETUP_NFT_FIELD_H

#include <stdint.h>

#include "nft_set.h"

enum nft_field_source {
	NFT_FROM_META_NAME,
	NFT_FROM_META,
	NFT_FROM_META_OWN_ORDER,	/* a number in the machine's order of bytes */
	NFT_FROM_PAYLOAD,
	NFT_FROM_PAYLOAD_BYTES,
};

/* type is nft(8)'s number for it, which the kernel keeps for whoever lists a set. */
struct nft_form {
	uint8_t type, size;
	enum nft_field_source source;
	int what;		/* enum nft_meta_keys, or nft_payload_bases */
	uint8_t offset;
	uint8_t nfproto;	/* only packets of this one have it; 0: all */
};

extern const struct nft_form nft_forms[];

/* Of the fields of a key, which lie one after the other in registers, each from a word
 * on: how many, how long in all, of which type; and how long one of them is there. */
uint32_t nft_fields_count(const enum nft_field *fields);
uint32_t nft_fields_length(const enum nft_field *fields);
uint32_t nft_fields_type(const enum nft_field *fields);
uint32_t nft_field_room(enum nft_field field);

#endif
