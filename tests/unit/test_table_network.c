/*
 * The board's network: how its options are read, and what they come to together.
 * How the refusals are worded is tests/table's business.
 *
 * links: init/table/uplinks.c init/table/gateways.c init/table/bridges.c init/table/subnets.c
 * links: init/table/mac.c init/table/fingerprint.c
 * links: init/table/spec.c init/table/ipv4.c init/table/ipv6.c init/table/vocabulary.c
 * links: init/table/values.c init/table/values_process.c init/table/values_view.c init/table/values_image.c
 * links: init/table/values_network.c init/table/values_uplink.c init/table/values_ports.c
 * links: init/table/use.c init/table/words.c init/table/number.c init/table/signals.c
 * links: init/table/arena.c init/table/report.c init/table/utf8.c init/table/dotconfig.c
 * links: init/table/folders.c init/table/nearest.c init/table/caps.c
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/table/checks.h"
#include "init/table/ipv4.h"
#include "init/table/ipv6.h"
#include "init/table/vocabulary.h"

/* A board with the options that were set, and what was said of them. */
struct board_of_test {
	struct arena arena;
	struct report report;
	struct dotconfig config;
	struct folders folders;
	struct spec spec;
	char *said;
	size_t said_length;
};

static void setup(struct board_of_test *t)
{
	*t = (struct board_of_test){ .arena = { NULL } };
	t->report.to = open_memstream(&t->said, &t->said_length);
	t->spec = (struct spec){
		.arena = &t->arena, .report = &t->report, .config = &t->config,
		.folders = &t->folders,
	};
}

static void teardown(struct board_of_test *t)
{
	fclose(t->report.to);
	free(t->said);
	arena_free(&t->arena);
}

static const char *set(struct board_of_test *t, const char *name, const char *value)
{
	const struct option *option = vocabulary_find(&board_vocabulary, name, strlen(name));

	assert_non_null(option);
	return option->read(&t->arena, option, value, (char *)&t->spec.board + option->field);
}

static void set_all(struct board_of_test *t, const char *uplink, const char *address,
		    const char *gateway, const char *dns)
{
	setup(t);
	assert_null(set(t, "BRIDGE_ADDRESS", "10.77.0.1/24"));
	assert_null(set(t, "BRIDGE_PREFIX6", "fd70:6974:6800::/64"));
	assert_null(set(t, "UPLINK", uplink));
	assert_null(set(t, "UPLINK_ADDRESS", address));
	assert_null(set(t, "UPLINK_GATEWAY", gateway));
	assert_null(set(t, "UPLINK_DNS", dns));
	check_bridges(&t->spec);
	check_uplinks(&t->spec);
	check_subnets(&t->spec);
}

static const char *show_ip(struct arena *arena, const struct ip *ip)
{
	return ip->is_ipv6
		? arena_printf(arena, "%s/%u", ipv6_format(arena, ip->v6.address), ip->v6.prefix)
		: arena_printf(arena, "%s/%u", ipv4_format(arena, ip->v4.address), ip->v4.prefix);
}

static const char *show_values(struct arena *arena, const struct uplink_values *values)
{
	const char *text = "";

	for (size_t i = 0; i < values->count; i++) {
		const struct uplink_value *value = &values->at[i];

		text = arena_printf(arena, "%s%s %s|", text, value->uplink ? value->uplink : "-",
				    value->dhcp ? "dhcp" : show_ip(arena, &value->ip));
	}
	return text;
}

static const char *show_bridges(struct arena *arena, const struct bridges *bridges)
{
	const char *text = "";

	for (size_t i = 0; i < bridges->count; i++) {
		const struct bridge_spec *bridge = &bridges->at[i];

		text = arena_printf(arena, "%s%s %s/%u%s%s|", text, bridge->name,
				    ipv4_format(arena, bridge->subnet.address), bridge->subnet.prefix,
				    bridge->ipv6 ? " " : "",
				    bridge->ipv6 ? ipv6_format(arena, bridge->address6) : "");
	}
	return text;
}

static const char *show(struct board_of_test *t, const char *name)
{
	const struct board_spec *own = &t->spec.board;
	struct arena *arena = &t->arena;
	const char *text = "";

	if (!strcmp(name, "BRIDGE_ADDRESS"))
		return arena_printf(arena, "%s/%u", ipv4_format(arena, own->bridge.address),
				    own->bridge.prefix);
	if (!strcmp(name, "BRIDGE_PREFIX6"))
		return arena_printf(arena, "%s/%u", ipv6_format(arena, own->prefix6.address),
				    own->prefix6.prefix);
	if (!strcmp(name, "BRIDGES"))
		return show_bridges(arena, &own->more_bridges);
	if (!strcmp(name, "UPLINK_ADDRESS"))
		return show_values(arena, &own->uplink_addresses);
	if (!strcmp(name, "UPLINK_GATEWAY"))
		return show_values(arena, &own->uplink_gateways);
	if (!strcmp(name, "BRIDGE_MTU"))
		return arena_printf(arena, "%" PRId64, own->mtu);
	for (size_t i = 0; !strcmp(name, "UPLINK_DNS") && i < own->dns.count; i++)
		text = arena_printf(arena, "%s%s|", text, show_ip(arena, &own->dns.at[i]));
	for (size_t i = 0; !strcmp(name, "UPLINK") && i < own->uplink_names.count; i++)
		text = arena_printf(arena, "%s%s|", text, own->uplink_names.at[i]);
	return text;
}

/* An expectation of NULL is a refusal. */
static const struct row {
	const char *option, *value, *expected;
} rows[] = {
	{ "BRIDGE_ADDRESS", "10.77.0.1/24", "10.77.0.1/24" },
	{ "BRIDGE_ADDRESS", "10.77.0.1/8", "10.77.0.1/8" },
	{ "BRIDGE_ADDRESS", "10.77.0.2/30", "10.77.0.2/30" },
	{ "BRIDGE_ADDRESS", "", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.1", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.1/", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.1/7", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.1/31", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.1/33", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.0/24", NULL },
	{ "BRIDGE_ADDRESS", "10.77.0.255/24", NULL },
	{ "BRIDGE_ADDRESS", "127.0.0.1/8", NULL },
	{ "BRIDGE_ADDRESS", "fd00::1/64", NULL },

	{ "BRIDGE_PREFIX6", "", "::/0" },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::/64", "fd70:6974:6800::/64" },
	{ "BRIDGE_PREFIX6", "2001:db8:0:ffff::/64", "2001:db8:0:ffff::/64" },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::/63", NULL },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::/65", NULL },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::/064", "fd70:6974:6800::/64" },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::1/64", NULL },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::", NULL },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800::/", NULL },
	{ "BRIDGE_PREFIX6", "fd70:6974:6800:/64", NULL },
	{ "BRIDGE_PREFIX6", "fe80::/64", NULL },
	{ "BRIDGE_PREFIX6", "febf::/64", NULL },
	{ "BRIDGE_PREFIX6", "fec0::/64", "fec0::/64" },
	{ "BRIDGE_PREFIX6", "ff02::/64", NULL },
	{ "BRIDGE_PREFIX6", "::/64", NULL },
	{ "BRIDGE_PREFIX6", "10.77.0.0/24", NULL },

	{ "BRIDGE_MTU", "0", "0" },
	{ "BRIDGE_MTU", "65535", "65535" },
	{ "BRIDGE_MTU", "65536", NULL },

	{ "BRIDGES", "", "" },
	{ "BRIDGES", "lab=10.78.0.1/24", "lab 10.78.0.1/24|" },
	{ "BRIDGES", "lab=10.78.0.1/24,fd01::/64 b=10.79.0.1/30",
	  "lab 10.78.0.1/24 fd01::|b 10.79.0.1/30|" },
	{ "BRIDGES", "lab", NULL },
	{ "BRIDGES", "lab=", NULL },
	{ "BRIDGES", "lab=10.78.0.1", NULL },
	{ "BRIDGES", "lab=10.78.0.1/24,", NULL },
	{ "BRIDGES", "lab=10.78.0.1/24,fd01::1/64", NULL },
	{ "BRIDGES", "lab=10.78.0.1/24,fd01::/64,fd02::/64", NULL },
	{ "BRIDGES", "lab=fd01::/64", NULL },
	{ "BRIDGES", "=10.78.0.1/24", NULL },
	{ "BRIDGES", "lab,=10.78.0.1/24", NULL },
	{ "BRIDGES", "10.78.0.1/24", NULL },
	{ "BRIDGES", "lo=10.78.0.1/24", NULL },
	{ "BRIDGES", "all=10.78.0.1/24", NULL },
	{ "BRIDGES", "default=10.78.0.1/24", NULL },
	{ "BRIDGES", "abcdefghijklmnop=10.78.0.1/24", NULL },

	{ "UPLINK", "", "" },
	{ "UPLINK", "eth0", "eth0|" },
	{ "UPLINK", "eth0.5 wan", "eth0.5|wan|" },
	{ "UPLINK", "abcdefghijklmno", "abcdefghijklmno|" },
	{ "UPLINK", "abcdefghijklmnop", NULL },
	{ "UPLINK", "eth0 eth0", NULL },
	{ "UPLINK", "''", NULL },
	{ "UPLINK", "a/b", NULL },
	{ "UPLINK", "a:b", NULL },
	{ "UPLINK", "a=b", NULL },
	{ "UPLINK", "a,b", NULL },
	{ "UPLINK", "'a b'", NULL },
	{ "UPLINK", "..", NULL },
	{ "UPLINK", "lo", NULL },
	{ "UPLINK", "all", NULL },

	{ "UPLINK_ADDRESS", "", "" },
	{ "UPLINK_ADDRESS", "10.0.2.15/24", "- 10.0.2.15/24|" },
	{ "UPLINK_ADDRESS", "dhcp", "- dhcp|" },
	{ "UPLINK_ADDRESS", "dhcp,2001:db8::15/64 eth1=10.9.0.2/30,fd01::/127",
	  "- dhcp|- 2001:db8::15/64|eth1 10.9.0.2/30|eth1 fd01::/127|" },
	{ "UPLINK_ADDRESS", "2001:db8::15/128", "- 2001:db8::15/128|" },
	{ "UPLINK_ADDRESS", "2001:db8::15/16", "- 2001:db8::15/16|" },
	{ "UPLINK_ADDRESS", "10.0.2.15", NULL },
	{ "UPLINK_ADDRESS", "10.0.2.0/24", NULL },
	{ "UPLINK_ADDRESS", "10.0.2.14/31", "- 10.0.2.14/31|" },
	{ "UPLINK_ADDRESS", "10.0.2.15/31", "- 10.0.2.15/31|" },
	{ "UPLINK_ADDRESS", "10.0.2.15/32", "- 10.0.2.15/32|" },
	{ "UPLINK_ADDRESS", "10.0.2.15/33", NULL },
	{ "UPLINK_ADDRESS", "10.0.2.15/30", NULL },
	{ "UPLINK_ADDRESS", "10.0.2.15/7", NULL },
	{ "UPLINK_ADDRESS", "127.0.0.1/32", NULL },
	{ "UPLINK_ADDRESS", "DHCP", NULL },
	{ "UPLINK_ADDRESS", "dhcp,", NULL },
	{ "UPLINK_ADDRESS", "eth1=", NULL },
	{ "UPLINK_ADDRESS", "eth1=dhcp=dhcp", NULL },
	{ "UPLINK_ADDRESS", "2001:db8::15", NULL },
	{ "UPLINK_ADDRESS", "2001:db8::15/129", NULL },
	{ "UPLINK_ADDRESS", "2001:db8::15/15", NULL },
	{ "UPLINK_ADDRESS", "2001:db8::/64", NULL },
	{ "UPLINK_ADDRESS", "fe80::15/64", NULL },
	{ "UPLINK_ADDRESS", "ff02::15/64", NULL },
	{ "UPLINK_ADDRESS", "::1/128", NULL },
	{ "UPLINK_ADDRESS", "::10.0.2.15/100", NULL },
	{ "UPLINK_ADDRESS", "::ffff:10.0.2.15/100", NULL },
	{ "UPLINK_ADDRESS", "::fffe:10.0.2.15/100", "- ::fffe:a00:20f/100|" },

	{ "UPLINK_GATEWAY", "", "" },
	{ "UPLINK_GATEWAY", "10.0.2.2", "- 10.0.2.2/0|" },
	{ "UPLINK_GATEWAY", "10.0.2.2,fe80::1 eth1=2001:db8::1",
	  "- 10.0.2.2/0|- fe80::1/0|eth1 2001:db8::1/0|" },
	{ "UPLINK_GATEWAY", "10.0.2.2/24", NULL },
	{ "UPLINK_GATEWAY", "2001:db8::1/64", NULL },
	{ "UPLINK_GATEWAY", "dhcp", NULL },
	{ "UPLINK_GATEWAY", "127.0.0.1", NULL },
	{ "UPLINK_GATEWAY", "::", NULL },

	{ "UPLINK_DNS", "", "" },
	{ "UPLINK_DNS", "10.0.2.3 2001:db8::53 9.9.9.9", "10.0.2.3/0|2001:db8::53/0|9.9.9.9/0|" },
	{ "UPLINK_DNS", "10.0.2.3 10.0.2.4 10.0.2.5 10.0.2.6", NULL },
	{ "UPLINK_DNS", "10.0.2.3 10.0.2.3", NULL },
	{ "UPLINK_DNS", "10.0.2.3,10.0.2.4", NULL },
	{ "UPLINK_DNS", "dns.example", NULL },
	{ "UPLINK_DNS", "127.0.0.53", NULL },
	{ "UPLINK_DNS", "::1", NULL },
	{ "UPLINK_DNS", "fe80::1", NULL },
};

static const char *describe(struct arena *arena, const struct row *row, const char *outcome)
{
	return arena_printf(arena, "%s=<%s> gives %s", row->option, row->value,
			    outcome ? outcome : "refused");
}

static void a_value_is_read_or_refused_with_a_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct board_of_test t;
		const char *error, *seen;

		setup(&t);
		error = set(&t, rows[i].option, rows[i].value);
		if (error)
			seen = strchr(error, ';') ? "refused" : "refused without a remedy";
		else
			seen = show(&t, rows[i].option);
		assert_string_equal(describe(&t.arena, &rows[i], seen),
				    describe(&t.arena, &rows[i], rows[i].expected));
		teardown(&t);
	}
}

/* "eth0.5<eth0 10.0.2.15/24 via 10.0.2.2 100|" */
static const char *show_uplinks(struct board_of_test *t)
{
	struct arena *arena = &t->arena;
	const char *text = "";

	for (size_t i = 0; i < t->spec.board.uplink_count; i++) {
		const struct uplink_spec *uplink = &t->spec.board.uplinks[i];

		text = arena_printf(arena, "%s%s", text, uplink->name);
		if (uplink->parent)
			text = arena_printf(arena, "%s<%s:%u", text, uplink->parent, uplink->vlan);
		if (uplink->dhcp)
			text = arena_printf(arena, "%s dhcp", text);
		if (uplink->subnet.address)
			text = arena_printf(arena, "%s %s/%u", text,
					    ipv4_format(arena, uplink->subnet.address),
					    uplink->subnet.prefix);
		if (uplink->gateway)
			text = arena_printf(arena, "%s via %s", text,
					    ipv4_format(arena, uplink->gateway));
		if (uplink->ipv6)
			text = arena_printf(arena, "%s %s/%u", text,
					    ipv6_format(arena, uplink->address6), uplink->prefix6);
		if (uplink->gateway_ipv6)
			text = arena_printf(arena, "%s via %s", text,
					    ipv6_format(arena, uplink->gateway6));
		text = arena_printf(arena, "%s %u|", text, uplink->metric);
	}
	return text;
}

static void uplinks_have_what_is_written_for_them_and_the_order_of_the_list(void **state)
{
	static const struct {
		const char *uplink, *address, *gateway, *expected;
	} boards[] = {
		{ "", "", "", "" },
		{ "eth0", "", "", "eth0 100|" },
		{ "eth0", "10.0.2.15/24", "10.0.2.2", "eth0 10.0.2.15/24 via 10.0.2.2 100|" },
		{ "eth0", "10.0.2.15/31", "10.0.2.14", "eth0 10.0.2.15/31 via 10.0.2.14 100|" },
		{ "eth0", "10.0.2.15/32", "192.0.2.1", "eth0 10.0.2.15/32 via 192.0.2.1 100|" },
		{ "eth0 eth1", "dhcp eth1=10.9.0.2/24", "eth1=10.9.0.1",
		  "eth0 dhcp 100|eth1 10.9.0.2/24 via 10.9.0.1 200|" },
		{ "eth0 eth1", "eth1=dhcp,2001:db8::15/64 eth0=2001:db8:1::1/64",
		  "2001:db8:1::2 eth1=fe80::1",
		  "eth0 2001:db8:1::1/64 via 2001:db8:1::2 100|"
		  "eth1 dhcp 2001:db8::15/64 via fe80::1 200|" },
		{ "eth0.100", "dhcp", "", "eth0 0|eth0.100<eth0:100 dhcp 100|" },
		{ "eth1 eth0.7 eth0 eth0.4094", "eth0=dhcp", "",
		  "eth1 100|eth0 dhcp 300|eth0.7<eth0:7 200|eth0.4094<eth0:4094 400|" },
		{ "a.5.6 b", "", "", "a 0|a.5<a:5 0|a.5.6<a.5:6 100|b 200|" },
		{ "b.1.2.3.4.5", "", "",
		  "b 0|b.1<b:1 0|b.1.2<b.1:2 0|b.1.2.3<b.1.2:3 0|b.1.2.3.4<b.1.2.3:4 0|"
		  "b.1.2.3.4.5<b.1.2.3.4:5 100|" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		struct board_of_test t;

		set_all(&t, boards[i].uplink, boards[i].address, boards[i].gateway, "");
		fflush(t.report.to);
		assert_string_equal(t.said, "");
		assert_string_equal(show_uplinks(&t), boards[i].expected);
		teardown(&t);
	}
}

static void what_does_not_fit_together_is_said_once(void **state)
{
	static const struct {
		const char *uplink, *address, *gateway;
	} boards[] = {
		{ "", "dhcp", "" },
		{ "", "", "10.0.2.2" },
		{ "eth0", "eth1=dhcp", "" },
		{ "eth0.100", "eth0=dhcp", "" },
		{ "eth0", "dhcp,10.0.2.15/24", "" },
		{ "eth0", "10.0.2.15/24 dhcp", "" },
		{ "eth0", "dhcp dhcp", "" },
		{ "eth0", "10.0.2.15/24 eth0=10.9.0.2/24", "" },
		{ "eth0", "2001:db8::15/64,2001:db8:1::15/64", "" },
		{ "eth0", "dhcp", "10.0.2.2" },
		{ "eth0", "", "10.0.2.2" },
		{ "eth0", "2001:db8::15/64", "10.0.2.2" },
		{ "eth0", "10.0.2.15/24", "10.0.3.2" },
		{ "eth0", "10.0.2.15/24", "10.0.2.15" },
		{ "eth0", "10.0.2.15/31", "10.0.2.15" },
		{ "eth0", "10.0.2.15/31", "10.0.2.16" },
		{ "eth0", "10.0.2.15/32", "10.0.2.15" },
		{ "eth0", "10.0.2.15/32", "10.77.0.9" },
		{ "eth0 eth1", "10.0.2.15/32 eth1=10.9.0.2/24", "10.9.0.1" },
		{ "eth0 eth1", "2001:db8::15/64 eth1=2001:db8:1::15/64", "2001:db8:1::1" },
		{ "eth0", "eth1=10.0.2.15/24", "10.0.2.2" },
		{ "eth0", "10.0.2.15/24", "10.0.2.255" },
		{ "eth0", "10.0.2.15/24", "10.0.2.0" },
		{ "eth0", "10.0.2.15/24", "10.0.2.2,10.0.2.3" },
		{ "eth0", "dhcp", "2001:db8::1" },
		{ "eth0", "2001:db8::15/64", "2001:db8:1::1" },
		{ "eth0", "2001:db8::15/64", "2001:db8::15" },
		{ "eth0", "2001:db8::15/64", "2001:db8::1,fe80::1" },
		{ "eth0.0", "", "" },
		{ "eth0.4095", "", "" },
		{ "eth0.07", "", "" },
		{ "eth0.lan", "", "" },
		{ "eth0.", "", "" },
		{ ".5", "", "" },
		{ "br0", "", "" },
		{ "br0.5", "", "" },
		{ "eth0", "10.77.0.15/24", "" },
		{ "eth0", "10.77.0.254/30", "" },
		{ "eth0", "10.76.0.1/8", "" },
		{ "eth0", "fd70:6974:6800::5/128", "" },
		{ "eth0", "fd70:6974::5/32", "" },
		{ "eth0 eth1", "10.0.2.15/24 eth1=10.0.2.16/24", "" },
		{ "eth0 eth1", "2001:db8::15/64 eth1=2001:db8::16/48", "" },
		{ "a b c d e f g h i", "", "" },
		{ "a b c d e f g h.1", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		struct board_of_test t;

		set_all(&t, boards[i].uplink, boards[i].address, boards[i].gateway, "");
		fflush(t.report.to);
		if (t.report.errors != 1)
			fail_msg("UPLINK=%s UPLINK_ADDRESS=%s UPLINK_GATEWAY=%s: %u errors: %s",
				 boards[i].uplink, boards[i].address, boards[i].gateway,
				 t.report.errors, t.said);
		if (!strchr(t.said, ';'))
			fail_msg("without a remedy: %s", t.said);
		teardown(&t);
	}
}

static void eight_interfaces_and_subnets_side_by_side_are_well(void **state)
{
	struct board_of_test t;

	(void)state;
	set_all(&t, "a b c d e f g.1",
		"10.77.1.1/24 b=10.76.255.1/24 c=fd70:6974:6800:1::1/64 "
		"d=fd70:6974:67ff:ffff::1/64 e=dhcp f=dhcp", "", "");
	fflush(t.report.to);
	assert_string_equal(t.said, "");
	assert_int_equal(t.spec.board.uplink_count, 8);
	teardown(&t);
}

static void resolv_conf_has_the_servers_or_waits_for_the_leases(void **state)
{
	static const struct {
		const char *uplink, *address, *dns, *expected;
	} boards[] = {
		{ "", "", "", "" },
		{ "eth0", "10.0.2.15/24", "", "" },
		{ "eth0 eth1", "10.0.2.15/24 eth1=dhcp", "", NULL },
		{ "eth0", "dhcp", "10.0.2.3 2001:db8::53",
		  "nameserver 10.0.2.3\nnameserver 2001:db8::53\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		struct board_of_test t;

		set_all(&t, boards[i].uplink, boards[i].address, "", boards[i].dns);
		if (boards[i].expected)
			assert_string_equal(t.spec.board.resolv_conf, boards[i].expected);
		else
			assert_null(t.spec.board.resolv_conf);
		teardown(&t);
	}
}

static void bridges_have_names_and_subnets_of_their_own(void **state)
{
	static const struct {
		const char *bridges, *prefix6;
		unsigned int errors;
	} boards[] = {
		{ "lab=10.78.0.1/24,fd01::/64", "fd00::/64", 0 },
		{ "lab=10.78.0.1/24,fd01::/64", "", 0 },
		{ "br0=10.78.0.1/24", "", 1 },
		{ "lab=10.78.0.1/24 lab=10.79.0.1/24", "", 1 },
		{ "lab=10.77.0.5/30", "", 1 },
		{ "lab=10.78.0.1/24,fd00::/64", "fd00::/64", 1 },
		{ "a=10.78.0.1/24 b=10.78.0.2/24", "", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		struct board_of_test t;

		setup(&t);
		assert_null(set(&t, "BRIDGE_ADDRESS", "10.77.0.1/24"));
		assert_null(set(&t, "BRIDGE_PREFIX6", boards[i].prefix6));
		assert_null(set(&t, "BRIDGES", boards[i].bridges));
		check_bridges(&t.spec);
		check_subnets(&t.spec);
		if (t.report.errors != boards[i].errors)
			fail_msg("BRIDGES=%s: %u errors", boards[i].bridges, t.report.errors);
		teardown(&t);
	}
}

static void an_mtu_is_one_that_both_families_can_have(void **state)
{
	static const struct {
		const char *mtu, *prefix6;
		unsigned int errors;
	} boards[] = {
		{ "0", "fd00::/64", 0 },
		{ "1280", "fd00::/64", 0 },
		{ "1279", "fd00::/64", 1 },
		{ "67", "fd00::/64", 1 },
		{ "1279", "", 0 },
		{ "68", "", 0 },
		{ "67", "", 1 },
		{ "1", "", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		struct board_of_test t;

		setup(&t);
		assert_null(set(&t, "BRIDGE_MTU", boards[i].mtu));
		assert_null(set(&t, "BRIDGE_PREFIX6", boards[i].prefix6));
		check_bridges(&t.spec);
		if (t.report.errors != boards[i].errors)
			fail_msg("BRIDGE_MTU=%s: %u errors", boards[i].mtu, t.report.errors);
		teardown(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_read_or_refused_with_a_remedy),
		cmocka_unit_test(uplinks_have_what_is_written_for_them_and_the_order_of_the_list),
		cmocka_unit_test(what_does_not_fit_together_is_said_once),
		cmocka_unit_test(eight_interfaces_and_subnets_side_by_side_are_well),
		cmocka_unit_test(resolv_conf_has_the_servers_or_waits_for_the_leases),
		cmocka_unit_test(bridges_have_names_and_subnets_of_their_own),
		cmocka_unit_test(an_mtu_is_one_that_both_families_can_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
