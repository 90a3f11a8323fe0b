/*
 * Builds netlink messages in a buffer that the caller owns: headers,
 * attributes, nests, and batches (several messages one after the other, for
 * one sendmsg).  It knows netlink's framing and nothing of any family; it
 * touches no socket, so the same calls give the same bytes at every run, on
 * the build machine too.
 *
 * Errors are sticky.  Every put checks for room first; the first failure
 * stays in .error, nothing is written from then on, and one check before
 * sending covers them all (nlsock_send does it):
 *   -ENOBUFS   the buffer is full
 *   -EMSGSIZE  an attribute or nest does not fit its 16-bit length
 *   -EINVAL    a put outside a message, a message inside another, a bad nest
 *
 * Numbers are in host order unless the name says be: then the argument is in
 * host order and the attribute in network order.
 * Source: linux/netlink.h; netlink(7); RFC 3549.
 */
#ifndef NETSETUP_NLMSG_H
#define NETSETUP_NLMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nlmsg {
	uint8_t *buf;		/* the caller's; any alignment */
	size_t size;		/* bytes there */
	size_t len;		/* bytes used; what is to be sent */
	size_t start;		/* of the message that is open, or was last */
	size_t ack;		/* of the message that asks for an answer */
	uint32_t seq;		/* of that message: 1, 2, … in each buffer */
	bool open;		/* between nlmsg_begin and nlmsg_end */
	int error;		/* 0, or the first failure as -errno */
};

/* Starts an empty batch.  The buffer must outlive m's use. */
void nlmsg_init(struct nlmsg *m, void *buf, size_t size);

/* Poisons the batch with error (-errno), unless it is already: for builders
 * on top of this one whose own arguments are wrong. */
void nlmsg_fail(struct nlmsg *m, int error);

/* Opens a message; NLM_F_REQUEST is added to flags.  The family's header
 * (struct ifinfomsg and the like) is copied. */
void nlmsg_begin(struct nlmsg *m, uint16_t type, uint16_t flags,
		 const void *family_header, size_t family_header_size);

/* Closes it and asks the kernel to acknowledge it.  Only the last message so
 * closed in a buffer asks: errors are answered anyway, so one
 * acknowledgement at the end speaks for all. */
void nlmsg_end(struct nlmsg *m);

/* Closes it and leaves the question with the message that had it, if any. */
void nlmsg_end_quiet(struct nlmsg *m);

/* Makes the message that was closed last the one that asks. */
void nlmsg_ask(struct nlmsg *m);

void nlmsg_put(struct nlmsg *m, uint16_t attr, const void *data, size_t len);
void nlmsg_put_u8(struct nlmsg *m, uint16_t attr, uint8_t value);
void nlmsg_put_u16(struct nlmsg *m, uint16_t attr, uint16_t value);
void nlmsg_put_u32(struct nlmsg *m, uint16_t attr, uint32_t value);
void nlmsg_put_be32(struct nlmsg *m, uint16_t attr, uint32_t value);
void nlmsg_put_str(struct nlmsg *m, uint16_t attr, const char *text);

/* Bytes without an attribute header (a family header inside a nest), padded
 * with zeros to four bytes. */
void nlmsg_put_raw(struct nlmsg *m, const void *data, size_t len);

/* Opens an attribute that holds attributes; what it returns closes it.
 * Nests close in reverse order, before their message. */
size_t nlmsg_nest(struct nlmsg *m, uint16_t attr);
void nlmsg_nest_end(struct nlmsg *m, size_t at);

#endif
