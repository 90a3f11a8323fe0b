/*
 * What is read from the kernel: a verdict only from answers that are whole,
 * from the kernel, and to what was asked.  No test here needs privileges or a
 * network.
 *
 * links: netsetup/nlsock.c netsetup/nlsock_parse.c netsetup/nlread.c netsetup/nlmsg.c
 * libraries: -Wl,--wrap=send -Wl,--wrap=setsockopt
 */
#include <errno.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "edge.h"
#include "hex.h"
#include "netsetup/nlsock.h"

#define ASKED 4u	/* the sequence number that is waited for */

/* An acknowledgement as the kernel sends it: header, error, quoted header. */
#define ACK \
	"24000000 0200 0001 04000000 39300000 00000000" \
	"28000000 1000 0500 04000000 00000000"
#define ACK_OF_ANOTHER \
	"24000000 0200 0001 03000000 39300000 00000000" \
	"28000000 1000 0500 03000000 00000000"

static const struct answer {
	const char *name;
	const char *bytes;
	int verdict;
	uint32_t seq;
	const char *text;
} answers[] = {
	{ "nothing", "", 0, 0, "" },
	{ "acknowledgement", ACK, 1, 0, "" },
	{ "acknowledgement_of_another", ACK_OF_ANOTHER, 0, 0, "" },
	{ "two_in_one_datagram", ACK_OF_ANOTHER ACK, 1, 0, "" },
	{ "acknowledgement_that_is_not_padded",
	  "25000000 0200 0001 04000000 39300000 00000000"
	  "28000000 1000 0500 04000000 00000000 00", 1, 0, "" },
	{ "something_else",
	  "10000000 0300 0000 04000000 00000000", 0, 0, "" },
	{ "error_without_words",
	  "24000000 0200 0001 04000000 00000000 efffffff"
	  "28000000 1000 0500 04000000 00000000", -EEXIST, 4, "" },
	{ "error_of_an_earlier_message",
	  "24000000 0200 0001 02000000 00000000 edffffff"
	  "28000000 1000 0100 02000000 00000000", -ENODEV, 2, "" },
	{ "error_with_words",
	  "38000000 0200 0003 02000000 00000000 edffffff"
	  "28000000 1000 0100 02000000 00000000"
	  "0800 0200 10000000"
	  "0b00 0100 6e6f20646576 00 00", -ENODEV, 2, "no dev" },
	{ "error_with_words_without_their_end",
	  "2e000000 0200 0003 02000000 00000000 edffffff"
	  "28000000 1000 0100 02000000 00000000"
	  "0a00 0100 6e6f20646576", -ENODEV, 2, "no dev" },
	{ "error_that_quotes_the_whole_message",
	  "38000000 0200 0002 02000000 00000000 edffffff"
	  "19000000 1000 0100 02000000 00000000 ffffffff ffffffff ff000000"
	  "0700 0100 616200 00", -ENODEV, 2, "ab" },
	{ "error_before_an_acknowledgement",
	  "24000000 0200 0001 03000000 00000000 ffffffff"
	  "28000000 1000 0100 03000000 00000000" ACK, -EPERM, 3, "" },
	{ "error_that_is_positive",
	  "24000000 0200 0001 04000000 00000000 01000000"
	  "28000000 1000 0500 04000000 00000000", -EBADMSG, 0, "" },
	{ "quoted_header_that_is_shorter_than_a_header",
	  "24000000 0200 0001 04000000 00000000 00000000"
	  "0f000000 1000 0500 04000000 00000000", -EBADMSG, 0, "" },
	{ "quoted_message_that_is_not_there",
	  "24000000 0200 0000 04000000 00000000 ffffffff"
	  "11000000 1000 0500 04000000 00000000", -EBADMSG, 0, "" },
	{ "quoted_length_that_wraps_around",
	  "24000000 0200 0002 04000000 00000000 ffffffff"
	  "ffffffff 1000 0500 04000000 00000000", -EBADMSG, 0, "" },
	{ "length_below_that_of_a_header",
	  "0f000000 0200 0001 04000000 00000000", -EBADMSG, 0, "" },
	{ "length_zero",
	  "00000000 0200 0001 04000000 00000000", -EBADMSG, 0, "" },
	{ "length_beyond_the_datagram",
	  "25000000 0200 0001 04000000 00000000 00000000"
	  "28000000 1000 0500 04000000 00000000", -EBADMSG, 0, "" },
	{ "error_message_without_room_for_an_error",
	  "23000000 0200 0001 04000000 00000000 00000000"
	  "28000000 1000 0500 04000000 000000", -EBADMSG, 0, "" },
	{ "words_beyond_the_message",
	  "2c000000 0200 0003 02000000 00000000 edffffff"
	  "28000000 1000 0100 02000000 00000000"
	  "0900 0100 6e6f2064", -EBADMSG, 2, "" },
	{ "words_shorter_than_their_header",
	  "2c000000 0200 0003 02000000 00000000 edffffff"
	  "28000000 1000 0100 02000000 00000000"
	  "0300 0100 6e6f2064", -EBADMSG, 2, "" },
	{ "rest_behind_a_whole_message", ACK "24000000", -EBADMSG, 0, "" },
};

static uint8_t *read_to_the_edge(const char *text, size_t *len)
{
	uint8_t bytes[256];

	*len = hex_read(text, bytes, sizeof(bytes));
	return at_the_edge(bytes, *len);
}

static void answer_gives_its_verdict(void **state)
{
	const struct answer *answer = *state;
	struct nlsock_error err = { 0 };
	size_t len;
	uint8_t *bytes = read_to_the_edge(answer->bytes, &len);

	assert_int_equal(nlsock_parse_ack(bytes, len, ASKED, &err),
			 answer->verdict);
	assert_int_equal(err.seq, answer->seq);
	assert_string_equal(err.text, answer->text);
}

static void every_truncation_of_an_answer_is_an_error(void **state)
{
	uint8_t whole[64];
	size_t len = hex_read(ACK, whole, sizeof(whole));

	(void)state;
	for (size_t cut = 1; cut < len; cut++) {
		struct nlsock_error err = { 0 };
		uint8_t *bytes = at_the_edge(whole, cut);

		assert_int_equal(nlsock_parse_ack(bytes, cut, ASKED, &err),
				 -EBADMSG);
		assert_int_equal(nlsock_parse_link(bytes, cut, ASKED),
				 -EBADMSG);
	}
}

static void words_that_are_too_long_end_in_dots(void **state)
{
	static const struct { size_t len; bool cut; } rows[] = {
		{ NLSOCK_TEXT_SIZE - 1, false }, { NLSOCK_TEXT_SIZE, true },
		{ NLSOCK_TEXT_SIZE + 40, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct nlsock_error err = { 0 };
		uint8_t bytes[512];
		size_t at = hex_read(ACK, bytes, sizeof(bytes));
		struct nlattr words = {
			.nla_len = (uint16_t)(NLA_HDRLEN + rows[i].len),
			.nla_type = NLMSGERR_ATTR_MSG,
		};
		uint32_t len = (uint32_t)(at + words.nla_len);

		memcpy(bytes, &len, sizeof(len));
		bytes[7] = 3;			/* capped, words follow */
		bytes[16] = 0xff;		/* -EPERM */
		memset(bytes + 17, 0xff, 3);
		memcpy(bytes + at, &words, sizeof(words));
		memset(bytes + at + sizeof(words), 'x', rows[i].len);

		assert_int_equal(nlsock_parse_ack(bytes, len, ASKED, &err),
				 -EPERM);
		assert_int_equal(strlen(err.text), NLSOCK_TEXT_SIZE - 1);
		assert_int_equal(strspn(err.text, "x"),
				 NLSOCK_TEXT_SIZE - (rows[i].cut ? 4 : 1));
		if (rows[i].cut)
			assert_string_equal(err.text + NLSOCK_TEXT_SIZE - 4,
					    "...");
	}
}

static const struct reading {
	const char *name;
	const char *bytes;
	int verdict;
} links[] = {
	{ "link_is_its_index",
	  "24000000 1000 0000 04000000 39300000"
	  "00000100 2a000000 43100000 00000000 00000000", 42 },
	{ "link_that_another_asked_for_is_ignored",
	  "20000000 1000 0000 03000000 39300000"
	  "00000100 2a000000 43100000 00000000", 0 },
	{ "link_without_an_index_is_an_error",
	  "20000000 1000 0000 04000000 39300000"
	  "00000100 00000000 43100000 00000000", -EBADMSG },
	{ "link_with_a_negative_index_is_an_error",
	  "20000000 1000 0000 04000000 39300000"
	  "00000100 ffffffff 43100000 00000000", -EBADMSG },
	{ "link_cut_short_is_an_error",
	  "1f000000 1000 0000 04000000 39300000"
	  "00000100 2a000000 43100000 000000", -EBADMSG },
	{ "link_longer_than_the_datagram_is_an_error",
	  "24000000 1000 0000 04000000 39300000"
	  "00000100 2a000000 43100000 00000000", -EBADMSG },
	{ "no_link_is_the_kernels_error",
	  "24000000 0200 0001 04000000 00000000 edffffff"
	  "28000000 1200 0100 04000000 00000000", -ENODEV },
}, batches[] = {
	{ "batch_asks_with_its_last_question",
	  "10000000 1000 0500 01000000 00000000"
	  "10000000 1000 0500 07000000 00000000"
	  "10000000 1100 0100 08000000 00000000", 7 },
	{ "batch_that_asks_nothing_is_einval",
	  "10000000 1000 0100 01000000 00000000", -EINVAL },
	{ "batch_of_nothing_is_einval", "", -EINVAL },
	{ "batch_cut_short_is_einval",
	  "10000000 1000 0500 01000000 00000000"
	  "11000000 1000 0500 02000000 00000000", -EINVAL },
	{ "batch_with_a_rest_is_einval",
	  "10000000 1000 0500 01000000 00000000 00000000", -EINVAL },
};

static void link_is_read(void **state)
{
	const struct reading *link = *state;
	size_t len;
	uint8_t *bytes = read_to_the_edge(link->bytes, &len);

	assert_int_equal(nlsock_parse_link(bytes, len, ASKED), link->verdict);
}

/* Through nlsock_send_bytes on a descriptor that is none: what is wrong with
 * the batch comes first. */
static void batch_is_read(void **state)
{
	const struct reading *batch = *state;
	struct nlsock_error err;
	uint32_t seq = 0;
	size_t len;
	uint8_t *bytes = read_to_the_edge(batch->bytes, &len);
	int ret = nlsock_parse_batch(bytes, len, &seq);

	assert_int_equal(ret ? ret : (int)seq, batch->verdict);
	assert_int_equal(nlsock_send_bytes(-1, bytes, len, &err),
			 ret ? ret : -EBADF);
}

static void poisoned_batch_is_not_sent(void **state)
{
	struct nlsock_error err = { .seq = 9, .text = "old" };
	uint8_t buf[64];
	struct nlmsg m;

	(void)state;
	nlmsg_init(&m, buf, sizeof(buf));
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nlmsg_end(&m);
	assert_int_equal(nlsock_send(-1, &m, &err), -EBADF);
	err = (struct nlsock_error){ .seq = 9, .text = "old" };
	nlmsg_fail(&m, -ENOBUFS);
	assert_int_equal(nlsock_send(-1, &m, &err), -ENOBUFS);
	assert_int_equal(err.seq, 0);
	assert_string_equal(err.text, "");
	assert_int_equal(nlsock_send(-1, &m, NULL), -ENOBUFS);
}

static void batch_with_an_open_message_is_not_sent(void **state)
{
	struct nlsock_error err;
	uint8_t buf[64];
	struct nlmsg m;

	(void)state;
	nlmsg_init(&m, buf, sizeof(buf));
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nlmsg_end(&m);
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	assert_int_equal(nlsock_send(-1, &m, &err), -EINVAL);
}

/* A send buffer for sockets whose own one does not matter; 0: theirs counts.  Only who
 * may can make it longer. */
static size_t send_buffer;
static bool may_force;

ssize_t __real_send(int fd, const void *bytes, size_t len, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);

ssize_t __wrap_send(int fd, const void *bytes, size_t len, int flags)
{
	if (!send_buffer || len <= send_buffer - 32)
		return __real_send(fd, bytes, len, flags);
	errno = EMSGSIZE;
	return -1;
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	int bytes;

	if (!send_buffer || level != SOL_SOCKET || name != SO_SNDBUFFORCE)
		return __real_setsockopt(fd, level, name, value, size);
	assert_int_equal(size, sizeof(bytes));
	memcpy(&bytes, value, sizeof(bytes));
	if (may_force) {
		send_buffer = 2 * (size_t)bytes;
		return 0;
	}
	errno = EPERM;
	return -1;
}

static void batch_longer_than_the_send_buffer_gets_a_longer_one(void **state)
{
	static uint8_t batch[100000], arrived[sizeof(batch) + 1];
	struct nlsock_error err;
	struct nlmsg m;
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	nlmsg_init(&m, batch, sizeof(batch));
	while (m.len + 16 <= sizeof(batch)) {
		nlmsg_begin(&m, 0x10, 0, NULL, 0);
		nlmsg_end(&m);
	}
	assert_int_equal(m.error, 0);
	may_force = false;
	send_buffer = 4608;
	assert_int_equal(nlsock_send(pair[0], &m, &err), -EPERM);
	assert_int_equal(recv(pair[1], arrived, sizeof(arrived), MSG_DONTWAIT), -1);
	may_force = true;
	assert_int_equal(nlsock_send(pair[0], &m, &err), -ENODATA);
	assert_int_equal(recv(pair[1], arrived, sizeof(arrived), MSG_DONTWAIT), m.len);
	assert_memory_equal(arrived, batch, m.len);
	assert_int_equal(recv(pair[1], arrived, sizeof(arrived), MSG_DONTWAIT), -1);
	send_buffer = 0;
	close(pair[0]);
	close(pair[1]);
}

/* fd has an acknowledgement waiting, from one who is not the kernel. */
static void assert_ignored(int fd, int forger)
{
	struct nlsock_error err;
	uint8_t request[32], answer[64];
	size_t request_len = hex_read("10000000 1000 0500 04000000 00000000",
				      request, sizeof(request));
	size_t answer_len = hex_read(ACK, answer, sizeof(answer));

	assert_int_equal(send(forger, answer, answer_len, 0), answer_len);
	assert_int_equal(nlsock_send_bytes(fd, request, request_len, &err),
			 -ENODATA);
	assert_int_equal(recv(fd, answer, 1, MSG_DONTWAIT), -1);
	close(fd);
	close(forger);
}

static void answer_that_is_not_netlinks_is_ignored(void **state)
{
	int pair[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	assert_ignored(pair[0], pair[1]);
}

static struct sockaddr_nl bound(int fd)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	socklen_t size = sizeof(address);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	return address;
}

/* NETLINK_USERSOCK is there for processes to talk to each other. */
static void answer_from_another_process_is_ignored(void **state)
{
	int fd = nlsock_open(NETLINK_USERSOCK);
	int forger = nlsock_open(NETLINK_USERSOCK);
	struct sockaddr_nl from, to;

	(void)state;
	assert_true(fd >= 0 && forger >= 0);
	to = bound(fd);
	from = bound(forger);
	assert_int_equal(connect(fd, (void *)&from, sizeof(from)), 0);
	assert_int_equal(connect(forger, (void *)&to, sizeof(to)), 0);
	assert_ignored(fd, forger);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static const char *claim(int verdict)
{
	if (verdict == 1)
		return "is_success";
	if (verdict == 0)
		return "is_ignored";
	return verdict == -EBADMSG ? "is_refused" : "is_the_kernels_error";
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(every_truncation_of_an_answer_is_an_error),
		cmocka_unit_test(words_that_are_too_long_end_in_dots),
		cmocka_unit_test(poisoned_batch_is_not_sent),
		cmocka_unit_test(batch_with_an_open_message_is_not_sent),
		cmocka_unit_test(batch_longer_than_the_send_buffer_gets_a_longer_one),
		cmocka_unit_test(answer_that_is_not_netlinks_is_ignored),
		cmocka_unit_test(answer_from_another_process_is_ignored),
	};
	struct CMUnitTest tests[COUNT(plain) + COUNT(answers) + COUNT(links) +
				COUNT(batches)];
	char names[COUNT(answers)][80];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(plain); i++)
		tests[n++] = plain[i];
	for (size_t i = 0; i < COUNT(answers); i++) {
		snprintf(names[i], sizeof(names[i]), "%s_%s", answers[i].name,
			 claim(answers[i].verdict));
		tests[n++] = (struct CMUnitTest){
			.name = names[i],
			.test_func = answer_gives_its_verdict,
			.initial_state = (void *)&answers[i],
		};
	}
	for (size_t i = 0; i < COUNT(links); i++)
		tests[n++] = (struct CMUnitTest){
			.name = links[i].name,
			.test_func = link_is_read,
			.initial_state = (void *)&links[i],
		};
	for (size_t i = 0; i < COUNT(batches); i++)
		tests[n++] = (struct CMUnitTest){
			.name = batches[i].name,
			.test_func = batch_is_read,
			.initial_state = (void *)&batches[i],
		};
	return cmocka_run_group_tests_name("nlsock", tests, NULL, NULL);
}
