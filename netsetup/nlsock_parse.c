/*
 * Reads netlink messages, the kernel's answers above all: bytes in, a verdict
 * out.  It touches no socket, and reads no field before it has checked that
 * the message, and what it lies in, are long enough.
 *
 * The kernel is not an attacker, but a short answer that were read as a long
 * one would turn what happens to be on the stack into a success.
 */
#include "nlsock.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>

struct cursor {
	const uint8_t *at;
	size_t left;
};

/* Takes the next whole message off c.  Returns 1, 0 at the end, or -EBADMSG. */
static int next_message(struct cursor *c, struct nlmsghdr *header,
			struct cursor *payload)
{
	size_t step;

	if (!c->left)
		return 0;
	if (c->left < sizeof(*header))
		return -EBADMSG;
	memcpy(header, c->at, sizeof(*header));
	if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > c->left)
		return -EBADMSG;
	payload->at = c->at + sizeof(*header);
	payload->left = header->nlmsg_len - sizeof(*header);

	/* The last message of a datagram need not be padded. */
	step = NLMSG_ALIGN((size_t)header->nlmsg_len);
	if (step > c->left)
		step = c->left;
	c->at += step;
	c->left -= step;
	return 1;
}

/* Copies the kernel's words, which end with a NUL or with the attribute. */
static void copy_text(char *text, const uint8_t *from, size_t len)
{
	static const char cut[] = "...";

	len = strnlen((const char *)from, len);
	if (len < NLSOCK_TEXT_SIZE) {
		memcpy(text, from, len);
		text[len] = '\0';
	} else {
		memcpy(text, from, NLSOCK_TEXT_SIZE - sizeof(cut));
		memcpy(text + NLSOCK_TEXT_SIZE - sizeof(cut), cut, sizeof(cut));
	}
}

/* Looks for the words among the attributes behind an error. */
static int read_text(struct cursor c, char *text)
{
	struct nlattr header;
	size_t step;

	while (c.left) {
		if (c.left < sizeof(header))
			return -EBADMSG;
		memcpy(&header, c.at, sizeof(header));
		if (header.nla_len < sizeof(header) || header.nla_len > c.left)
			return -EBADMSG;
		if ((header.nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG)
			copy_text(text, c.at + sizeof(header),
				  header.nla_len - sizeof(header));
		step = NLA_ALIGN((size_t)header.nla_len);
		if (step > c.left)
			step = c.left;
		c.at += step;
		c.left -= step;
	}
	return 0;
}

/* Reads an NLMSG_ERROR.  Returns 0 for an acknowledgement, else the error.
 * asked is the header of the message that it answers. */
static int read_error(const struct nlmsghdr *header, struct cursor payload,
		      struct nlmsghdr *asked, struct nlsock_error *err)
{
	struct nlmsgerr answer;
	size_t quoted = sizeof(answer);

	if (payload.left < sizeof(answer))
		return -EBADMSG;
	memcpy(&answer, payload.at, sizeof(answer));
	if (answer.error > 0 || answer.msg.nlmsg_len < sizeof(answer.msg))
		return -EBADMSG;
	*asked = answer.msg;
	if (!answer.error)
		return 0;

	if (!(header->nlmsg_flags & NLM_F_CAPPED)) {
		if (answer.msg.nlmsg_len - sizeof(answer.msg) >
		    payload.left - sizeof(answer))
			return -EBADMSG;
		quoted += NLMSG_ALIGN((size_t)answer.msg.nlmsg_len) -
			  sizeof(answer.msg);
	}
	err->seq = answer.msg.nlmsg_seq;
	if ((header->nlmsg_flags & NLM_F_ACK_TLVS) && quoted < payload.left &&
	    read_text((struct cursor){ payload.at + quoted,
				       payload.left - quoted }, err->text))
		return -EBADMSG;
	return answer.error;
}

int nlsock_parse_ack(const void *bytes, size_t len, uint32_t seq,
		     struct nlsock_error *err)
{
	struct cursor c = { bytes, len }, payload;
	struct nlmsghdr header, asked;
	int acknowledged = 0, ret;

	while ((ret = next_message(&c, &header, &payload)) > 0) {
		if (header.nlmsg_type != NLMSG_ERROR)
			continue;
		ret = read_error(&header, payload, &asked, err);
		if (ret)
			return ret;
		if (asked.nlmsg_seq == seq)
			acknowledged = 1;
	}
	return ret ? ret : acknowledged;
}

int nlsock_parse_link(const void *bytes, size_t len, uint32_t seq)
{
	struct cursor c = { bytes, len }, payload;
	struct nlsock_error err;
	struct nlmsghdr header, asked;
	struct ifinfomsg link;
	int ret;

	while ((ret = next_message(&c, &header, &payload)) > 0) {
		if (header.nlmsg_type == NLMSG_ERROR) {
			ret = read_error(&header, payload, &asked, &err);
			if (ret)
				return ret;
		}
		if (header.nlmsg_type != RTM_NEWLINK || header.nlmsg_seq != seq)
			continue;
		if (payload.left < sizeof(link))
			return -EBADMSG;
		memcpy(&link, payload.at, sizeof(link));
		return link.ifi_index > 0 ? link.ifi_index : -EBADMSG;
	}
	return ret;
}

int nlsock_parse_batch(const void *bytes, size_t len, uint32_t *seq)
{
	struct cursor c = { bytes, len }, payload;
	struct nlmsghdr header;
	bool asks = false;
	int ret;

	while ((ret = next_message(&c, &header, &payload)) > 0) {
		if (header.nlmsg_flags & NLM_F_ACK) {
			*seq = header.nlmsg_seq;
			asks = true;
		}
	}
	return ret || !asks ? -EINVAL : 0;
}
