/*
 * Reads the elements of a set of nf_tables, as far as a person asks: each element's
 * comment and what its counter has counted.  It hands every element to a function of
 * the caller's and keeps none; its key, and what it leads to, are left unread.
 *
 * Nothing blocks.  Source: linux/netfilter/nf_tables.h; net/netfilter/nf_tables_api.c;
 * libnftnl/udata.h, for comments.
 */
#ifndef NETSETUP_NFT_READ_H
#define NETSETUP_NFT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nlread.h"

/* The kernel makes parts as long as the buffer is, from 8 KB (NLMSG_GOODSIZE) on, and
 * the longest element is below 1 KB: two keys of 64 bytes and 256 bytes of comment. */
#define NFT_READ_BUFFER_SIZE 16384

/* Its length is one byte (struct nftnl_udata), and counts its NUL. */
#define NFT_READ_COMMENT_SIZE 256

struct nft_read_element {
	char comment[NFT_READ_COMMENT_SIZE];	/* "": none */
	bool counts;		/* it has a counter; else both numbers are 0 */
	uint64_t packets, bytes;
};

/* Called for each element, with NULL before the first one, and again whenever the
 * dump is started over: what came before counts no more.  Returns 0, or -errno to be
 * given nothing more. */
struct nft_read_taker {
	int (*take)(void *context, const struct nft_read_element *element);
	void *context;
};

/* All elements of a set.  family is NFPROTO_…; fd is a NETLINK_NETFILTER socket, the
 * buffer the caller's.  Returns as nldump() does (nldump.h); among the kernel's errors,
 * -ENOENT if there is no such table or set, -EPERM without CAP_NET_ADMIN, and -EINVAL
 * or -EOPNOTSUPP without nf_tables. */
int nft_read_elements(int fd, uint8_t family, const char *table, const char *set, void *buf,
		      size_t size, const struct nft_read_taker *taker);

/* Pure, in nft_read_parse.c, for nft_read.c and the tests: hands what is in one message
 * of a dump to the taker that context is, as nldump.h has it.  Returns 0, the taker's
 * error or -EBADMSG. */
int nft_read_message(void *context, const struct nlmsghdr *header, struct nlread payload);

#endif
