/*
 * Which leases a board can live with, and what a helper's words become.
 *
 * links: init/lease.c init/tell/words.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fuzz/lease_check.h"

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

/* One that is sound: each row below changes something of it. */
static const struct lease good = {
	.version = LEASE_VERSION, .prefix = 24, .dns_count = 1,
	.address = IP(10, 0, 2, 15), .gateway = IP(10, 0, 2, 2), .seconds = 86400,
	.dns = { IP(10, 0, 2, 3) },
};

static bool is_sound(const struct lease *lease)
{
	bool sound = lease_is_sound(lease, sizeof(*lease), &check_board);

	assert_int_equal(sound, check_lease_is_sound((const uint8_t *)lease, sizeof(*lease)));
	return sound;
}

static void leases_are_looked_at(void **unused)
{
	static const struct {
		const char *what;
		bool sound;
		uint8_t zero, version, prefix, dns_count;
		uint32_t address, gateway, seconds, dns[3];
	} rows[] = {
#define OF(ip, bits, router) .version = 1, .prefix = (bits), .address = (ip), \
			     .gateway = (router), .seconds = 60
		{ "without anything beside", true, OF(IP(192, 168, 1, 7), 24, 0) },
		{ "of a network's first host", true, OF(IP(10, 0, 2, 1), 24, IP(10, 0, 2, 254)) },
		{ "a single address, its router elsewhere", true,
		  OF(IP(198, 51, 100, 7), 32, IP(198, 51, 100, 1)) },
		{ "one of two", true, OF(IP(198, 51, 100, 6), 31, IP(198, 51, 100, 7)) },
		{ "a router in another subnet", true, OF(IP(10, 0, 2, 15), 24, IP(10, 9, 9, 9)) },
		{ "beside a bridge", true, OF(IP(10, 77, 1, 2), 24, IP(10, 77, 1, 1)) },
		{ "on a bridge", false, OF(IP(10, 77, 0, 99), 24, 0) },
		{ "on a bridge, one address of it", false, OF(IP(10, 77, 0, 99), 32, 0) },
		{ "around a bridge", false, OF(IP(10, 78, 0, 1), 8, 0) },
		{ "half of the world", false, OF(IP(200, 0, 0, 1), 1, 0) },
		{ "the largest that there is", true, OF(IP(11, 0, 0, 1), 8, 0) },
		{ "larger than that", false, OF(IP(20, 0, 0, 1), 7, 0) },
		{ "half of another uplink's subnet", false, OF(IP(192, 168, 5, 200), 25, 0) },
		{ "around another uplink's", false, OF(IP(192, 168, 9, 1), 16, 0) },
		{ "another uplink's address", false, OF(IP(203, 0, 113, 7), 32, 0) },
		{ "another uplink's router", false, OF(IP(198, 18, 0, 1), 32, 0) },
		{ "beside another uplink's", true, OF(IP(192, 168, 6, 1), 24, 0) },
		{ "on the second bridge", false, OF(IP(172, 16, 15, 9), 24, 0) },
		{ "beside the second bridge", true, OF(IP(172, 16, 16, 9), 24, 0) },
		{ "a router on a bridge", false, OF(IP(10, 0, 2, 15), 24, IP(10, 77, 0, 4)) },
		{ "its own router", false, OF(IP(10, 0, 2, 15), 24, IP(10, 0, 2, 15)) },
		{ "the network as a router", false, OF(IP(10, 0, 2, 15), 24, IP(10, 0, 2, 0)) },
		{ "all of it as a router", false, OF(IP(10, 0, 2, 15), 24, IP(10, 0, 2, 255)) },
		{ "a router on the loopback", false, OF(IP(10, 0, 2, 15), 24, IP(127, 0, 0, 1)) },
		{ "a router that is many", false, OF(IP(10, 0, 2, 15), 24, IP(224, 0, 0, 1)) },
		{ "no address", false, OF(0, 24, 0) },
		{ "the network itself", false, OF(IP(10, 0, 2, 0), 24, 0) },
		{ "all of the network", false, OF(IP(10, 0, 2, 255), 24, 0) },
		{ "the loopback", false, OF(IP(127, 0, 0, 1), 8, 0) },
		{ "of this network", false, OF(IP(0, 1, 2, 3), 24, 0) },
		{ "of many", false, OF(IP(239, 0, 0, 1), 24, 0) },
		{ "everybody", false, OF(UINT32_MAX, 32, 0) },
		{ "no prefix", false, OF(IP(10, 0, 2, 15), 0, 0) },
		{ "too long a prefix", false, OF(IP(10, 0, 2, 15), 33, 0) },
		{ "a name server on the loopback", false, OF(IP(10, 0, 2, 15), 24, 0),
		  .dns_count = 1, .dns = { IP(127, 0, 0, 53) } },
		{ "a name server that is none", false, OF(IP(10, 0, 2, 15), 24, 0), .dns_count = 2,
		  .dns = { IP(9, 9, 9, 9) } },
		{ "one beyond those that count", false, OF(IP(10, 0, 2, 15), 24, 0), .dns_count = 1,
		  .dns = { IP(9, 9, 9, 9), IP(8, 8, 8, 8) } },
		{ "four name servers", false, OF(IP(10, 0, 2, 15), 24, 0), .dns_count = 4,
		  .dns = { IP(9, 9, 9, 9), IP(8, 8, 8, 8), IP(1, 1, 1, 1) } },
		{ "three name servers", true, OF(IP(10, 0, 2, 15), 24, 0), .dns_count = 3,
		  .dns = { IP(9, 9, 9, 9), IP(8, 8, 8, 8), IP(1, 1, 1, 1) } },
	};

	(void)unused;
	assert_true(is_sound(&good));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lease lease = {
			.zero = rows[i].zero, .version = rows[i].version,
			.prefix = rows[i].prefix, .dns_count = rows[i].dns_count,
			.address = rows[i].address, .gateway = rows[i].gateway,
			.seconds = rows[i].seconds,
			.dns = { rows[i].dns[0], rows[i].dns[1], rows[i].dns[2] },
		};

		if (is_sound(&lease) != rows[i].sound)
			fail_msg("%s: is%s believed", rows[i].what, rows[i].sound ? " not" : "");
	}
}

static void its_form_has_to_be_right(void **unused)
{
	struct lease lease = good;
	uint8_t longer[sizeof(lease) + 1] = { 0 };

	(void)unused;
	memcpy(longer, &good, sizeof(good));
	assert_false(lease_is_sound(longer, sizeof(longer), &check_board));
	assert_false(lease_is_sound(longer, sizeof(good) - 1, &check_board));
	assert_false(lease_is_sound(longer, 0, &check_board));
	assert_true(lease_is_sound(longer, sizeof(good), &check_board));
	/* At any address. */
	memcpy(longer + 1, &good, sizeof(good));
	assert_true(lease_is_sound(longer + 1, sizeof(good), &check_board));
	lease.zero = 1;
	assert_false(is_sound(&lease));
	lease = good;
	lease.version = 2;
	assert_false(is_sound(&lease));
	lease = good;
	lease.seconds = 0;
	assert_false(is_sound(&lease));
}

static void an_end_is_an_end_alone(void **unused)
{
	struct lease end = LEASE_END;

	(void)unused;
	assert_true(lease_is_end(&end, sizeof(end)));
	assert_false(lease_is_sound(&end, sizeof(end), &check_board));
	assert_false(lease_is_end(&good, sizeof(good)));
	assert_false(lease_is_end(&end, sizeof(end) - 1));
	end.seconds = 1;
	assert_false(lease_is_end(&end, sizeof(end)));
}

/* --- The words ------------------------------------------------------------------------- */

/* "10.0.2.15/24 by 10.0.2.2 for 86400, 10.0.2.3", or what is odd. */
static const char *words_of(const struct tell_dhcp *said)
{
	static char text[160];
	struct lease lease;
	const char *odd = tell_read_lease(said, &lease);
	int len;

	if (odd)
		return odd;
	assert_int_equal(lease.zero, 0);
	assert_int_equal(lease.version, LEASE_VERSION);
	len = sprintf(text, "%x/%u by %x for %u", lease.address, lease.prefix, lease.gateway,
		      lease.seconds);
	for (unsigned i = 0; i < LEASE_DNS_MAX; i++)
		if (i < lease.dns_count)
			len += sprintf(text + len, ", %x", lease.dns[i]);
		else
			assert_int_equal(lease.dns[i], 0);
	return text;
}

static void a_helpers_words_become_a_lease(void **unused)
{
	static const struct {
		struct tell_dhcp said;
		const char *is;
	} rows[] = {
		{ { "10.0.2.15", "255.255.255.0", "10.0.2.2", "10.0.2.3", "86400" },
		  "a00020f/24 by a000202 for 86400, a000203" },
		{ { "10.0.2.15", "255.255.255.0", NULL, NULL, NULL }, "a00020f/24 by 0 for 3600" },
		{ { "10.0.2.15", "255.255.255.0", "", "", "4294967295" },
		  "a00020f/24 by 0 for 4294967295" },
		{ { "1.2.3.4", "255.255.255.255", "5.6.7.8 9.9.9.9",
		    "1.1.1.1 2.2.2.2 3.3.3.3 4.4.4.4", "60" }, "1020304/32 by 5060708 for 60, 1010101, 2020202, 3030303" },
		/* What routers offer when they have none themselves. */
		{ { "1.2.3.4", "255.0.0.0", "0.0.0.0", "0.0.0.0 127.0.0.1 9.9.9.9 224.0.0.1",
		    "60" },
		  "1020304/8 by 0 for 60, 9090909" },
		{ { "1.2.3.4", "0.0.0.0", "", "", "60" }, "1020304/0 by 0 for 60" },
		{ { NULL, "255.255.255.0", "", "", "60" }, "ip" },
		{ { "", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.4.5", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.256", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.04", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.-4", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2..4", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.4 ", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.4294967300", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.18446744073709551620", "255.255.255.0", "", "", "60" }, "ip" },
		{ { "1.2.3.4", NULL, "", "", "60" }, "subnet" },
		{ { "1.2.3.4", "255.0.255.0", "", "", "60" }, "subnet" },
		{ { "1.2.3.4", "0.0.0.255", "", "", "60" }, "subnet" },
		{ { "1.2.3.4", "24", "", "", "60" }, "subnet" },
		{ { "1.2.3.4", "255.255.255.0", "x", "", "60" }, "router" },
		{ { "1.2.3.4", "255.255.255.0", "1.2.3.1,1.2.3.2", "", "60" }, "router" },
		{ { "1.2.3.4", "255.255.255.0", "", "9.9.9.9  8.8.8.8", "60" }, "dns" },
		{ { "1.2.3.4", "255.255.255.0", "", "9.9.9.9\n8.8.8.8", "60" }, "dns" },
		{ { "1.2.3.4", "255.255.255.0", "", "", "" }, "lease" },
		{ { "1.2.3.4", "255.255.255.0", "", "", "-1" }, "lease" },
		{ { "1.2.3.4", "255.255.255.0", "", "", "4294967296" }, "lease" },
		{ { "1.2.3.4", "255.255.255.0", "", "", "60s" }, "lease" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(words_of(&rows[i].said), rows[i].is);
}

static void a_helpers_words_become_the_time(void **unused)
{
	static const struct {
		bool stepped;
		const char *stratum, *offset, *is;
	} rows[] = {
		{ false, "3", "-0.012345", "READY=1\nSTATUS=stratum 3, offset -0.012345 s" },
		{ false, "15", "0", "READY=1\nSTATUS=stratum 15, offset 0 s" },
		{ false, "16", "0.1", "STATUS=no server to go by" },
		{ true, "16", "1001.173103", "READY=1\nSTATUS=stepped by 1001.173103 s" },
		{ false, "17", "0.1", "stratum" },
		{ false, "", "0.1", "stratum" },
		{ false, NULL, "0.1", "stratum" },
		{ false, "03", "0.1", "stratum" },
		{ true, "3", NULL, "offset" },
		{ true, "3", "1\nREADY=1", "offset" },
		{ false, "3", "nan", "offset" },
		{ false, "3", "000000000000000000000000000000000", "offset" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[TELL_TEXT_SIZE];
		const char *odd = tell_read_time(rows[i].stepped, rows[i].stratum, rows[i].offset,
						 text);

		assert_string_equal(odd ? odd : text, rows[i].is);
	}
}

/* Bytes of chance around one that is sound, and words likewise. */
static void chance_finds_no_other_reading(void **unused)
{
	static const char words[] = "10.0.2.15\n255.255.255.0\n10.0.2.2\n10.0.2.3 9.9.9.9\n86400";
	static const char some[] = "0123456789. \n255-";
	unsigned sound = 0;

	(void)unused;
	srand(5);
	for (int i = 0; i < 200000; i++) {
		uint8_t bytes[sizeof(good)];
		char text[sizeof(words)];

		memcpy(bytes, &good, sizeof(good));
		memcpy(text, words, sizeof(words));
		for (int changes = rand() % 4; changes; changes--) {
			bytes[(unsigned)rand() % sizeof(bytes)] = (uint8_t)rand();
			text[(unsigned)rand() % (sizeof(text) - 1)] =
				some[(unsigned)rand() % (sizeof(some) - 1)];
		}
		sound += check_lease_is_sound(bytes, sizeof(bytes));
		if (!check_lease(bytes, sizeof(bytes)))
			fail_msg("lease %d of seed 5 is read wrongly", i);
		if (!check_words((const uint8_t *)text, strlen(text)))
			fail_msg("words %d of seed 5 are read wrongly: %s", i, text);
	}
	assert_in_range(sound, 50000, 150000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leases_are_looked_at),
		cmocka_unit_test(its_form_has_to_be_right),
		cmocka_unit_test(an_end_is_an_end_alone),
		cmocka_unit_test(a_helpers_words_become_a_lease),
		cmocka_unit_test(a_helpers_words_become_the_time),
		cmocka_unit_test(chance_finds_no_other_reading),
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
