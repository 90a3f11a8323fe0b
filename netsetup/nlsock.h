/*
 * Carries netlink messages to the kernel and its answer back.  It decides
 * whether a batch succeeded; it knows nothing of what the messages say.
 *
 * It never blocks: the kernel handles a request, and queues the answers,
 * within sendmsg.  So whatever is not there right after it never comes, and
 * is an error (-ENODATA).  Answers from anybody but the kernel are ignored;
 * lengths are checked before any field is read; an answer that is cut short
 * is an error (-EBADMSG).
 *
 * A batch of rtnetlink messages is not a transaction: the kernel goes on
 * after a message that failed.  A batch of nf_tables messages is one.
 * Source: netlink(7); net/netlink/af_netlink.c; net/netfilter/nfnetlink.c.
 */
#ifndef NETSETUP_NLSOCK_H
#define NETSETUP_NLSOCK_H

#include <stddef.h>
#include <stdint.h>

#include "nlmsg.h"
#include "nlread.h"

/* The kernel formats its words into at most 80 bytes (NETLINK_MAX_FMTMSG_LEN)
 * and its longest fixed ones are below this.  They are for people, so longer
 * ones are cut, and end in "..." then. */
#define NLSOCK_TEXT_SIZE 128

struct nlsock_error {
	uint32_t seq;			/* which message failed, from 1; 0: none */
	char text[NLSOCK_TEXT_SIZE];	/* the kernel's words, or "" */
};

/* protocol is NETLINK_ROUTE or NETLINK_NETFILTER.  The socket works on the
 * network namespace in which it was opened, and the caller closes it.
 * Returns the fd (close-on-exec, non-blocking) or -errno. */
int nlsock_open(int protocol);

/* Sends all messages of m at once.  Returns 0 when the kernel did them all,
 * else m->error, or the first error that the kernel reported, or that of the
 * transport; -EINVAL if a message is still open or none asks.  err may be
 * NULL; else it is always filled in. */
int nlsock_send(int fd, const struct nlmsg *m, struct nlsock_error *err);

/* The same for bytes that were prepared earlier.  -EINVAL if they are not
 * whole messages of which at least one asks for an acknowledgement.  More of them
 * than the socket has room for need CAP_NET_ADMIN on the board: -EPERM. */
int nlsock_send_bytes(int fd, const void *bytes, size_t len,
		      struct nlsock_error *err);

/* Index of the interface of that name, or -errno (-ENODEV: there is none).
 * fd is a NETLINK_ROUTE socket. */
int nlsock_link_index(int fd, const char *name);

/* One datagram from the kernel, for what reads more than answers to a batch.
 * Returns its length (0 if it is not from the kernel), -EAGAIN if there is
 * none, -EBADMSG if it does not fit. */
int nlsock_receive(int fd, void *buf, size_t size);

/* The rest is pure, in nlsock_parse.c, for netsetup itself and the tests. */

/* Reads an NLMSG_ERROR.  Returns 0 for an acknowledgement, else the kernel's
 * -errno (err is filled in, from all zero) or -EBADMSG.  asked is the header of
 * the message that it answers. */
int nlsock_parse_error(const struct nlmsghdr *header, struct nlread payload,
		       struct nlmsghdr *asked, struct nlsock_error *err);

/* Reads one datagram of answers.  seq is that of the last message which asks
 * for an acknowledgement.  Returns 1 if that one was acknowledged, 0 if the
 * datagram says nothing about it, the kernel's -errno (err is filled in, from
 * all zero) or -EBADMSG if it is cut short. */
int nlsock_parse_ack(const void *bytes, size_t len, uint32_t seq,
		     struct nlsock_error *err);

/* Reads one datagram for the answer to a question about one link.  Returns
 * its index, 0 if it is not in there, or errors as above. */
int nlsock_parse_link(const void *bytes, size_t len, uint32_t seq);

/* Finds in a batch that is to be sent the seq for nlsock_parse_ack.  Returns 0
 * or -EINVAL: not whole messages, or none asks. */
int nlsock_parse_batch(const void *bytes, size_t len, uint32_t *seq);

#endif
