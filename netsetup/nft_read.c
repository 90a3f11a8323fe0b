/*
 * The socket side of nft_read.h: asks for the elements of one set.
 */
#include "nft_read.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include "nldump.h"
#include "nlmsg.h"

/* Two headers, and two names, which are the caller's own. */
#define QUESTION_SIZE 128

int nft_read_elements(int fd, uint8_t family, const char *table, const char *set, void *buf,
		      size_t size, const struct nft_read_taker *taker)
{
	const struct nldump_taker each = { nft_read_message, (void *)taker };
	const struct nfgenmsg header = { .nfgen_family = family };
	uint8_t question[QUESTION_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, question, sizeof(question));
	nlmsg_begin(&m, NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETSETELEM, NLM_F_DUMP, &header,
		    sizeof(header));
	nlmsg_put_str(&m, NFTA_SET_ELEM_LIST_TABLE, table);
	nlmsg_put_str(&m, NFTA_SET_ELEM_LIST_SET, set);
	nlmsg_end_quiet(&m);
	return nldump(fd, &m, buf, size, &each);
}
