/*
 * What the kernel says of links, addresses and routes: only what is whole and
 * can be becomes an item, and a dump during which the tables changed is started
 * over.  The scripted kernel speaks through send and recvmsg; the real one is
 * asked for its links, which takes no privileges.
 *
 * links: netsetup/rtnl.c netsetup/rtnl_parse.c netsetup/nldump.c netsetup/nldump_parse.c
 * links: netsetup/nft_read_parse.c
 * links: netsetup/nlsock.c netsetup/nlsock_parse.c netsetup/nlread.c netsetup/nlmsg.c
 * libraries: -Wl,--wrap=send -Wl,--wrap=recvmsg
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "edge.h"
#include "hex.h"
#include "netsetup/nldump.h"
#include "netsetup/nlsock.h"
#include "netsetup/rtnl.h"
#include "tests/fuzz/netlink_check.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define SEQ NETLINK_CHECK_SEQ

#define LINK \
	"6c000000 1000 0200 04000000 39300000" \
	"0000 0100 07000000 43100100 00000000" \
	"0800 0300 77656200" \
	"0500 1000 06000000" \
	"0800 0400 78050000" \
	"0800 0500 02000000" \
	"0800 0a00 03000000" \
	"0a00 0100 0270010000040000" \
	"1800 1280 09000100 76657468 00000000 0800 0280 04000180"
#define ADDR4 \
	"30000000 1400 0200 04000000 39300000 02188000 02000000" \
	"0800 0100 0a4d0009 0800 0200 0a4d0004 0800 0800 80000000"
#define ADDR6 \
	"2c000000 1400 0200 04000000 39300000 0a408000 02000000" \
	"1400 0100 fd000000 00000000 00000000 00000004"
#define ROUTE4 \
	"3c000000 1800 0200 04000000 39300000 02000000 fe040001 00000000" \
	"0800 0f00 fe000000 0800 0500 0a4d0001 0800 0400 02000000 0800 0600 64000000"
#define ROUTE6 \
	"38000000 1800 0200 04000000 39300000 0a800000 fe04fd01 00000000" \
	"1400 0100 20010db8 00000000 00000000 00000001 0800 0400 02000000"
#define DONE "14000000 0300 0200 04000000 39300000 00000000"

/* Keeps the last item and counts. */
struct taken {
	int items, starts;
	int error;		/* what it returns for an item */
	struct rtnl_item last;
};

static int keep(void *context, const struct rtnl_item *item)
{
	struct taken *taken = context;

	if (!item) {
		taken->starts++;
		taken->items = 0;
		return 0;
	}
	taken->items++;
	taken->last = *item;
	return taken->error;
}

static int parse(const char *text, struct taken *taken, bool *interrupted)
{
	const struct rtnl_taker taker = { keep, taken };
	const struct nldump_taker each = { rtnl_take_message, (void *)&taker };
	uint8_t bytes[512];
	size_t len = hex_read(text, bytes, sizeof(bytes));

	return nldump_parse(at_the_edge(bytes, len), len, SEQ, interrupted, &each);
}

static struct rtnl_item only_item(const char *text)
{
	struct taken taken = { 0 };
	bool interrupted = false;

	assert_int_equal(parse(text, &taken, &interrupted), 0);
	assert_int_equal(taken.items, 1);
	assert_false(interrupted);
	return taken.last;
}

static void link_is_read(void **state)
{
	struct rtnl_item item = only_item(LINK);
	static const uint8_t mac[LINK_MAC_SIZE] = { 2, 0x70, 1, 0, 0, 4 };

	(void)state;
	assert_int_equal(item.type, RTM_NEWLINK);
	assert_int_equal(item.link.index, 7);
	assert_int_equal(item.link.master, 3);
	assert_int_equal(item.link.parent, 2);
	assert_int_equal(item.link.flags, 0x11043);
	assert_int_equal(item.link.mtu_bytes, 1400);
	assert_true(item.link.has_mac);
	assert_memory_equal(item.link.mac, mac, sizeof(mac));
	assert_string_equal(item.link.name, "web");
	assert_string_equal(item.link.kind, "veth");
}

static void address_is_its_own_and_not_its_peers(void **state)
{
	static const uint8_t own[16] = { 10, 77, 0, 4 };
	struct rtnl_item item = only_item(ADDR4);

	(void)state;
	assert_int_equal(item.type, RTM_NEWADDR);
	assert_int_equal(item.addr.family, AF_INET);
	assert_int_equal(item.addr.prefix, 24);
	assert_int_equal(item.addr.index, 2);
	assert_int_equal(item.addr.flags, 0x80);
	assert_memory_equal(item.addr.address, own, 16);
	item = only_item("28000000 1400 0200 04000000 39300000 02180000 02000000"
			 "0800 0200 0a4d0004 0800 0100 0a4d0009");
	assert_memory_equal(item.addr.address, own, 16);
}

static void ipv6_address_is_read(void **state)
{
	static const uint8_t own[16] = { 0xfd, [15] = 4 };
	struct rtnl_item item = only_item(ADDR6);

	(void)state;
	assert_int_equal(item.addr.family, AF_INET6);
	assert_int_equal(item.addr.prefix, 64);
	assert_memory_equal(item.addr.address, own, 16);
}

static void route_is_read(void **state)
{
	static const uint8_t none[16], gateway[16] = { 10, 77, 0, 1 };
	static const uint8_t far[16] = { 0x20, 1, 0x0d, 0xb8, [15] = 1 };
	struct rtnl_item item = only_item(ROUTE4);

	(void)state;
	assert_int_equal(item.type, RTM_NEWROUTE);
	assert_int_equal(item.route.prefix, 0);
	assert_int_equal(item.route.table, RT_TABLE_MAIN);
	assert_int_equal(item.route.protocol, RTPROT_STATIC);
	assert_int_equal(item.route.type, RTN_UNICAST);
	assert_int_equal(item.route.index, 2);
	assert_int_equal(item.route.metric, 100);
	assert_true(item.route.has_gateway);
	assert_memory_equal(item.route.gateway, gateway, 16);
	assert_memory_equal(item.route.destination, none, 16);
	item = only_item(ROUTE6);
	assert_int_equal(item.route.prefix, 128);
	assert_int_equal(item.route.scope, RT_SCOPE_LINK);
	assert_false(item.route.has_gateway);
	assert_memory_equal(item.route.destination, far, 16);
}

static const struct verdict {
	const char *name;
	const char *bytes;
	int verdict, items;
	bool interrupted;
} verdicts[] = {
	{ "nothing_is_no_end", "", 0, 0, false },
	{ "end_is_the_end", DONE, 1, 0, false },
	{ "end_behind_items_is_the_end", LINK ADDR4 DONE, 1, 2, false },
	{ "what_is_behind_the_end_is_not_read", DONE LINK, 1, 0, false },
	{ "end_without_a_word_is_the_end", "10000000 0300 0200 04000000 39300000", 1, 0, false },
	{ "end_with_an_error_is_the_error",
	  "14000000 0300 0200 04000000 39300000 a6ffffff", -EMSGSIZE, 0, false },
	{ "end_with_a_positive_error_is_refused",
	  "14000000 0300 0200 04000000 39300000 01000000", -EBADMSG, 0, false },
	{ "end_cut_short_is_refused",
	  "12000000 0300 0200 04000000 39300000 0000", -EBADMSG, 0, false },
	{ "end_of_another_dump_is_passed_over",
	  "14000000 0300 0200 03000000 39300000 00000000", 0, 0, false },
	{ "change_during_the_dump_is_seen_in_an_item",
	  "24000000 1000 1200 04000000 39300000 00000100 07000000 43100100 00000000"
	  "0400 0c00", 0, 1, true },
	{ "change_during_the_dump_is_seen_at_the_end",
	  LINK "14000000 0300 1200 04000000 39300000 00000000", 1, 1, true },
	{ "refusal_is_the_kernels_error",
	  "24000000 0200 0001 04000000 39300000 f0ffffff"
	  "14000000 1200 0103 04000000 00000000", -EBUSY, 0, false },
	{ "refusal_of_another_question_is_passed_over",
	  "24000000 0200 0001 03000000 39300000 f0ffffff"
	  "14000000 1200 0103 03000000 00000000", 0, 0, false },
	{ "bridges_own_message_is_passed_over",
	  "20000000 1000 0200 04000000 39300000 07000100 07000000 43100100 00000000",
	  0, 0, false },
	{ "multicast_route_is_passed_over",
	  "1c000000 1800 0200 04000000 39300000 80200000 fe040001 00000000", 0, 0, false },
	{ "neighbour_is_passed_over",
	  "1c000000 1c00 0200 04000000 39300000 02000000 02000000 80000000", 0, 0, false },
	{ "address_of_20_bytes_is_none",
	  "38000000 1000 0200 04000000 39300000 00002000 07000000 43100100 00000000"
	  "1800 0100 01020304 01020304 01020304 01020304 01020304", 0, 1, false },
	{ "link_without_an_index_is_refused",
	  "20000000 1000 0200 04000000 39300000 00000100 00000000 43100100 00000000",
	  -EBADMSG, 0, false },
	{ "link_cut_short_is_refused",
	  "1c000000 1000 0200 04000000 39300000 00000100 07000000 43100100",
	  -EBADMSG, 0, false },
	{ "name_of_16_characters_is_refused",
	  "34000000 1000 0200 04000000 39300000 00000100 07000000 43100100 00000000"
	  "1400 0300 61616161 61616161 61616161 61616161", -EBADMSG, 0, false },
	{ "mtu_of_2_bytes_is_refused",
	  "28000000 1000 0200 04000000 39300000 00000100 07000000 43100100 00000000"
	  "0600 0400 78050000", -EBADMSG, 0, false },
	{ "attribute_beyond_its_message_is_refused",
	  "28000000 1000 0200 04000000 39300000 00000100 07000000 43100100 00000000"
	  "0900 0300 6c6f0000", -EBADMSG, 0, false },
	{ "attribute_beyond_its_nest_is_refused",
	  "2c000000 1000 0200 04000000 39300000 00000100 07000000 43100100 00000000"
	  "0c00 1280 09000100 76657468", -EBADMSG, 0, false },
	{ "prefix_of_33_bits_is_refused",
	  "20000000 1400 0200 04000000 39300000 02218000 02000000 0800 0200 0a4d0004",
	  -EBADMSG, 0, false },
	{ "ipv4_address_of_16_bytes_is_refused",
	  "2c000000 1400 0200 04000000 39300000 02188000 02000000"
	  "1400 0100 fd000000 00000000 00000000 00000004", -EBADMSG, 0, false },
	{ "gateway_of_the_other_family_is_refused",
	  "24000000 1800 0200 04000000 39300000 0a000000 fe040001 00000000"
	  "0800 0500 0a4d0001", -EBADMSG, 0, false },
};

static void part_gives_its_verdict(void **state)
{
	const struct verdict *row = *state;
	struct taken taken = { 0 };
	bool interrupted = false;

	assert_int_equal(parse(row->bytes, &taken, &interrupted), row->verdict);
	assert_int_equal(taken.items, row->items);
	assert_int_equal(interrupted, row->interrupted);
}

static const char *const wholes[] = { LINK, ADDR4, ADDR6, ROUTE4, ROUTE6, DONE };

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wholes); i++) {
		uint8_t whole[256];
		size_t len = hex_read(wholes[i], whole, sizeof(whole));

		for (size_t cut = 1; cut < len; cut++) {
			struct taken taken = { 0 };
			const struct rtnl_taker taker = { keep, &taken };
			const struct nldump_taker each = { rtnl_take_message, (void *)&taker };
			bool interrupted = false;

			assert_int_equal(nldump_parse(at_the_edge(whole, cut), cut, SEQ,
						      &interrupted, &each), -EBADMSG);
			assert_int_equal(rtnl_parse_events(at_the_edge(whole, cut), cut,
							   &taker), -EBADMSG);
		}
	}
}

/* Real messages with some bytes of chance in them, as the fuzzer has them. */
static void any_bytes_are_read_within_their_bounds(void **state)
{
	static const uint8_t odd[] = { 0, 1, 3, 4, 16, 0x7f, 0x80, 0xff };

	(void)state;
	srandom(5);
	for (int round = 0; round < 50000; round++) {
		uint8_t bytes[512];
		size_t len = 0;

		for (long n = 1 + random() % 3; n > 0; n--)
			len += hex_read(wholes[(size_t)random() % COUNT(wholes)], bytes + len,
					sizeof(bytes) - len);
		for (long n = random() % 4; n > 0; n--)
			bytes[(size_t)random() % len] = odd[(size_t)random() % sizeof(odd)];
		if (random() % 4 == 0)
			len = (size_t)random() % len;
		if (!netlink_check(at_the_edge(bytes, len), len))
			fail_msg("round %d", round);
	}
}

/* The scripted kernel: each question is answered by the next answer, part after
 * part; after the last of them it answers as the last one says. */
static struct {
	bool on;
	const char *const (*answers)[4];	/* parts; NULL: no more of it */
	size_t count;
	int asked, part;
	bool truncated;		/* every part is longer than the buffer */
	int error;		/* instead of parts: -errno; 0: none */
} kernel;

ssize_t __real_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __real_recvmsg(int fd, struct msghdr *msg, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags)
{
	if (!kernel.on)
		return __real_send(fd, bytes, len, flags);
	kernel.asked++;
	kernel.part = 0;
	return (ssize_t)len;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	uint8_t *buf = msg->msg_iov->iov_base;
	uint32_t seq = (uint32_t)kernel.asked;
	size_t answer = (size_t)kernel.asked - 1, len;

	if (!kernel.on)
		return __real_recvmsg(fd, msg, flags);
	if (answer >= kernel.count)
		answer = kernel.count - 1;
	if (kernel.error || kernel.part >= 4 || !kernel.answers[answer][kernel.part]) {
		errno = kernel.error ? -kernel.error : EAGAIN;
		return -1;
	}
	len = hex_read(kernel.answers[answer][kernel.part++], buf, msg->msg_iov->iov_len);
	for (size_t at = 0; at + sizeof(struct nlmsghdr) <= len; at += buf[at])
		memcpy(buf + at + 8, &seq, sizeof(seq));
	memcpy(msg->msg_name, &from, sizeof(from));
	msg->msg_namelen = sizeof(from);
	msg->msg_flags = kernel.truncated ? MSG_TRUNC : 0;
	return (ssize_t)len;
}

#define CHANGED "14000000 0300 1200 04000000 39300000 00000000"
#define REFUSED \
	"24000000 0200 0001 04000000 39300000 f0ffffff 14000000 1200 0103 04000000 00000000"

static const char *const whole[][4] = { { LINK ADDR4, LINK, DONE } };
static const char *const changed_once[][4] = { { LINK LINK LINK, CHANGED }, { LINK, DONE } };
static const char *const always_changed[][4] = { { LINK, CHANGED } };
static const char *const without_end[][4] = { { LINK, LINK } };
static const char *const refused[][4] = { { REFUSED } };
static const char *const broken[][4] = { { LINK, "ffff0000", LINK, DONE } };

static const struct dump {
	const char *name;
	const char *const (*answers)[4];
	size_t count;
	int result, starts, items;
	int taker_error;
	bool truncated;
} dumps[] = {
	{ "whole_dump_is_taken", whole, 1, 0, 1, 3, 0, false },
	{ "changed_dump_is_started_over", changed_once, 2, 0, 2, 1, 0, false },
	{ "dump_that_always_changes_is_given_up", always_changed, 1, -EINTR, NLDUMP_TRIES, 1, 0,
	  false },
	{ "dump_without_its_end_is_no_success", without_end, 1, -ENODATA, 1, 2, 0, false },
	{ "refused_dump_is_the_kernels_error", refused, 1, -EBUSY, 1, 0, 0, false },
	{ "broken_part_ends_the_dump", broken, 1, -EBADMSG, 1, 1, 0, false },
	{ "part_longer_than_the_buffer_is_not_trusted", whole, 1, -EBADMSG, 1, 0, 0, true },
	{ "takers_error_ends_the_dump", whole, 1, -ENOSPC, 1, 1, -ENOSPC, false },
};

static void dump_ends_as_it_should(void **state)
{
	const struct dump *row = *state;
	struct taken taken = { .error = row->taker_error };
	const struct rtnl_taker taker = { keep, &taken };
	uint8_t buf[512];
	struct msghdr left = {
		.msg_name = &(struct sockaddr_nl){ 0 },
		.msg_iov = &(struct iovec){ buf, sizeof(buf) },
		.msg_iovlen = 1,
	};

	memset(&kernel, 0, sizeof(kernel));
	kernel.on = true;
	kernel.answers = row->answers;
	kernel.count = row->count;
	kernel.truncated = row->truncated;
	assert_int_equal(rtnl_dump(-1, RTM_GETLINK, AF_UNSPEC, buf, sizeof(buf), &taker),
			 row->result);
	assert_int_equal(taken.starts, row->starts);
	assert_int_equal(kernel.asked, row->starts);
	assert_int_equal(taken.items, row->items);
	/* The next answer must not be taken for one to the next question. */
	assert_int_equal(recvmsg(-1, &left, 0), -1);
	kernel.on = false;
}

static void events_are_taken_until_there_are_none(void **state)
{
	static const char *const changes[][4] = { { LINK, ADDR4 ROUTE4, LINK } };
	struct taken taken = { 0 };
	const struct rtnl_taker taker = { keep, &taken };
	uint8_t buf[512];

	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.on = true;
	kernel.answers = changes;
	kernel.count = kernel.asked = 1;
	assert_int_equal(rtnl_take_events(-1, buf, sizeof(buf), &taker), 0);
	assert_int_equal(taken.items, 4);
	kernel.error = -ENOBUFS;
	assert_int_equal(rtnl_take_events(-1, buf, sizeof(buf), &taker), -ENOBUFS);
	kernel.error = 0;
	kernel.part = 0;
	kernel.truncated = true;
	assert_int_equal(rtnl_take_events(-1, buf, sizeof(buf), &taker), -EBADMSG);
	kernel.on = false;
}

/* Fails unless each link is one that libc finds, too. */
static int find_link(void *context, const struct rtnl_item *item)
{
	int *found = context;

	if (!item) {
		*found = 0;
		return 0;
	}
	assert_int_equal(item->type, RTM_NEWLINK);
	assert_int_equal(if_nametoindex(item->link.name), (unsigned int)item->link.index);
	(*found)++;
	return 0;
}

static void links_of_this_machine_are_what_libc_finds(void **state)
{
	static uint8_t buf[RTNL_BUFFER_SIZE];
	int fd = nlsock_open(NETLINK_ROUTE), found = 0, known = 0;
	const struct rtnl_taker taker = { find_link, &found };
	struct if_nameindex *names = if_nameindex();

	(void)state;
	kernel.on = false;
	assert_true(fd >= 0 && names);
	while (names[known].if_index)
		known++;
	if_freenameindex(names);
	assert_int_equal(rtnl_dump(fd, RTM_GETLINK, AF_UNSPEC, buf, sizeof(buf), &taker), 0);
	assert_int_equal(found, known);
	close(fd);
}

static void addresses_and_routes_of_this_machine_can_be(void **state)
{
	static const uint16_t questions[] = { RTM_GETADDR, RTM_GETROUTE };
	static uint8_t buf[RTNL_BUFFER_SIZE];
	int fd = nlsock_open(NETLINK_ROUTE);

	(void)state;
	kernel.on = false;
	assert_true(fd >= 0);
	for (size_t i = 0; i < COUNT(questions); i++) {
		struct taken taken = { 0 };
		const struct rtnl_taker taker = { keep, &taken };

		assert_int_equal(rtnl_dump(fd, questions[i], AF_UNSPEC, buf, sizeof(buf),
					   &taker), 0);
		if (taken.items)
			assert_true(netlink_item_can_be(&taken.last));
	}
	close(fd);
}

static void what_cannot_be_dumped_is_einval(void **state)
{
	struct taken taken = { 0 };
	const struct rtnl_taker taker = { keep, &taken };
	uint8_t buf[64];

	(void)state;
	assert_int_equal(rtnl_dump(-1, RTM_NEWLINK, AF_UNSPEC, buf, sizeof(buf), &taker), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(link_is_read),
		cmocka_unit_test(address_is_its_own_and_not_its_peers),
		cmocka_unit_test(ipv6_address_is_read),
		cmocka_unit_test(route_is_read),
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(any_bytes_are_read_within_their_bounds),
		cmocka_unit_test(events_are_taken_until_there_are_none),
		cmocka_unit_test(links_of_this_machine_are_what_libc_finds),
		cmocka_unit_test(addresses_and_routes_of_this_machine_can_be),
		cmocka_unit_test(what_cannot_be_dumped_is_einval),
	};
	struct CMUnitTest tests[COUNT(plain) + COUNT(verdicts) + COUNT(dumps)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(plain); i++)
		tests[n++] = plain[i];
	for (size_t i = 0; i < COUNT(verdicts); i++)
		tests[n++] = (struct CMUnitTest){
			.name = verdicts[i].name,
			.test_func = part_gives_its_verdict,
			.initial_state = (void *)&verdicts[i],
		};
	for (size_t i = 0; i < COUNT(dumps); i++)
		tests[n++] = (struct CMUnitTest){
			.name = dumps[i].name,
			.test_func = dump_ends_as_it_should,
			.initial_state = (void *)&dumps[i],
		};
	return _cmocka_run_group_tests("rtnl", tests, n, NULL, NULL);
}
