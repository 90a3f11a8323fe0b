/*
 * What follows from an uplink's interface, the messages that set one up, the filter
 * that only its own changes pass, and what resolv.conf and the console say.
 *
 * links: init/uplink_plan.c init/uplink_resolv.c init/uplink_tell.c init/uplink_words.c init/text.c
 * links: netsetup/link.c netsetup/addr.c netsetup/route.c netsetup/nlmsg.c netsetup/nlread.c
 */
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/console.h"
#include "init/uplink_plan.h"
#include "init/uplink_resolv.h"
#include "init/uplink_tell.h"
#include "init/uplinks.h"
#include "netlink_words.h"

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

const struct service services[1];
const struct board board;

static char said[2048];

void console_say_of(const char *name, const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list args;

	len += (size_t)snprintf(said + len, sizeof(said) - len, "%s: ", name);
	va_start(args, fmt);
	len += (size_t)vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
	snprintf(said + len, sizeof(said) - len, "\n");
}

static const char *lines_said(void)
{
	static char text[sizeof(said)];

	memcpy(text, said, sizeof(text));
	said[0] = '\0';
	return text;
}

/* --- What follows -------------------------------------------------------------------- */

static void changes_follow_from_what_is_seen(void **unused)
{
	static const struct {
		const char *what;
		struct state_uplink is;
		bool set_up;
		struct uplink_seen seen;
		unsigned changes;
	} rows[] = {
		{ "still not there", { .index = 0 }, false, { 0 }, 0 },
		{ "it comes", { .index = 0 }, false, { .index = 2, .fell = true },
		  UPLINK_APPEARED | UPLINK_SET_UP },
		{ "it comes with a cable", { .index = 0 }, false,
		  { .index = 2, .up = true, .carrier = true },
		  UPLINK_APPEARED | UPLINK_SET_UP | UPLINK_CAME },
		{ "as it was", { .index = 2, .carrier = true }, true,
		  { .index = 2, .up = true, .carrier = true }, 0 },
		{ "its cable", { .index = 2 }, true, { .index = 2, .up = true, .carrier = true },
		  UPLINK_CAME },
		{ "no cable", { .index = 2, .carrier = true }, true, { .index = 2, .up = true },
		  UPLINK_WENT },
		{ "switched off", { .index = 2, .carrier = true }, true,
		  { .index = 2, .fell = true }, UPLINK_WENT },
		{ "still off", { .index = 2 }, false, { .index = 2, .fell = true }, 0 },
		{ "on again", { .index = 2 }, false, { .index = 2, .up = true }, UPLINK_SET_UP },
		{ "off and on", { .index = 2, .carrier = true }, true,
		  { .index = 2, .up = true, .carrier = true, .fell = true },
		  UPLINK_SET_UP | UPLINK_WENT | UPLINK_CAME },
		{ "taken up from an earlier PID 1", { .index = 2, .carrier = true }, false,
		  { .index = 2, .up = true, .carrier = true }, UPLINK_SET_UP },
		{ "gone", { .index = 2, .carrier = true }, true, { .fell = true },
		  UPLINK_GONE | UPLINK_WENT },
		{ "another one of that name", { .index = 2, .carrier = true }, true,
		  { .index = 5, .up = true, .carrier = true, .fell = true },
		  UPLINK_GONE | UPLINK_APPEARED | UPLINK_SET_UP | UPLINK_WENT | UPLINK_CAME },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned changes = uplink_changes(&rows[i].is, rows[i].set_up, &rows[i].seen);

		if (changes != rows[i].changes)
			fail_msg("%s: %x, not %x", rows[i].what, changes, rows[i].changes);
	}
}

/* --- Messages ---------------------------------------------------------------------------- */

static uint8_t bytes[UPLINK_MESSAGE_SIZE];
static struct nlmsg m;

static void assert_own(const struct uplink *uplink, const char *is)
{
	nlmsg_init(&m, bytes, sizeof(bytes));
	uplink_put_own(&m, uplink, 4);
	assert_string_equal(netlink_words(&m), is);
}

static void the_table_says_what_an_uplink_has(void **unused)
{
	const struct uplink bare = { .name = "eth0", .metric = 100 };
	const struct uplink ipv4 = {
		.name = "eth0", .metric = 100, .address = IP(10, 0, 2, 15), .prefix = 24,
		.gateway = IP(10, 0, 2, 2),
	};
	struct uplink both = ipv4, single = ipv4;

	(void)unused;
	both.ipv6 = both.gateway_ipv6 = true;
	both.prefix6 = 60;
	inet_pton(AF_INET6, "2001:db8:0:10::15", both.address6);
	inet_pton(AF_INET6, "2001:db8:0:1f::1", both.gateway6);
	assert_own(&bare, "up eth0");
	assert_own(&ipv4, "up eth0; +10.0.2.15/24 dev 4; +default via 10.0.2.2 dev 4 metric 100");
	/* Others share the link: it is asked whether the address is free. */
	assert_own(&both, "up eth0; +10.0.2.15/24 dev 4; +2001:db8:0:10::15/60 dev 4; "
		   "+default via 10.0.2.2 dev 4 metric 100; "
		   "+default6 via 2001:db8:0:1f::1 dev 4 metric 100");
	/* With an address of its own alone, as from a lease. */
	single.prefix = 32;
	assert_own(&single, "up eth0; +10.0.2.15/32 dev 4; "
		   "+default via 10.0.2.2 dev 4 metric 100 onlink");
	single.prefix = 31;
	single.gateway = IP(10, 0, 2, 14);
	assert_own(&single, "up eth0; +10.0.2.15/31 dev 4; "
		   "+default via 10.0.2.14 dev 4 metric 100");
	both.address = both.gateway = 0;
	inet_pton(AF_INET6, "2001:db8:0:20::1", both.gateway6);
	assert_own(&both, "up eth0; +2001:db8:0:10::15/60 dev 4; "
		   "+default6 via 2001:db8:0:20::1 dev 4 metric 100 onlink");
	inet_pton(AF_INET6, "fe80::1", both.gateway6);
	assert_own(&both, "up eth0; +2001:db8:0:10::15/60 dev 4; "
		   "+default6 via fe80::1 dev 4 metric 100");
}

static const struct uplink dhcp = { .name = "eth0", .metric = 100, .dhcp = true };

static void leases_replace_each_other(void **unused)
{
	static const struct lease first = {
		.address = IP(10, 0, 2, 15), .prefix = 24, .gateway = IP(10, 0, 2, 2),
	};
	static const struct {
		const char *what;
		struct lease next;
		const char *is;
	} rows[] = {
		{ "the same", { .address = IP(10, 0, 2, 15), .prefix = 24,
				.gateway = IP(10, 0, 2, 2) },
		  "+10.0.2.15/24 dev 4; +default via 10.0.2.2 dev 4 metric 100" },
		{ "another address", { .address = IP(10, 0, 2, 16), .prefix = 24,
				       .gateway = IP(10, 0, 2, 2) },
		  "+10.0.2.16/24 dev 4; +default via 10.0.2.2 dev 4 metric 100; "
		  "-10.0.2.15/24 dev 4" },
		{ "another prefix", { .address = IP(10, 0, 2, 15), .prefix = 16,
				      .gateway = IP(10, 0, 2, 2) },
		  "+10.0.2.15/16 dev 4; +default via 10.0.2.2 dev 4 metric 100; "
		  "-10.0.2.15/24 dev 4" },
		{ "another router", { .address = IP(10, 0, 2, 15), .prefix = 24,
				      .gateway = IP(10, 0, 2, 3) },
		  "+10.0.2.15/24 dev 4; +default via 10.0.2.3 dev 4 metric 100" },
		{ "no router", { .address = IP(10, 0, 2, 15), .prefix = 24 },
		  "+10.0.2.15/24 dev 4; -default dev 4 metric 100" },
		{ "another network, its router elsewhere",
		  { .address = IP(198, 51, 100, 7), .prefix = 32, .gateway = IP(198, 51, 100, 1) },
		  "+198.51.100.7/32 dev 4; "
		  "+default via 198.51.100.1 dev 4 metric 100 onlink; -10.0.2.15/24 dev 4" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		nlmsg_init(&m, bytes, sizeof(bytes));
		uplink_put_lease(&m, &dhcp, 4, &rows[i].next);
		uplink_put_lease_end(&m, &dhcp, 4, &first, &rows[i].next);
		if (strcmp(netlink_words(&m), rows[i].is))
			fail_msg("%s: %s", rows[i].what, netlink_words(&m));
	}
	nlmsg_init(&m, bytes, sizeof(bytes));
	uplink_put_lease_end(&m, &dhcp, 4, &first, NULL);
	assert_string_equal(netlink_words(&m), "-default dev 4 metric 100; -10.0.2.15/24 dev 4");
}

static void the_longest_batch_fits(void **unused)
{
	struct uplink all = {
		.name = "abcdefghijklmno", .metric = 100, .address = IP(10, 0, 2, 15),
		.prefix = 24, .gateway = IP(10, 0, 2, 2), .ipv6 = true, .gateway_ipv6 = true,
	};
	struct lease last = { .address = 1, .prefix = 24, .gateway = 2 };
	struct lease next = { .address = 3, .prefix = 24, .gateway = 4 };

	(void)unused;
	nlmsg_init(&m, bytes, sizeof(bytes));
	uplink_put_own(&m, &all, 4);
	uplink_put_lease(&m, &all, 4, &next);
	uplink_put_lease_end(&m, &all, 4, &last, &next);
	uplink_put_lease_end(&m, &all, 4, &last, NULL);
	assert_int_equal(m.error, 0);
}

static void an_address_is_an_uplinks_or_nobodys(void **unused)
{
	const struct uplink uplink = {
		.address = IP(10, 0, 2, 15), .prefix = 24, .ipv6 = true, .prefix6 = 64,
		.address6 = { 0xfd, 1 },
	};
	const struct lease lease = { .address = IP(10, 0, 3, 9), .prefix = 16 };
	const uint8_t own[16] = { 10, 0, 2, 15 }, leased[16] = { 10, 0, 3, 9 };

	(void)unused;
	assert_true(uplink_has_address(&uplink, &lease, AF_INET, own, 24));
	assert_false(uplink_has_address(&uplink, &lease, AF_INET, own, 25));
	assert_true(uplink_has_address(&uplink, &lease, AF_INET, leased, 16));
	assert_false(uplink_has_address(&uplink, &lease, AF_INET, leased, 24));
	assert_true(uplink_has_address(&uplink, &lease, AF_INET6, uplink.address6, 64));
	assert_false(uplink_has_address(&uplink, &lease, AF_INET6, leased, 64));
	assert_false(uplink_has_address(&uplink, &lease, AF_INET6, uplink.address6, 63));
}

/* --- The filter, in the kernel ------------------------------------------------------------ */

static bool passes(const int ends[2], const char *name, uint16_t first)
{
	uint8_t message[256], got[256];
	struct nlmsg event;
	ssize_t n;

	nlmsg_init(&event, message, sizeof(message));
	nlmsg_begin(&event, RTM_NEWLINK, 0, &(struct ifinfomsg){ .ifi_index = 7 },
		    sizeof(struct ifinfomsg));
	if (first)
		nlmsg_put_u32(&event, first, 1500);
	if (name)
		nlmsg_put_str(&event, IFLA_IFNAME, name);
	nlmsg_put_u32(&event, IFLA_MTU, 1500);
	nlmsg_end_quiet(&event);
	assert_int_equal(event.error, 0);
	assert_int_equal(send(ends[0], event.buf, event.len, 0), event.len);
	n = recv(ends[1], got, sizeof(got), MSG_DONTWAIT);
	if (n >= 0)
		assert_int_equal(n, event.len);
	return n >= 0;
}

static void only_their_own_changes_pass(void **unused)
{
	static const struct uplink uplinks[UPLINKS_MAX] = {
		{ .name = "eth0" }, { .name = "eth0.100" }, { .name = "e" }, { .name = "abc" },
		{ .name = "wlan0" }, { .name = "longest-of-all0" }, { .name = "longest-of-all1" },
		{ .name = "usb1" },
	};
	static const char *const others[] = {
		"", "lo", "eth", "eth1", "eth00", "eth0.10", "eth0.1000", "web", "ee", "ab",
		"abcd", "longest-of-all", "longest-of-all2", "usb", "usb12",
	};
	struct sock_filter filter[UPLINK_FILTER_MAX];
	struct sock_fprog program = { .filter = filter };
	int ends[2];

	(void)unused;
	program.len = (unsigned short)uplink_filter(filter, uplinks, UPLINKS_MAX);
	assert_in_range(program.len, 1, UPLINK_FILTER_MAX);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_int_equal(setsockopt(ends[1], SOL_SOCKET, SO_ATTACH_FILTER, &program,
				    sizeof(program)), 0);
	for (unsigned i = 0; i < UPLINKS_MAX; i++) {
		assert_true(passes(ends, uplinks[i].name, 0));
		/* Wherever its name stands. */
		assert_true(passes(ends, uplinks[i].name, IFLA_TXQLEN));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (passes(ends, others[i], 0))
			fail_msg("%s passes", others[i]);
	assert_false(passes(ends, NULL, 0));
	close(ends[0]);
	close(ends[1]);
}

/* --- Words ------------------------------------------------------------------------------------ */

static void resolv_conf_begins_with_who_is_online(void **unused)
{
	static const struct uplink uplinks[] = { dhcp, dhcp, { .name = "eth2", .address = 1 } };
	struct state_uplink is[] = {
		{ .index = 2, .carrier = true, .lease = { .address = 5, .dns_count = 2,
		  .dns = { IP(1, 1, 1, 1), IP(2, 2, 2, 2) } } },
		{ .index = 3, .carrier = true, .lease = { .address = 6, .dns_count = 3,
		  .dns = { IP(2, 2, 2, 2), IP(3, 3, 3, 3), IP(255, 255, 255, 255) } } },
		{ .index = 4, .carrier = true, .lease = { .dns_count = 1,
		  .dns = { IP(4, 4, 4, 4) } } },
	};
	char buf[UPLINK_RESOLV_SIZE];
	struct text t = TEXT_ON(buf);

	(void)unused;
	uplink_resolv_make(&t, uplinks, is, 3);
	assert_string_equal(buf, "# from DHCP\nnameserver 1.1.1.1\nnameserver 2.2.2.2\n"
			    "nameserver 3.3.3.3\n");
	is[0].carrier = false;
	t = TEXT_ON(buf);
	uplink_resolv_make(&t, uplinks, is, 3);
	assert_string_equal(buf, "# from DHCP\nnameserver 2.2.2.2\nnameserver 3.3.3.3\n"
			    "nameserver 255.255.255.255\n");
	is[0].lease.address = is[1].lease.address = 0;
	t = TEXT_ON(buf);
	uplink_resolv_make(&t, uplinks, is, 3);
	assert_string_equal(buf, "# nothing from DHCP yet\n");
	assert_false(t.cut);
}

static void what_it_lacks_has_words(void **unused)
{
	static const struct uplink fixed = { .name = "eth1", .address = 1 };
	static const struct uplink ipv6 = { .name = "eth2", .ipv6 = true };
	static const struct uplink carrier = { .name = "eth3" };
	static const struct {
		const struct uplink *uplink;
		struct state_uplink is;
		const char *lacks;	/* NULL: it is online, or no way out */
		bool online;
	} rows[] = {
		{ &dhcp, { .index = 0 }, "there is no eth0", false },
		{ &dhcp, { .index = 2 }, "eth0 has no carrier", false },
		{ &dhcp, { .index = 2, .carrier = true }, "eth0 has no address from DHCP", false },
		{ &dhcp, { .index = 2, .lease.address = 1 }, "eth0 has no carrier", false },
		{ &dhcp, { .index = 2, .carrier = true, .lease.address = 1 }, NULL, true },
		{ &fixed, { .index = 2 }, "eth1 has no carrier", false },
		{ &fixed, { .index = 2, .carrier = true }, NULL, true },
		{ &ipv6, { .index = 2, .carrier = true }, NULL, true },
		{ &carrier, { .index = 2, .carrier = true }, NULL, false },
		{ &carrier, { .index = 0 }, NULL, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[64] = "";
		struct text t = TEXT_ON(buf);
		bool lacks = uplink_add_lack(&t, rows[i].uplink, &rows[i].is);

		assert_int_equal(lacks, rows[i].lacks != NULL);
		assert_string_equal(buf, rows[i].lacks ? rows[i].lacks : "");
		assert_int_equal(uplink_is_online(rows[i].uplink, &rows[i].is), rows[i].online);
	}
}

static const struct state_uplink absent, down = { .index = 2 };
static const struct state_uplink up = { .index = 2, .carrier = true };

static void a_link_is_told_of_when_it_has_settled(void **unused)
{
	struct uplink_told told = { 0 };

	(void)unused;
	uplink_tell(&told, &dhcp, &absent, 1000);
	uplink_tell(&told, &dhcp, &down, 1100);
	assert_string_equal(lines_said(), "");
	assert_int_equal(told.due_ms, 1000 + UPLINK_SETTLE_MS);
	uplink_tell(&told, &dhcp, &up, 3000);
	assert_string_equal(lines_said(), "uplink eth0: link is up\n");
	assert_int_equal(told.due_ms, 0);
	uplink_tell(&told, &dhcp, &up, 3100);
	assert_string_equal(lines_said(), "");
	uplink_tell(&told, &dhcp, &down, 4000);
	assert_string_equal(lines_said(), "uplink eth0: no carrier\n");
	assert_int_equal(told.due_ms, 0);
}

static void what_never_comes_is_told(void **unused)
{
	struct uplink_told told = { 0 };

	(void)unused;
	uplink_tell(&told, &dhcp, &absent, 1000);
	uplink_tell(&told, &dhcp, &absent, told.due_ms - 1);
	assert_string_equal(lines_said(), "");
	uplink_tell(&told, &dhcp, &absent, told.due_ms);
	assert_string_equal(lines_said(), "uplink eth0: there is no such interface\n");
	assert_int_equal(told.due_ms, 0);
	uplink_tell(&told, &dhcp, &absent, 900000);
	assert_string_equal(lines_said(), "");
}

static void what_an_earlier_pid_1_said_is_not_said_again(void **unused)
{
	struct uplink_told told;

	(void)unused;
	uplink_tell_nothing(&told, &up);
	uplink_tell(&told, &dhcp, &up, 1000);
	assert_string_equal(lines_said(), "");
	assert_int_equal(told.due_ms, 0);
	uplink_tell(&told, &dhcp, &down, 2000);
	assert_string_equal(lines_said(), "uplink eth0: no carrier\n");
}

static unsigned count_lines(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* For an hour, ten times a second. */
static void a_link_that_flaps_says_little(void **unused)
{
	struct uplink_told told = { 0 };
	unsigned lines = 0;
	uint64_t now = 1000;

	(void)unused;
	for (; now < 3600 * 1000; now += 100) {
		uplink_tell(&told, &dhcp, now / 100 % 2 ? &up : &down, now);
		assert_true(!told.due_ms || told.due_ms > now);
		lines += count_lines(lines_said());
	}
	assert_in_range(lines, 60, UPLINK_LINES + 60);
	/* It comes to rest, and that is said, with what was not. */
	now = told.due_ms;
	uplink_tell(&told, &dhcp, now / 100 % 2 ? &up : &down, now);
	assert_non_null(strstr(lines_said(), " changes before were not said\n"));
	assert_int_equal(told.due_ms, 0);
	assert_int_equal(told.hushed, 0);
}

static void other_lines_are_of_the_same_account(void **unused)
{
	struct uplink_told told = { 0 };

	(void)unused;
	uplink_tell(&told, &dhcp, &down, 1000);
	for (unsigned i = 0; i < UPLINK_LINES + 3; i++)
		uplink_say(&told, &dhcp, "something", 2000);
	assert_int_equal(count_lines(lines_said()), UPLINK_LINES);
	assert_int_equal(told.hushed, 3);
	assert_true(told.due_ms > 2000);
	uplink_tell(&told, &dhcp, &down, told.due_ms);
	assert_string_equal(lines_said(),
			    "uplink eth0: no carrier; 3 changes before were not said\n");
	assert_int_equal(told.due_ms, 0);
	/* And what is to be told of the link is not forgotten over them. */
	memset(&told, 0, sizeof(told));
	uplink_tell(&told, &dhcp, &down, 1000);
	uplink_say(&told, &dhcp, "something", 2000);
	assert_int_equal(told.due_ms, 1000 + UPLINK_SETTLE_MS);
	lines_said();
}

/* A deadline that has passed would keep the loop awake. */
static void what_has_nothing_to_say_is_not_due(void **unused)
{
	struct uplink_told told;

	(void)unused;
	uplink_tell_nothing(&told, &up);
	for (unsigned i = 0; i < UPLINK_LINES + 3; i++)
		uplink_say(&told, &dhcp, "something", 2000);
	assert_true(told.due_ms);
	uplink_say(&told, &dhcp, "something", told.due_ms);
	lines_said();
	assert_int_equal(told.hushed, 0);
	uplink_tell(&told, &dhcp, &up, told.due_ms);
	assert_int_equal(told.due_ms, 0);
	assert_string_equal(lines_said(), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_follow_from_what_is_seen),
		cmocka_unit_test(the_table_says_what_an_uplink_has),
		cmocka_unit_test(leases_replace_each_other),
		cmocka_unit_test(the_longest_batch_fits),
		cmocka_unit_test(an_address_is_an_uplinks_or_nobodys),
		cmocka_unit_test(only_their_own_changes_pass),
		cmocka_unit_test(resolv_conf_begins_with_who_is_online),
		cmocka_unit_test(what_it_lacks_has_words),
		cmocka_unit_test(a_link_is_told_of_when_it_has_settled),
		cmocka_unit_test(what_never_comes_is_told),
		cmocka_unit_test(what_an_earlier_pid_1_said_is_not_said_again),
		cmocka_unit_test(a_link_that_flaps_says_little),
		cmocka_unit_test(other_lines_are_of_the_same_account),
		cmocka_unit_test(what_has_nothing_to_say_is_not_due),
	};

	return cmocka_run_group_tests_name("uplink_plan", tests, NULL, NULL);
}
