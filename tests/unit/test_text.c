/*
 * The formatter against the C library's own, and what it does when there is
 * no room.
 *
 * links: init/text.c
 */
#include <arpa/inet.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/text.h"

#define SAME(...) do { \
	char ours[128], theirs[128]; \
	struct text t = TEXT_ON(ours); \
	text_add(&t, __VA_ARGS__); \
	snprintf(theirs, sizeof(theirs), __VA_ARGS__); \
	assert_string_equal(ours, theirs); \
	assert_int_equal(t.len, strlen(theirs)); \
	assert_false(t.cut); \
} while (0)

static void every_conversion_agrees_with_printf(void **state)
{
	(void)state;
	SAME("plain, %% and nothing else");
	SAME("%s and %.*s and %c", "text", 2, "text", 'x');
	SAME("%d %d %d", 0, INT_MAX, INT_MIN);
	SAME("%u %x", UINT_MAX, UINT_MAX);
	SAME("%ld %lu", LONG_MIN, ULONG_MAX);
	SAME("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, ULLONG_MAX);
	SAME("%zu", (size_t)12345);
	SAME("%03u %3u %08x", 7u, 7u, 0xbeefu);
}

static void what_does_not_fit_is_marked_and_terminated(void **state)
{
	char buf[8];
	struct text t = TEXT_ON(buf);

	(void)state;
	text_add(&t, "%s", "1234567");
	assert_false(t.cut);
	text_add(&t, "%d", 8);
	assert_true(t.cut);
	assert_string_equal(buf, "1234567");
	assert_int_equal(t.len, 7);
}

static void durations_read_as_people_say_them(void **state)
{
	static const struct {
		uint64_t ms;
		const char *text;
	} rows[] = {
		{ 0, "0 ms" }, { 999, "999 ms" }, { 1000, "1.0 s" }, { 59999, "59.9 s" },
		{ 60000, "1 min" }, { 7199999, "119 min" }, { 7200000, "2 h" },
		{ UINT64_MAX, "5124095576030 h" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[32];
		struct text t = TEXT_ON(buf);

		text_add_duration(&t, rows[i].ms);
		assert_string_equal(buf, rows[i].text);
	}
}

static void what_could_steer_a_terminal_is_not_shown(void **state)
{
	static const struct {
		const char *bytes, *shown;
	} rows[] = {
		{ "plain\ttext ~", "plain\ttext ~" },
		{ "\x1b[2J\r\a\x7f", "?[2J???" },
		{ "\x9b" "2J", "?2J" }, { "\xc2\x9b" "2J", "??2J" },
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
		{ "\xe2\x82\xac \xf0\x9f\x90\xa7", "\xe2\x82\xac \xf0\x9f\x90\xa7" },
		{ "\xc0\x9b", "??" }, { "\xe0\x82\x9b", "???" },
		{ "\xed\xa0\x80", "???" }, { "\xf4\x90\x80\x80", "????" },
		{ "\xf5\x80\x80\x80", "????" }, { "\xe2\x82", "??" }, { "\xe2(\xa1", "?(?" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[64];
		struct text t = TEXT_ON(buf);

		text_add_printable(&t, rows[i].bytes, strlen(rows[i].bytes));
		assert_string_equal(buf, rows[i].shown);
	}
}

static void addresses_and_signals_have_their_names(void **state)
{
	char buf[64];
	struct text t = TEXT_ON(buf);

	(void)state;
	text_add_ipv4(&t, 0x0a4d0001);
	text_add(&t, " ");
	text_add_signal(&t, SIGKILL);
	text_add(&t, " ");
	text_add_signal(&t, SIGVTALRM);
	text_add(&t, " ");
	text_add_signal(&t, 40);
	assert_string_equal(buf, "10.77.0.1 SIGKILL SIGVTALRM signal 40");
}

/* libc's words, but for what begins with zeros, of which some are IPv4's there. */
static void ipv6_addresses_read_as_libc_has_them(void **state)
{
	static const uint8_t groups[] = { 0, 0, 0, 1, 0x10 };
	uint8_t address[16] = { 0 };
	char want[INET6_ADDRSTRLEN], have[INET6_ADDRSTRLEN];

	(void)state;
	srandom(7);
	for (int round = 0; round < 20000; round++) {
		struct text t = TEXT_ON(have);

		for (unsigned i = 0; i < 16; i++)
			address[i] = groups[(size_t)random() % sizeof(groups)];
		address[0] = 0xfd;
		text_add_ipv6(&t, address);
		assert_false(t.cut);
		assert_string_equal(have, inet_ntop(AF_INET6, address, want, sizeof(want)));
	}
	memset(address, 0, sizeof(address));
	for (unsigned last = 0; last < 2; last++) {
		struct text t = TEXT_ON(have);

		address[15] = (uint8_t)last;
		text_add_ipv6(&t, address);
		assert_string_equal(have, last ? "::1" : "::");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_conversion_agrees_with_printf),
		cmocka_unit_test(what_does_not_fit_is_marked_and_terminated),
		cmocka_unit_test(durations_read_as_people_say_them),
		cmocka_unit_test(what_could_steer_a_terminal_is_not_shown),
		cmocka_unit_test(addresses_and_signals_have_their_names),
		cmocka_unit_test(ipv6_addresses_read_as_libc_has_them),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
