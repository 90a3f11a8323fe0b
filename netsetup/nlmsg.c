/*
 * Netlink's framing: where a message starts and ends, where an attribute's
 * length goes, how all is padded to four bytes, and when something does not
 * fit.  It refuses to know what any message means, and to allocate.
 *
 * Headers are copied in and out, never overlaid: the buffer may have any
 * alignment.
 */
#include "nlmsg.h"

#include <endian.h>
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

/* Longest attribute, with its header, that nla_len can say.  Without this
 * check a long one would wrap around and its end be read as further
 * attributes. */
#define ATTR_MAX UINT16_MAX

void nlmsg_fail(struct nlmsg *m, int error)
{
	if (!m->error)
		m->error = error;
}

/* Room for len bytes and their padding, all zero; NULL if the batch has
 * failed, now or before. */
static uint8_t *reserve(struct nlmsg *m, size_t len)
{
	size_t padding = -len & (NLMSG_ALIGNTO - 1);
	size_t room = m->size - m->len;
	uint8_t *at = m->buf + m->len;

	if (!m->error && !m->open)
		nlmsg_fail(m, -EINVAL);
	if (!m->error && (len > room || padding > room - len))
		nlmsg_fail(m, -ENOBUFS);
	if (m->error)
		return NULL;
	memset(at, 0, len + padding);
	m->len += len + padding;
	return at;
}

void nlmsg_init(struct nlmsg *m, void *buf, size_t size)
{
	*m = (struct nlmsg){ .buf = buf, .size = size };
}

void nlmsg_begin(struct nlmsg *m, uint16_t type, uint16_t flags,
		 const void *family_header, size_t family_header_size)
{
	struct nlmsghdr header = {
		.nlmsg_type = type,
		.nlmsg_flags = flags | NLM_F_REQUEST,
		.nlmsg_seq = m->seq + 1,
	};

	if (m->open)
		nlmsg_fail(m, -EINVAL);
	if (m->error)
		return;
	m->open = true;
	m->start = m->len;
	m->seq++;
	nlmsg_put_raw(m, &header, sizeof(header));
	nlmsg_put_raw(m, family_header, family_header_size);
}

void nlmsg_end_quiet(struct nlmsg *m)
{
	uint32_t len = (uint32_t)(m->len - m->start);

	if (!m->open)
		nlmsg_fail(m, -EINVAL);
	if (m->error)
		return;
	m->open = false;
	memcpy(m->buf + m->start + offsetof(struct nlmsghdr, nlmsg_len), &len,
	       sizeof(len));
}

/* Switches NLM_F_ACK on or off in the message at start. */
static void set_ack(struct nlmsg *m, size_t start, bool on)
{
	uint8_t *at = m->buf + start + offsetof(struct nlmsghdr, nlmsg_flags);
	uint16_t flags;

	memcpy(&flags, at, sizeof(flags));
	flags = on ? flags | NLM_F_ACK : flags & ~NLM_F_ACK;
	memcpy(at, &flags, sizeof(flags));
}

void nlmsg_ask(struct nlmsg *m)
{
	if (m->open || !m->len)
		nlmsg_fail(m, -EINVAL);
	if (m->error)
		return;
	set_ack(m, m->ack, false);
	set_ack(m, m->start, true);
	m->ack = m->start;
}

void nlmsg_end(struct nlmsg *m)
{
	nlmsg_end_quiet(m);
	nlmsg_ask(m);
}

void nlmsg_put_raw(struct nlmsg *m, const void *data, size_t len)
{
	uint8_t *at = reserve(m, len);

	if (at && len)
		memcpy(at, data, len);
}

void nlmsg_put(struct nlmsg *m, uint16_t attr, const void *data, size_t len)
{
	struct nlattr header = { .nla_type = attr };
	uint8_t *at;

	if (len > ATTR_MAX - NLA_HDRLEN) {
		nlmsg_fail(m, -EMSGSIZE);
		return;
	}
	header.nla_len = (uint16_t)(NLA_HDRLEN + len);
	at = reserve(m, header.nla_len);
	if (!at)
		return;
	memcpy(at, &header, sizeof(header));
	if (len)
		memcpy(at + NLA_HDRLEN, data, len);
}

void nlmsg_put_u8(struct nlmsg *m, uint16_t attr, uint8_t value)
{
	nlmsg_put(m, attr, &value, sizeof(value));
}

void nlmsg_put_u16(struct nlmsg *m, uint16_t attr, uint16_t value)
{
	nlmsg_put(m, attr, &value, sizeof(value));
}

void nlmsg_put_u32(struct nlmsg *m, uint16_t attr, uint32_t value)
{
	nlmsg_put(m, attr, &value, sizeof(value));
}

void nlmsg_put_be32(struct nlmsg *m, uint16_t attr, uint32_t value)
{
	nlmsg_put_u32(m, attr, htobe32(value));
}

void nlmsg_put_str(struct nlmsg *m, uint16_t attr, const char *text)
{
	nlmsg_put(m, attr, text, strlen(text) + 1);
}

size_t nlmsg_nest(struct nlmsg *m, uint16_t attr)
{
	size_t at = m->len;

	nlmsg_put(m, attr | NLA_F_NESTED, NULL, 0);
	return at;
}

void nlmsg_nest_end(struct nlmsg *m, size_t at)
{
	uint16_t len;

	if (m->error)
		return;
	if (!m->open || at < m->start + NLMSG_HDRLEN ||
	    at + NLA_HDRLEN > m->len) {
		nlmsg_fail(m, -EINVAL);
	} else if (m->len - at > ATTR_MAX) {
		nlmsg_fail(m, -EMSGSIZE);
	} else {
		len = (uint16_t)(m->len - at);
		memcpy(m->buf + at + offsetof(struct nlattr, nla_len), &len,
		       sizeof(len));
	}
}
