/*
 * What has to hold for whatever comes as the kernel's answer: no field is read
 * that is not there, every item is one that can be, and another walk over the
 * same bytes finds as many messages.
 */
#ifndef TESTS_FUZZ_NETLINK_CHECK_H
#define TESTS_FUZZ_NETLINK_CHECK_H

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netsetup/nft_read.h"
#include "netsetup/nldump.h"
#include "netsetup/nlsock.h"
#include "netsetup/rtnl.h"

#define NETLINK_CHECK_SEQ 4u

struct netlink_seen {
	long items;
	bool wrong;
};

static inline bool netlink_prefix_fits(uint8_t family, uint8_t prefix)
{
	return (family == AF_INET && prefix <= 32) || (family == AF_INET6 && prefix <= 128);
}

static inline bool netlink_item_can_be(const struct rtnl_item *item)
{
	switch (item->type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return item->link.index > 0 && memchr(item->link.name, 0, RTNL_NAME_SIZE) &&
		       memchr(item->link.kind, 0, RTNL_NAME_SIZE);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return item->addr.index > 0 &&
		       netlink_prefix_fits(item->addr.family, item->addr.prefix);
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return netlink_prefix_fits(item->route.family, item->route.prefix);
	default:
		return false;
	}
}

static inline int netlink_see(void *context, const struct rtnl_item *item)
{
	struct netlink_seen *seen = context;

	seen->items++;
	if (!item || !netlink_item_can_be(item))
		seen->wrong = true;
	return 0;
}

/* Messages that could be items: what types and families say.  -1: the bytes are
 * not whole messages. */
static inline long netlink_count(const uint8_t *bytes, size_t len)
{
	long n = 0;

	for (size_t at = 0; at < len;) {
		struct nlmsghdr h;

		if (len - at < sizeof(h))
			return -1;
		memcpy(&h, bytes + at, sizeof(h));
		if (h.nlmsg_len < sizeof(h) || h.nlmsg_len > len - at)
			return -1;
		n += h.nlmsg_type >= RTM_NEWLINK && h.nlmsg_type <= RTM_DELROUTE &&
		     h.nlmsg_type % 4 < 2;
		at += (h.nlmsg_len + (size_t)3) & ~(size_t)3;
	}
	return n;
}

static inline bool netlink_check_events(const uint8_t *bytes, size_t len)
{
	struct netlink_seen seen = { 0 };
	const struct rtnl_taker taker = { netlink_see, &seen };
	long most = netlink_count(bytes, len);
	int ret = rtnl_parse_events(bytes, len, &taker);

	if (seen.wrong || ret > 0 || (most < 0) > (ret == -EBADMSG))
		return false;
	return most < 0 || seen.items <= most;
}

static inline bool netlink_check_dump(const uint8_t *bytes, size_t len)
{
	struct netlink_seen seen = { 0 };
	const struct rtnl_taker taker = { netlink_see, &seen };
	const struct nldump_taker each = { rtnl_take_message, (void *)&taker };
	bool interrupted = false;
	int ret = nldump_parse(bytes, len, NETLINK_CHECK_SEQ, &interrupted, &each);

	return !seen.wrong && ret <= 1;
}

static inline int netlink_see_element(void *context, const struct nft_read_element *is)
{
	struct netlink_seen *seen = context;

	seen->items++;
	if (!is || !memchr(is->comment, 0, NFT_READ_COMMENT_SIZE) ||
	    (!is->counts && (is->packets || is->bytes)))
		seen->wrong = true;
	return 0;
}

static inline bool netlink_check_elements(const uint8_t *bytes, size_t len)
{
	struct netlink_seen seen = { 0 };
	const struct nft_read_taker taker = { netlink_see_element, &seen };
	const struct nldump_taker each = { nft_read_message, (void *)&taker };
	bool interrupted = false;
	int ret = nldump_parse(bytes, len, NETLINK_CHECK_SEQ, &interrupted, &each);

	return !seen.wrong && ret <= 1;
}

/* Whole or not, the words end, and only a failure has any. */
static inline bool netlink_check_answers(const uint8_t *bytes, size_t len)
{
	struct nlsock_error err = { 0 };
	uint32_t seq = 0;
	int ret = nlsock_parse_ack(bytes, len, NETLINK_CHECK_SEQ, &err);

	if (ret > 1 || !memchr(err.text, 0, sizeof(err.text)) || (ret >= 0 && err.text[0]))
		return false;
	ret = nlsock_parse_batch(bytes, len, &seq);
	if (ret != 0 && ret != -EINVAL)
		return false;
	return netlink_count(bytes, len) >= 0 || ret == -EINVAL;
}

static inline bool netlink_check(const uint8_t *bytes, size_t len)
{
	nlsock_parse_link(bytes, len, NETLINK_CHECK_SEQ);
	return netlink_check_events(bytes, len) && netlink_check_dump(bytes, len) &&
	       netlink_check_elements(bytes, len) && netlink_check_answers(bytes, len);
}

#endif
