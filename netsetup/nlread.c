/*
 * Takes netlink bytes apart.  It decides what is whole, and refuses to know
 * what any of it means.
 *
 * The kernel is not an attacker, but a short answer that were read as a long
 * one would turn what happens to be on the stack into a success.
 */
#include "nlread.h"

#include <errno.h>
#include <string.h>

/* Moves r behind len bytes and their padding, which the last ones of all need
 * not have. */
static void skip(struct nlread *r, size_t len)
{
	size_t step = NLMSG_ALIGN(len);

	if (step > r->left)
		step = r->left;
	r->at += step;
	r->left -= step;
}

int nlread_message(struct nlread *r, struct nlmsghdr *header, struct nlread *payload)
{
	if (!r->left)
		return 0;
	if (r->left < sizeof(*header))
		return -EBADMSG;
	memcpy(header, r->at, sizeof(*header));
	if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > r->left)
		return -EBADMSG;
	payload->at = r->at + sizeof(*header);
	payload->left = header->nlmsg_len - sizeof(*header);
	skip(r, header->nlmsg_len);
	return 1;
}

int nlread_header(struct nlread *r, void *header, size_t size)
{
	if (r->left < size)
		return -EBADMSG;
	memcpy(header, r->at, size);
	skip(r, size);
	return 0;
}

int nlread_attr(struct nlread *r, uint16_t *type, struct nlread *value)
{
	struct nlattr header;

	if (!r->left)
		return 0;
	if (r->left < sizeof(header))
		return -EBADMSG;
	memcpy(&header, r->at, sizeof(header));
	if (header.nla_len < sizeof(header) || header.nla_len > r->left)
		return -EBADMSG;
	*type = header.nla_type & NLA_TYPE_MASK;
	value->at = r->at + sizeof(header);
	value->left = header.nla_len - sizeof(header);
	skip(r, header.nla_len);
	return 1;
}

int nlread_value(struct nlread value, void *to, size_t size)
{
	if (value.left != size)
		return -EBADMSG;
	memcpy(to, value.at, size);
	return 0;
}

int nlread_text(struct nlread value, char *to, size_t size)
{
	size_t len = strnlen((const char *)value.at, value.left);

	if (len >= size)
		return -EBADMSG;
	memcpy(to, value.at, len);
	to[len] = '\0';
	return 0;
}
