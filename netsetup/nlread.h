/*
 * Reads netlink messages and attributes, one after the other, from bytes that
 * somebody else owns.  It knows netlink's framing and nothing of any family,
 * and touches no socket.
 *
 * No field is read before the message, and what it lies in, are known to be
 * long enough.  What is cut short, or says a length that cannot be, is
 * -EBADMSG; nothing is guessed.
 *
 *	struct nlread r = { bytes, len }, payload;
 *
 *	while ((rc = nlread_message(&r, &header, &payload)) > 0)
 *		…
 *
 * Source: linux/netlink.h; netlink(7).
 */
#ifndef NETSETUP_NLREAD_H
#define NETSETUP_NLREAD_H

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/* What is still to be read, at any alignment. */
struct nlread {
	const uint8_t *at;
	size_t left;
};

/* Takes the next whole message off r.  Returns 1, 0 at the end, or -EBADMSG. */
int nlread_message(struct nlread *r, struct nlmsghdr *header, struct nlread *payload);

/* Takes a family's header (struct ifinfomsg and the like) off a payload and
 * copies it.  Returns 0 or -EBADMSG. */
int nlread_header(struct nlread *r, void *header, size_t size);

/* Takes the next attribute off r; type is without the flags in it.  Returns 1,
 * 0 at the end, or -EBADMSG. */
int nlread_attr(struct nlread *r, uint16_t *type, struct nlread *value);

/* The whole value of an attribute, which must have just that size.  Returns 0
 * or -EBADMSG. */
int nlread_value(struct nlread value, void *to, size_t size);

/* A text that ends with a NUL or with the attribute; size includes a NUL.
 * Returns 0, or -EBADMSG if it does not fit: it is not what was meant. */
int nlread_text(struct nlread value, char *to, size_t size);

#endif
