/*
 * Reads the kernel's answers to a batch: bytes in, a verdict out.  It decides
 * which answers count, and what the kernel's words are; it refuses to know
 * framing (nlread.c does), sockets, and what was asked.
 */
#include "nlsock.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>

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
static int read_text(struct nlread r, char *text)
{
	struct nlread value;
	uint16_t type;
	int ret;

	while ((ret = nlread_attr(&r, &type, &value)) > 0)
		if (type == NLMSGERR_ATTR_MSG)
			copy_text(text, value.at, value.left);
	return ret;
}

int nlsock_parse_error(const struct nlmsghdr *header, struct nlread payload,
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
	    read_text((struct nlread){ payload.at + quoted,
				       payload.left - quoted }, err->text))
		return -EBADMSG;
	return answer.error;
}

int nlsock_parse_ack(const void *bytes, size_t len, uint32_t seq,
		     struct nlsock_error *err)
{
	struct nlread r = { bytes, len }, payload;
	struct nlmsghdr header, asked;
	int acknowledged = 0, ret;

	while ((ret = nlread_message(&r, &header, &payload)) > 0) {
		if (header.nlmsg_type != NLMSG_ERROR)
			continue;
		ret = nlsock_parse_error(&header, payload, &asked, err);
		if (ret)
			return ret;
		if (asked.nlmsg_seq == seq)
			acknowledged = 1;
	}
	return ret ? ret : acknowledged;
}

int nlsock_parse_link(const void *bytes, size_t len, uint32_t seq)
{
	struct nlread r = { bytes, len }, payload;
	struct nlsock_error err;
	struct nlmsghdr header, asked;
	struct ifinfomsg link;
	int ret;

	while ((ret = nlread_message(&r, &header, &payload)) > 0) {
		if (header.nlmsg_type == NLMSG_ERROR) {
			ret = nlsock_parse_error(&header, payload, &asked, &err);
			if (ret)
				return ret;
		}
		if (header.nlmsg_type != RTM_NEWLINK || header.nlmsg_seq != seq)
			continue;
		if (nlread_header(&payload, &link, sizeof(link)))
			return -EBADMSG;
		return link.ifi_index > 0 ? link.ifi_index : -EBADMSG;
	}
	return ret;
}

int nlsock_parse_batch(const void *bytes, size_t len, uint32_t *seq)
{
	struct nlread r = { bytes, len }, payload;
	struct nlmsghdr header;
	bool asks = false;
	int ret;

	while ((ret = nlread_message(&r, &header, &payload)) > 0) {
		if (header.nlmsg_flags & NLM_F_ACK) {
			*seq = header.nlmsg_seq;
			asks = true;
		}
	}
	return ret || !asks ? -EINVAL : 0;
}
