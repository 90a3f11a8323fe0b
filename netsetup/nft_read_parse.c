/*
 * Reads messages about elements of sets: bytes in, comments and counters out.  It
 * refuses to know sockets, and what a comment means.
 *
 * Attributes and expressions that it does not know are passed over; one that it
 * knows and that has the wrong size is an error.
 */
#include "nft_read.h"

#include <endian.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>

/* Of the types of user data, nft(8)'s for a comment. */
#define USERDATA_COMMENT 0

static int read_number(struct nlread value, uint64_t *number)
{
	int ret = nlread_value(value, number, sizeof(*number));

	*number = be64toh(*number);
	return ret;
}

static int read_counter(struct nlread data, struct nft_read_element *element)
{
	struct nlread value;
	uint16_t type;
	int ret;

	element->counts = true;
	while ((ret = nlread_attr(&data, &type, &value)) > 0) {
		ret = type == NFTA_COUNTER_PACKETS ? read_number(value, &element->packets) :
		      type == NFTA_COUNTER_BYTES ? read_number(value, &element->bytes) : 0;
		if (ret)
			return ret;
	}
	return ret;
}

static bool is_counter(struct nlread name)
{
	static const char counter[] = "counter";

	return name.left == sizeof(counter) && !memcmp(name.at, counter, sizeof(counter));
}

/* The name stands before the data.  An element with several expressions, which is none
 * of pith's, has another attribute for them. */
static int read_expression(struct nlread r, struct nft_read_element *element)
{
	struct nlread value;
	bool counter = false;
	uint16_t type;
	int ret;

	while ((ret = nlread_attr(&r, &type, &value)) > 0) {
		if (type == NFTA_EXPR_NAME)
			counter = is_counter(value);
		else if (type == NFTA_EXPR_DATA && counter)
			return read_counter(value, element);
	}
	return ret;
}

/* Each is a type, a length and that many bytes, without padding.  Whoever made the
 * element chose them, and the kernel keeps them unread: what is not whole is no comment,
 * and no error. */
static void read_userdata(struct nlread r, struct nft_read_element *element)
{
	while (r.left >= 2) {
		size_t len = r.at[1];

		if (len > r.left - 2)
			return;
		if (r.at[0] == USERDATA_COMMENT &&
		    nlread_text((struct nlread){ r.at + 2, len }, element->comment,
				sizeof(element->comment)))
			element->comment[0] = '\0';
		r.at += 2 + len;
		r.left -= 2 + len;
	}
}

static int read_element(struct nlread r, struct nft_read_element *element)
{
	struct nlread value;
	uint16_t type;
	int ret;

	*element = (struct nft_read_element){ .comment = "" };
	while ((ret = nlread_attr(&r, &type, &value)) > 0) {
		if (type == NFTA_SET_ELEM_USERDATA)
			read_userdata(value, element);
		ret = type == NFTA_SET_ELEM_EXPR ? read_expression(value, element) : 0;
		if (ret)
			return ret;
	}
	return ret;
}

static int take_elements(struct nlread r, const struct nft_read_taker *taker)
{
	struct nft_read_element element;
	struct nlread value;
	uint16_t type;
	int ret;

	while ((ret = nlread_attr(&r, &type, &value)) > 0) {
		if (type != NFTA_LIST_ELEM)
			continue;
		ret = read_element(value, &element);
		if (!ret)
			ret = taker->take(taker->context, &element);
		if (ret)
			return ret;
	}
	return ret;
}

int nft_read_message(void *context, const struct nlmsghdr *header, struct nlread payload)
{
	const struct nft_read_taker *taker = context;
	struct nfgenmsg family;
	struct nlread value;
	uint16_t type;
	int ret;

	if (!header)
		return taker->take(taker->context, NULL);
	if (header->nlmsg_type != (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWSETELEM))
		return 0;
	ret = nlread_header(&payload, &family, sizeof(family));
	if (ret)
		return ret;
	while ((ret = nlread_attr(&payload, &type, &value)) > 0) {
		ret = type == NFTA_SET_ELEM_LIST_ELEMENTS ? take_elements(value, taker) : 0;
		if (ret)
			return ret;
	}
	return ret;
}
