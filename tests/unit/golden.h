/*
 * Tests of messages for the kernel: that a builder makes the golden bytes, that
 * they say what ip(8) or nft(8) says for the same thing, and that a smaller
 * buffer is an error.
 *
 * What those say is captured, by
 *	strace -e trace=sendmsg,sendto -e write=all COMMAND
 * in a network namespace of its own (unshare -n), with iproute2 6.1.0 and
 * nftables 1.0.6 of Debian 12.  Ours may differ in the order of attributes, in
 * the nested flag and the NUL of a kind (ip leaves both out), in naming an
 * interface where ip looks up its index, in sequence numbers and in asking for
 * an answer; any other difference stands in the row.
 *
 * Include cmocka.h first.
 */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <errno.h>
#include <linux/if_link.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdbool.h>
#include <string.h>

#include "hex.h"
#include "netsetup/nlmsg.h"

#define GOLDEN_SIZE 1024	/* above the longest message here */

struct golden {
	const char *name;
	void (*build)(struct nlmsg *m);
	const char *bytes;	/* NULL: what was captured is enough */
	const char *command;	/* what was captured; NULL: nothing says the same */
	const char *captured;
	uint16_t unlike;	/* flags of the message that only one of the two has */
	uint16_t only_theirs;	/* an attribute, just once; 0: none */
};

struct golden_attrs {
	const uint8_t *at;
	size_t left;
};

/* Captures are whole; a length that is not is a mistake in the test. */
static inline bool golden_next(struct golden_attrs *a, struct nlattr *header,
			       struct golden_attrs *value)
{
	size_t step;

	if (!a->left)
		return false;
	assert_true(a->left >= sizeof(*header));
	memcpy(header, a->at, sizeof(*header));
	assert_true(header->nla_len >= sizeof(*header) && header->nla_len <= a->left);
	value->at = a->at + sizeof(*header);
	value->left = header->nla_len - sizeof(*header);
	step = NLA_ALIGN((size_t)header->nla_len);
	if (step > a->left)
		step = a->left;
	a->at += step;
	a->left -= step;
	return true;
}

static inline bool golden_find(struct golden_attrs a, uint16_t type, int nth,
			       struct golden_attrs *value)
{
	struct nlattr header;

	while (golden_next(&a, &header, value))
		if ((header.nla_type & NLA_TYPE_MASK) == type && nth-- == 0)
			return true;
	return false;
}

static inline int golden_count(struct golden_attrs a)
{
	struct golden_attrs value;
	struct nlattr header;
	int n = 0;

	while (golden_next(&a, &header, &value))
		n++;
	return n;
}

static inline struct golden_attrs golden_rest(struct golden_attrs a, size_t skip)
{
	assert_true(a.left >= skip);
	return (struct golden_attrs){ a.at + skip, a.left - skip };
}

struct golden_walk {
	const struct golden *golden;
	bool nfnetlink;		/* its brackets have the types of RTM_…LINK */
	bool link;		/* a message of rtnetlink about a link */
	bool by_index;		/* theirs has an index in place of the name */
	int only_theirs;	/* so many were passed over */
};

/* A link's header precedes the attributes of a veth's peer. */
static inline size_t golden_skip(const struct golden_walk *w, int depth, uint16_t type,
				 struct golden_attrs value)
{
	return w->link && depth == 2 && type == VETH_INFO_PEER && value.left >= 16 ? 16 : 0;
}

static inline void golden_assert_attrs(struct golden_walk *w, struct golden_attrs ours,
				       struct golden_attrs theirs, int depth)
{
	struct golden_attrs rest = ours, value, other;
	int seen[64] = { 0 }, matched = 0;
	struct nlattr header;

	while (golden_next(&rest, &header, &value)) {
		uint16_t type = header.nla_type & NLA_TYPE_MASK;

		assert_true(type < 64);
		if (!depth && w->by_index && type == IFLA_IFNAME)
			continue;
		if (!golden_find(theirs, type, seen[type]++, &other))
			fail_msg("attribute %u at depth %d is only ours", type, depth);
		matched++;
		if (header.nla_type & NLA_F_NESTED) {
			size_t skip = golden_skip(w, depth, type, value);

			assert_memory_equal(value.at, other.at, skip);
			golden_assert_attrs(w, golden_rest(value, skip), golden_rest(other, skip),
					    depth + 1);
			continue;
		}
		if (value.left == other.left + 1 && !value.at[other.left])
			value.left--;
		if (value.left != other.left || memcmp(value.at, other.at, value.left))
			fail_msg("attribute %u at depth %d differs", type, depth);
	}
	if (w->golden->only_theirs &&
	    golden_find(theirs, w->golden->only_theirs, seen[w->golden->only_theirs], &other)) {
		w->only_theirs++;
		matched++;
	}
	if (matched != golden_count(theirs))
		fail_msg("an attribute at depth %d is only theirs", depth);
}

static inline size_t golden_header_size(const struct golden_walk *w, uint16_t type)
{
	switch (w->nfnetlink ? 0 : type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return sizeof(struct ifinfomsg);
	case RTM_NEWADDR:
	case RTM_DELADDR:
		return 8;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
	case RTM_NEWNEIGH:
		return 12;
	default:
		return sizeof(struct nfgenmsg);
	}
}

/* Compares one message and moves both behind it. */
static inline void golden_assert_message(struct golden_walk *w, struct golden_attrs *ours,
					 struct golden_attrs *theirs)
{
	struct nlmsghdr a, b;
	uint8_t ours_header[16], theirs_header[16];
	size_t size, begin;
	uint16_t unlike;

	assert_true(ours->left >= sizeof(a) && theirs->left >= sizeof(b));
	memcpy(&a, ours->at, sizeof(a));
	memcpy(&b, theirs->at, sizeof(b));
	assert_int_equal(a.nlmsg_type, b.nlmsg_type);
	w->link = !w->nfnetlink && (a.nlmsg_type == RTM_NEWLINK || a.nlmsg_type == RTM_DELLINK);
	unlike = w->nfnetlink && a.nlmsg_type <= NFNL_MSG_BATCH_END ? 0 : w->golden->unlike;
	assert_int_equal((a.nlmsg_flags ^ b.nlmsg_flags) & ~NLM_F_ACK, unlike);
	size = golden_header_size(w, a.nlmsg_type);
	begin = sizeof(a) + size;
	assert_true(a.nlmsg_len >= begin && b.nlmsg_len >= begin);
	memcpy(ours_header, ours->at + sizeof(a), size);
	memcpy(theirs_header, theirs->at + sizeof(b), size);
	w->by_index = false;
	if (w->link && !memcmp(ours_header + 4, "\0\0\0\0", 4)) {
		w->by_index = memcmp(theirs_header + 4, "\0\0\0\0", 4) != 0;
		memset(theirs_header + 4, 0, 4);
	}
	assert_memory_equal(ours_header, theirs_header, size);
	assert_true(a.nlmsg_len <= ours->left && b.nlmsg_len <= theirs->left);
	golden_assert_attrs(w, (struct golden_attrs){ ours->at + begin, a.nlmsg_len - begin },
			    (struct golden_attrs){ theirs->at + begin, b.nlmsg_len - begin }, 0);
	*ours = golden_rest(*ours, a.nlmsg_len);
	*theirs = golden_rest(*theirs, b.nlmsg_len);
}

static inline void golden_build(const struct golden *golden, struct nlmsg *m, uint8_t *buf)
{
	nlmsg_init(m, buf, GOLDEN_SIZE);
	golden->build(m);
	assert_int_equal(m->error, 0);
}

static void golden_is_what_was_captured(void **state)
{
	const struct golden *golden = *state;
	struct golden_walk walk = { .golden = golden };
	uint8_t buf[GOLDEN_SIZE], captured[GOLDEN_SIZE];
	struct golden_attrs ours, theirs = { captured, 0 };
	struct nlmsg m;

	/* Without its command a capture cannot be made again. */
	assert_non_null(golden->command);
	golden_build(golden, &m, buf);
	ours = (struct golden_attrs){ buf, m.len };
	theirs.left = hex_read(golden->captured, captured, sizeof(captured));
	walk.nfnetlink = m.len > 20 && buf[0] == 20;	/* shorter than a link's */
	while (ours.left && theirs.left)
		golden_assert_message(&walk, &ours, &theirs);
	assert_int_equal(ours.left, 0);
	assert_int_equal(theirs.left, 0);
	assert_int_equal(walk.only_theirs, golden->only_theirs != 0);
}

static void golden_has_its_bytes(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[GOLDEN_SIZE];
	struct nlmsg m;

	golden_build(golden, &m, buf);
	hex_assert_equal(m.buf, m.len, golden->bytes);
}

static void golden_in_a_smaller_buffer_is_enobufs(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[GOLDEN_SIZE];
	struct nlmsg m;
	size_t whole;

	golden_build(golden, &m, buf);
	whole = m.len;
	for (size_t size = 0; size < whole; size++) {
		nlmsg_init(&m, buf, size);
		golden->build(&m);
		assert_int_equal(m.error, -ENOBUFS);
	}
}

#define GOLDEN_TESTS 3		/* of each row, at most */

struct golden_names {
	char text[GOLDEN_TESTS][96];
};

/* Puts the tests of a row at tests; returns how many. */
static inline size_t golden_add(const struct golden *golden, struct CMUnitTest *tests,
				struct golden_names *names)
{
	const struct {
		const char *claim, *needs;
		CMUnitTestFunction function;
	} all[GOLDEN_TESTS] = {
		{ "has_the_golden_bytes", golden->bytes, golden_has_its_bytes },
		{ "is_what_was_captured", golden->captured, golden_is_what_was_captured },
		{ "in_a_smaller_buffer_is_enobufs", golden->name,
		  golden_in_a_smaller_buffer_is_enobufs },
	};
	size_t n = 0;

	for (size_t i = 0; i < GOLDEN_TESTS; i++) {
		if (!all[i].needs)
			continue;
		snprintf(names->text[n], sizeof(names->text[n]), "%s_%s", golden->name,
			 all[i].claim);
		tests[n] = (struct CMUnitTest){
			.name = names->text[n],
			.test_func = all[i].function,
			.initial_state = (void *)golden,
		};
		n++;
	}
	return n;
}

#endif
