/*
 * Asks the kernel for all of one kind (a dump), and hands each message of the
 * answer on.  It knows netlink's framing, and refuses to know what is in a
 * message; rtnl.h and nft_read.h do, each of its own family.
 *
 * A dump comes in many parts, and the kernel marks it (NLM_F_DUMP_INTR) if the
 * tables changed between two of them: items may be missing then, or be there
 * twice.  Such a dump is started over, NLDUMP_TRIES times.
 *
 * Nothing blocks: the kernel makes each part while the one before is fetched.
 * Source: netlink(7); net/netlink/af_netlink.c.
 */
#ifndef NETSETUP_NLDUMP_H
#define NETSETUP_NLDUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nlmsg.h"
#include "nlread.h"

#define NLDUMP_TRIES 8

/* Called for each message; with no header before the first one, and again
 * whenever the dump is started over: what came before counts no more.  Returns 0,
 * or -errno to be given nothing more. */
struct nldump_taker {
	int (*take)(void *context, const struct nlmsghdr *header, struct nlread payload);
	void *context;
};

/* question is one message with NLM_F_DUMP that asks for no acknowledgement; its
 * number is set here.  The buffer is the caller's.  Returns 0 when all were taken;
 * the question's error; the taker's; the kernel's; -EINTR if the tables never stood
 * still; -EBADMSG for a part that is cut short or longer than the buffer; -ENODATA
 * if the end is missing; -EOVERFLOW for more parts than any board has.  After the
 * last one there may be some left in fd; else nothing is. */
int nldump(int fd, const struct nlmsg *question, void *buf, size_t size,
	   const struct nldump_taker *taker);

/* Pure, in nldump_parse.c, for nldump.c and the tests: reads one datagram of a
 * dump whose question had that seq.  Returns 1 if it has the end, 0 if more comes,
 * the kernel's or the taker's error or -EBADMSG.  *interrupted is set, never
 * cleared. */
int nldump_parse(const void *bytes, size_t len, uint32_t seq, bool *interrupted,
		 const struct nldump_taker *taker);

#endif
