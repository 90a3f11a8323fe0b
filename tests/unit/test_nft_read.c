/*
 * What the kernel says of the elements of a set: each one's comment and its counter,
 * from bytes that it sent for sets of nft(8)'s; and what is not whole is refused.
 *
 * links: netsetup/nft_read.c netsetup/nft_read_parse.c netsetup/nldump.c
 * links: netsetup/nldump_parse.c netsetup/rtnl_parse.c netsetup/nlsock.c
 * links: netsetup/nlsock_parse.c netsetup/nlread.c netsetup/nlmsg.c
 * libraries: -Wl,--wrap=send -Wl,--wrap=recvmsg
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/netfilter.h>
#include <sys/socket.h>

#include "edge.h"
#include "hex.h"
#include "netsetup/nft_read.h"
#include "netsetup/nldump.h"
#include "tests/fuzz/netlink_check.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define SEQ NETLINK_CHECK_SEQ

#define PITH "0900 0100 70697468 00000000"

/* type ipv4_addr . ipv4_addr . inet_proto . inet_service; counter; elements = {
 *	10.77.0.4 . 10.77.0.2 . tcp . 1884,
 *	10.77.0.4 . 10.77.0.2 . tcp . 1883 counter packets 3 bytes 180
 *		comment "web>broker:1883/tcp" } */
#define ALLOWED \
	"dc000000 0c0a 0200 04000000 94720000 01000002" PITH "0b00 0200 616c6c6f 77340000" \
	"b000 0300" \
	"4800 0100 1800 0100 1400 0100 0a4d0004 0a4d0002 06000000 075c0000" \
	"2c00 0700 0c00 0100 636f756e 74657200 1c00 0200" \
	"0c00 0100 00000000 00000000 0c00 0200 00000000 00000000" \
	"6400 0100 1800 0100 1400 0100 0a4d0004 0a4d0002 06000000 075b0000" \
	"2c00 0700 0c00 0100 636f756e 74657200 1c00 0200" \
	"0c00 0100 00000000 000000b4 0c00 0200 00000000 00000003" \
	"1a00 0600 00 14 7765623e 62726f6b 65723a31 3838332f 74637000 0000"

/* type uid . ipv4_addr; flags interval; counter; elements = {
 *	131072-196607 . 10.77.0.0/24 counter packets 7 bytes 4660 comment "ntp>refused" } */
#define RANGE \
	"9c000000 0c0a 0200 04000000 94720000 01000002" PITH \
	"1300 0200 626f6172 645f7265 66757365 64340000 6800 0300 6400 0100" \
	"1000 0100 0c00 0100 00020000 0a4d0000 1000 0a00 0c00 0100 0002ffff 0a4d00ff" \
	"2c00 0700 0c00 0100 636f756e 74657200 1c00 0200" \
	"0c00 0100 00000000 00001234 0c00 0200 00000000 00000007" \
	"1200 0600 00 0c 6e74703e 72656675 73656400 0000"

/* type ifname; elements = { "eth0" comment "no counter" } */
#define PLAIN \
	"60000000 0c0a 0200 04000000 94720000 01000002" PITH "0a00 0200 706c6169 6e000000" \
	"3400 0300 3000 0100 1800 0100 1400 0100 65746830 00000000 00000000 00000000" \
	"1100 0600 00 0b 6e6f2063 6f756e74 657200 000000"

/* As each dump ends. */
#define EMPTY \
	"30000000 0c0a 0200 04000000 94720000 01000002" PITH "0a00 0200 706c6169 6e000000" \
	"0400 0300"
#define DONE "14000000 0300 0200 04000000 94720000 00000000"

/* An element of what is given; all, list and one are the lengths of the message, of the
 * list and of the element, in hexadecimal. */
#define ELEMENT(all, list, one, rest) \
	all "000000 0c0a 0200 04000000 94720000 01000002" list "00 0380" one "00 0180" rest

struct taken {
	int elements, starts, error;
	struct nft_read_element last;
};

static int keep(void *context, const struct nft_read_element *element)
{
	struct taken *taken = context;

	if (!element) {
		taken->starts++;
		taken->elements = 0;
		return 0;
	}
	taken->elements++;
	taken->last = *element;
	return taken->error;
}

static int parse(const uint8_t *bytes, size_t len, struct taken *taken)
{
	const struct nft_read_taker taker = { keep, taken };
	const struct nldump_taker each = { nft_read_message, (void *)&taker };
	bool interrupted = false;

	return nldump_parse(at_the_edge(bytes, len), len, SEQ, &interrupted, &each);
}

static const struct row {
	const char *name;
	const char *bytes;
	int verdict, elements;
	const char *comment;	/* of the last element */
	bool counts;
	uint64_t packets, counted;
} rows[] = {
	{ "elements_with_their_counters", ALLOWED, 0, 2, "web>broker:1883/tcp", true, 3, 180 },
	{ "element_of_a_range", RANGE, 0, 1, "ntp>refused", true, 7, 4660 },
	{ "element_without_a_counter", PLAIN, 0, 1, "no counter", false, 0, 0 },
	{ "nothing_in_a_set", EMPTY, 0, 0, "", false, 0, 0 },
	{ "all_up_to_the_end", ALLOWED PLAIN RANGE EMPTY DONE, 1, 4, "ntp>refused", true, 7, 4660 },
	{ "what_is_no_element_is_passed_over",
	  "1c000000 060a 0208 04000000 94720000 01000002 0800 0300 04000180" ALLOWED, 0, 2,
	  "web>broker:1883/tcp", true, 3, 180 },
	{ "what_is_no_element_of_the_list_is_passed_over",
	  "1c000000 0c0a 0200 04000000 94720000 01000002 0800 0380 04000280", 0, 0, "",
	  false, 0, 0 },
	{ "element_of_nothing", ELEMENT("1c", "08", "04", ""), 0, 1, "", false, 0, 0 },
	{ "counter_cut_short_is_refused",
	  ELEMENT("44", "30", "2c", "2800 0780 0c00 0100 636f756e 74657200 1800 0280"
		  "0c00 0100 fedcba98 76543210 0c00 0200 01234567 89abcdef"), -EBADMSG, 0, "",
	  false, 0, 0 },
	{ "numbers_of_64_bits",
	  ELEMENT("48", "34", "30", "2c00 0780 0c00 0100 636f756e 74657200 1c00 0280"
		  "0c00 0100 fedcba98 76543210 0c00 0200 01234567 89abcdef"), 0, 1, "", true,
	  0x0123456789abcdef, 0xfedcba9876543210 },
	{ "another_expression_of_the_same_size_is_no_counter",
	  ELEMENT("48", "34", "30", "2c00 0780 0c00 0100 636f756e 74657300 1c00 0280"
		  "0c00 0100 fedcba98 76543210 0c00 0200 01234567 89abcdef"), 0, 1, "", false,
	  0, 0 },
	{ "counter_of_4_bytes_is_refused",
	  ELEMENT("34", "20", "1c", "1800 0780 0c00 0100 636f756e 74657200 0800 0280 0400 0100"),
	  -EBADMSG, 0, "", false, 0, 0 },
	{ "element_beyond_its_list_is_refused", ELEMENT("1c", "08", "05", ""), -EBADMSG, 0, "",
	  false, 0, 0 },
	{ "list_beyond_its_message_is_refused", ELEMENT("1c", "09", "04", ""), -EBADMSG, 0, "",
	  false, 0, 0 },
	{ "expression_beyond_its_element_is_refused",
	  ELEMENT("20", "0c", "08", "0500 0780"), -EBADMSG, 0, "", false, 0, 0 },
	{ "other_user_data_stands_before_the_comment",
	  ELEMENT("2c", "18", "14", "0d00 0600 02 01 aa 00 04 61626300 000000"), 0, 1, "abc",
	  false, 0, 0 },
	{ "comment_needs_no_nul", ELEMENT("28", "14", "10", "0900 0600 00 03 616263 000000"), 0, 1,
	  "abc", false, 0, 0 },
	{ "comment_beyond_its_user_data_is_none",
	  ELEMENT("28", "14", "10", "0900 0600 00 04 616263 000000"), 0, 1, "", false, 0, 0 },
	{ "user_data_of_one_byte_is_none", ELEMENT("24", "10", "0c", "0500 0600 00 000000"), 0, 1,
	  "", false, 0, 0 },
	{ "message_without_its_header_is_refused",
	  "12000000 0c0a 0200 04000000 94720000 0100 0000", -EBADMSG, 0, "", false, 0, 0 },
};

static void part_says_its_elements(void **state)
{
	const struct row *row = *state;
	struct taken taken = { 0 };
	uint8_t bytes[2048];
	size_t len = hex_read(row->bytes, bytes, sizeof(bytes));

	assert_int_equal(parse(bytes, len, &taken), row->verdict);
	assert_int_equal(taken.elements, row->elements);
	assert_string_equal(taken.last.comment, row->comment);
	assert_int_equal(taken.last.counts, row->counts);
	assert_true(taken.last.packets == row->packets);
	assert_true(taken.last.bytes == row->counted);
}

static const char *const wholes[] = { ALLOWED, RANGE, PLAIN, EMPTY, DONE };

static void every_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wholes); i++) {
		uint8_t whole[1024];
		size_t len = hex_read(wholes[i], whole, sizeof(whole));

		for (size_t cut = 1; cut < len; cut++) {
			struct taken taken = { 0 };

			assert_int_equal(parse(whole, cut, &taken), -EBADMSG);
			assert_int_equal(taken.elements, 0);
		}
	}
}

/* The longest comment that its byte of length allows. */
static void longest_comment_fits(void **state)
{
	uint8_t bytes[512] = { 0 };
	size_t len = hex_read("21010000 0c0a 0200 04000000 94720000 01000002 0d01 0380 0901 0180"
			      "0501 0600 00 ff", bytes, sizeof(bytes));
	struct taken taken = { 0 };

	(void)state;
	memset(bytes + len, 'x', 255);
	len += 255;
	assert_int_equal(parse(bytes, len, &taken), 0);
	assert_int_equal(strlen(taken.last.comment), 255);
}

static void takers_error_ends_it(void **state)
{
	struct taken taken = { .error = -ENOSPC };
	uint8_t bytes[512];
	size_t len = hex_read(ALLOWED, bytes, sizeof(bytes));

	(void)state;
	assert_int_equal(parse(bytes, len, &taken), -ENOSPC);
	assert_int_equal(taken.elements, 1);
}

/* Real messages with some bytes of chance in them, as the fuzzer has them. */
static void any_bytes_are_read_within_their_bounds(void **state)
{
	static const uint8_t odd[] = { 0, 1, 3, 4, 16, 0x7f, 0x80, 0xff };

	(void)state;
	srandom(6);
	for (int round = 0; round < 50000; round++) {
		uint8_t bytes[2048];
		size_t len = 0;

		for (long n = 1 + random() % 3; n > 0; n--)
			len += hex_read(wholes[(size_t)random() % COUNT(wholes)], bytes + len,
					sizeof(bytes) - len);
		for (long n = random() % 4; n > 0; n--)
			bytes[(size_t)random() % len] = odd[(size_t)random() % sizeof(odd)];
		if (random() % 4 == 0)
			len = (size_t)random() % len;
		if (!netlink_check_elements(at_the_edge(bytes, len), len))
			fail_msg("round %d", round);
	}
}

/* The scripted kernel: takes one question, and answers it by these parts. */
static struct {
	uint8_t question[128];
	size_t asked;
	const char *part[3];
	int at;
} kernel;

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags);

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags)
{
	(void)fd;
	(void)flags;
	assert_true(len <= sizeof(kernel.question));
	memcpy(kernel.question, bytes, len);
	kernel.asked = len;
	return (ssize_t)len;
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *msg, int flags)
{
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	uint8_t *buf = msg->msg_iov->iov_base;
	size_t len;

	(void)fd;
	(void)flags;
	if (kernel.at == COUNT(kernel.part) || !kernel.part[kernel.at]) {
		errno = EAGAIN;
		return -1;
	}
	len = hex_read(kernel.part[kernel.at++], buf, msg->msg_iov->iov_len);
	memcpy(msg->msg_name, &from, sizeof(from));
	msg->msg_namelen = sizeof(from);
	msg->msg_flags = 0;
	return (ssize_t)len;
}

static int ask(struct taken *taken, const char *set)
{
	static uint8_t buf[NFT_READ_BUFFER_SIZE];
	const struct nft_read_taker taker = { keep, taken };

	return nft_read_elements(-1, NFPROTO_INET, "pith", set, buf, sizeof(buf), &taker);
}

/* The question is nft(8)'s own. */
static void one_set_is_asked_for(void **state)
{
	struct taken taken = { 0 };

	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.part[0] = "28000000 0c0a 0200 01000000 94720000 01000002 1400 0380 1000 0180"
			 "0900 0600 00 03 616263 000000";
	kernel.part[1] = "14000000 0300 0200 01000000 94720000 00000000";
	assert_int_equal(ask(&taken, "allow4"), 0);
	hex_assert_equal(kernel.question, kernel.asked,
			 "2c000000 0d0a 0103 01000000 00000000 01000000" PITH
			 "0b00 0200 616c6c6f 77340000");
	assert_int_equal(taken.starts, 1);
	assert_int_equal(taken.elements, 1);
	assert_string_equal(taken.last.comment, "abc");
}

static void refusal_is_the_kernels_error(void **state)
{
	char name[256] = { 0 };
	struct taken taken = { 0 };

	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.part[0] = "24000000 0200 0001 01000000 94720000 feffffff"
			 "2c000000 0d0a 0103 01000000 00000000";
	assert_int_equal(ask(&taken, "none"), -ENOENT);
	assert_int_equal(taken.elements, 0);
	memset(name, 'x', sizeof(name) - 1);
	assert_int_equal(ask(&taken, name), -ENOBUFS);
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(every_truncation_is_refused),
		cmocka_unit_test(longest_comment_fits),
		cmocka_unit_test(takers_error_ends_it),
		cmocka_unit_test(any_bytes_are_read_within_their_bounds),
		cmocka_unit_test(one_set_is_asked_for),
		cmocka_unit_test(refusal_is_the_kernels_error),
	};
	struct CMUnitTest tests[COUNT(plain) + COUNT(rows)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(plain); i++)
		tests[n++] = plain[i];
	for (size_t i = 0; i < COUNT(rows); i++)
		tests[n++] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = part_says_its_elements,
			.initial_state = (void *)&rows[i],
		};
	return _cmocka_run_group_tests("nft_read", tests, n, NULL, NULL);
}
