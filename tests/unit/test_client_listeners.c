/*
 * Sockets that wait for connections: lines as the kernel writes them, which of
 * several is reached best, and this process's own, as the kernel has them.
 *
 * links: init/client/listeners.c init/client/files.c init/text.c
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/listeners.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Behind the state. */
#define REST "00000000:00000000 00:00000000 00000000   131072        0 12345 1 0000000000000000"
#define REST0 "00000000:00000000 00:00000000 00000000        0        0 99 2 0000000000000000 0"

static const struct line {
	const char *line;
	bool ipv6;
	uint8_t protocol;
	const char *socket;	/* NULL: none that waits */
	uint32_t uid;
} lines[] = {
	{ "   0: 00000000:1F90 00000000:0000 0A " REST, false, IPPROTO_TCP, "0.0.0.0:8080",
	  131072 },
	{ "   1: 0100007F:0050 00000000:0000 0A " REST0, false, IPPROTO_TCP, "127.0.0.1:80", 0 },
	{ "  12: 04004D0A:0050 00000000:0000 0A " REST, false, IPPROTO_TCP, "10.77.0.4:80",
	  131072 },
	{ "   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A "
	  REST0, true, IPPROTO_TCP, "[::]:22", 0 },
	{ "   0: 746970FD0000006800000000090000FE:0016 00000000000000000000000000000000:0000 0A "
	  REST0, true, IPPROTO_TCP, "[fd70:6974:6800::fe00:9]:22", 0 },
	{ "   0: 0000000000000000FFFF00000100007F:0016 00000000000000000000000000000000:0000 0A "
	  REST0, true, IPPROTO_TCP, "127.0.0.1:22", 0 },
	{ " 2089: 00000000:0035 00000000:0000 07 " REST0, false, IPPROTO_UDP, "0.0.0.0:53", 0 },
	/* Connected, or on its way. */
	{ "   2: 04004D0A:0050 01004D0A:C350 01 " REST, false, IPPROTO_TCP, NULL, 0 },
	{ "   2: 04004D0A:0050 01004D0A:C350 06 " REST0, false, IPPROTO_TCP, NULL, 0 },
	{ "   2: 04004D0A:0050 01004D0A:C350 01 " REST, false, IPPROTO_UDP, NULL, 0 },
	{ "   2: 04004D0A:0050 01004D0A:C350 07 " REST, false, IPPROTO_TCP, NULL, 0 },
	{ "   2: 04004D0A:0050 01004D0A:C350 0A " REST, false, IPPROTO_UDP, NULL, 0 },
	/* Not bound. */
	{ "   3: 00000000:0000 00000000:0000 07 " REST, false, IPPROTO_UDP, NULL, 0 },
	/* No socket at all. */
	{ "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid",
	  false, IPPROTO_TCP, NULL, 0 },
	{ "", false, IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000", false, IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000:", false, IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000:1F90", false, IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000:1F90 00000000:0000", false, IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000:1F90 00000000:0000 0A", false, IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000", false,
	  IPPROTO_TCP, NULL, 0 },
	{ "   0: 00000000:1F90 00000000:0000 0A " REST, true, IPPROTO_TCP, NULL, 0 },
};

static void lines_are_read_as_the_kernel_means_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct listeners_socket is;
		char words[64] = "";
		struct text t = TEXT_ON(words);

		assert_int_equal(listeners_parse(lines[i].line, lines[i].ipv6, lines[i].protocol,
						 &is), lines[i].socket != NULL);
		if (!lines[i].socket)
			continue;
		listeners_add_socket(&t, &is);
		assert_string_equal(words, lines[i].socket);
		assert_int_equal(is.uid, lines[i].uid);
		assert_int_equal(is.protocol, lines[i].protocol);
	}
}

static void every_beginning_of_a_line_is_none(void **state)
{
	static const char whole[] = "   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 "
				    "00:00000000 00000000   131072";
	struct listeners_socket is;

	(void)state;
	for (size_t len = 0; len < sizeof(whole) - strlen("131072") - 1; len++) {
		char line[sizeof(whole)] = { 0 };

		memcpy(line, whole, len);
		assert_false(listeners_parse(line, false, IPPROTO_TCP, &is));
	}
	assert_true(listeners_parse(whole, false, IPPROTO_TCP, &is));
}

/* With sockets of the kernel's lines. */
static void add(struct listeners *l, size_t line)
{
	struct listeners_socket is;

	assert_true(listeners_parse(lines[line].line, lines[line].ipv6, lines[line].protocol, &is));
	listeners_add(l, &is);
}

static void the_one_that_is_reached_best_counts(void **state)
{
	struct listeners l = { .port = 80, .protocol = IPPROTO_TCP };

	(void)state;
	assert_int_equal(l.reach, LISTENERS_NONE);
	add(&l, 1);
	assert_int_equal(l.reach, LISTENERS_LOOPBACK);
	add(&l, 2);
	assert_int_equal(l.reach, LISTENERS_ADDRESS);
	add(&l, 1);
	assert_int_equal(l.reach, LISTENERS_ADDRESS);
	assert_int_equal(l.other_count, 0);
	l.port = 22;
	l.reach = LISTENERS_NONE;
	add(&l, 5);
	assert_int_equal(l.reach, LISTENERS_LOOPBACK);
	add(&l, 4);
	assert_int_equal(l.reach, LISTENERS_ADDRESS);
	add(&l, 3);
	assert_int_equal(l.reach, LISTENERS_ANY);
	l.port = 8080;
	l.reach = LISTENERS_NONE;
	add(&l, 0);
	assert_int_equal(l.reach, LISTENERS_ANY);
}

static void other_ports_and_protocols_are_kept_once(void **state)
{
	struct listeners l = { .port = 80, .protocol = IPPROTO_UDP };

	(void)state;
	add(&l, 3);
	add(&l, 4);
	add(&l, 2);
	add(&l, 6);
	assert_int_equal(l.reach, LISTENERS_NONE);
	assert_int_equal(l.other_count, 3);
	assert_int_equal(l.other[0].port, 22);
	assert_int_equal(l.other[1].port, 80);
	assert_int_equal(l.other[1].protocol, IPPROTO_TCP);
	assert_int_equal(l.other[2].port, 53);
	for (uint16_t port = 1000; port < 1100; port++) {
		struct listeners_socket is = { .port = port, .protocol = IPPROTO_TCP };

		listeners_add(&l, &is);
	}
	assert_int_equal(l.other_count, LISTENERS_OTHERS);
}

static void of_another_port_the_best_is_kept(void **state)
{
	struct listeners l = { .port = 1, .protocol = IPPROTO_TCP };

	(void)state;
	add(&l, 1);
	assert_int_equal(listeners_reach(&l, &l.other[0]), LISTENERS_LOOPBACK);
	add(&l, 2);
	add(&l, 1);
	assert_int_equal(l.other_count, 1);
	assert_int_equal(listeners_reach(&l, &l.other[0]), LISTENERS_ADDRESS);
}

/* Lines: [::], an IPv6 address, 0.0.0.0, an IPv4 address, loopback of each way. */
static void families_that_do_not_lead_there_count_less(void **state)
{
	static const size_t of[] = { 3, 4, 0, 2, 1, 5 };
	static const enum listeners_reach reaches[][COUNT(of)] = {
		[0] = { LISTENERS_ANY, LISTENERS_ADDRESS, LISTENERS_ANY, LISTENERS_ADDRESS,
			LISTENERS_LOOPBACK, LISTENERS_LOOPBACK },
		[FAMILY_IPV4] = { LISTENERS_PERHAPS, LISTENERS_FAMILY, LISTENERS_ANY,
				  LISTENERS_ADDRESS, LISTENERS_LOOPBACK, LISTENERS_LOOPBACK },
		[FAMILY_IPV6] = { LISTENERS_ANY, LISTENERS_ADDRESS, LISTENERS_FAMILY,
				  LISTENERS_FAMILY, LISTENERS_LOOPBACK, LISTENERS_LOOPBACK },
		[FAMILY_IPV4 | FAMILY_IPV6] = { LISTENERS_ANY, LISTENERS_ADDRESS, LISTENERS_ANY,
						LISTENERS_ADDRESS, LISTENERS_LOOPBACK,
						LISTENERS_LOOPBACK },
	};

	(void)state;
	for (uint8_t families = 0; families < COUNT(reaches); families++)
		for (size_t i = 0; i < COUNT(of); i++) {
			const struct line *row = &lines[of[i]];
			struct listeners l = { .families = families };
			struct listeners_socket is;

			assert_true(listeners_parse(row->line, row->ipv6, row->protocol, &is));
			assert_int_equal(listeners_reach(&l, &is), reaches[families][i]);
		}
}

static void sockets_of_others_do_not_count(void **state)
{
	struct listeners l = { .port = 80, .protocol = IPPROTO_TCP, .first_uid = 131072,
			       .uid_count = 65536 };

	(void)state;
	add(&l, 3);
	assert_int_equal(l.other_count, 0);
	assert_false(l.strangers);
	add(&l, 1);
	assert_int_equal(l.reach, LISTENERS_NONE);
	assert_true(l.strangers);
	add(&l, 2);
	assert_int_equal(l.reach, LISTENERS_ADDRESS);
	l = (struct listeners){ .port = 80, .protocol = IPPROTO_TCP, .first_uid = 131073,
				.uid_count = 1 };
	add(&l, 2);
	assert_true(l.strangers);
	assert_int_equal(l.reach, LISTENERS_NONE);
}

static uint16_t bound(int fd, const struct sockaddr *address, socklen_t len)
{
	struct sockaddr_in6 is;

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, address, len), 0);
	len = sizeof(is);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&is, &len), 0);
	return ntohs(is.sin6_port);
}

/* What this process opens is found, and not what is bound and does not listen. */
static void own_sockets_are_found(void **state)
{
	const struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const struct sockaddr_in any = { .sin_family = AF_INET };
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int self = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct listeners l = { .protocol = IPPROTO_TCP };

	(void)state;
	l.port = bound(tcp, (const struct sockaddr *)&here, sizeof(here));
	assert_int_equal(listeners_read(&l, self), 0);
	assert_int_equal(l.reach, LISTENERS_NONE);
	assert_int_equal(listen(tcp, 1), 0);
	assert_int_equal(listeners_read(&l, self), 0);
	assert_int_equal(l.reach, LISTENERS_LOOPBACK);
	assert_int_equal(l.best.uid, getuid());
	l = (struct listeners){ .protocol = IPPROTO_UDP };
	l.port = bound(udp, (const struct sockaddr *)&any, sizeof(any));
	assert_int_equal(listeners_read(&l, self), 0);
	assert_int_equal(l.reach, LISTENERS_ANY);
	close(tcp);
	close(udp);
	close(self);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_as_the_kernel_means_them),
		cmocka_unit_test(every_beginning_of_a_line_is_none),
		cmocka_unit_test(the_one_that_is_reached_best_counts),
		cmocka_unit_test(other_ports_and_protocols_are_kept_once),
		cmocka_unit_test(of_another_port_the_best_is_kept),
		cmocka_unit_test(families_that_do_not_lead_there_count_less),
		cmocka_unit_test(sockets_of_others_do_not_count),
		cmocka_unit_test(own_sockets_are_found),
	};

	return cmocka_run_group_tests_name("client_listeners", tests, NULL, NULL);
}
