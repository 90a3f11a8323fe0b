/*
 * What of the table the firewall is about: the batch for a board of seven services, read
 * back.  What becomes of packets is test_firewall.c's.
 *
 * links: init/table/firewall_plan.c init/table/firewall.c init/table/firewall_rule.c
 * links: init/table/firewall_nat.c init/table/firewall_filter.c init/table/firewall_sets.c
 * links: init/table/firewall_rows.c init/table/arena.c init/table/report.c init/table/utf8.c
 * links: netsetup/nft.c netsetup/nft_match.c netsetup/nft_act.c netsetup/nft_set.c
 * links: netsetup/nft_lookup.c netsetup/nft_field.c netsetup/nlmsg.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "init/service.h"
#include "init/table/firewall_plan.h"
#include "nft_machine.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define ULA 0xfd, 0x70, 0x69, 0x74, 0x68

enum { ALONE, BROKER, HOSTED, LODGER, NEAR, TENANT, WEB, SERVICES };

static struct published_port web_publishes[] = { { 8080, 80, false }, { 8053, 53, true } };
static struct allow web_allows[] = {
	{ "broker", { 1883, false, NULL }, BROKER },
	{ "broker", { 0, false, "/run/broker.sock" }, BROKER },	/* does not pass here */
	{ "lodger", { 99, true, NULL }, LODGER },		/* broker's network */
	{ "tenant", { 98, false, NULL }, TENANT },		/* the board's */
	{ "alone", { 0, false, "/run/alone.sock" }, ALONE },
};
static struct bridge_spec some_bridges[] = {
	{ .name = "br0", .subnet = { 0x0a4d0001, 24 }, .ipv6 = true,
	  .address6 = { ULA, 0, [15] = 1 } },
	{ .name = "lab", .subnet = { 0x0a4e0001, 24 } },
};
static struct uplink_spec some_uplinks[] = {
	{ .name = "eth0", .metric = 1 },
	{ .name = "eth1" },	/* carries the next one */
	{ .name = "eth1.5", .parent = "eth1", .vlan = 5, .metric = 2 },
};
static struct port opened[] = { { 22, false, NULL }, { 123, true, NULL } };

static struct service_spec some_services[SERVICES] = {
	[ALONE] = { .name = "alone", .net = SERVICE_NET_NONE },
	[BROKER] = { .name = "broker", .net = SERVICE_NET_PRIVATE, .address = 0x0a4d0002,
		     .ipv6 = true, .address6 = { ULA, 0, [15] = 2 }, .mac = { 2, 1, 1, 1, 1, 2 } },
	[HOSTED] = { .name = "hosted", .net = SERVICE_NET_HOST, .uid_base = 200000,
		     .publish = { (struct published_port[]){ { 7005, 7005, false } }, 1 } },
	[LODGER] = { .name = "lodger", .net = SERVICE_NET_SHARE, .net_of = BROKER },
	[NEAR] = { .name = "near", .net = SERVICE_NET_PRIVATE, .address = 0x0a4e0002, .bridge = 1,
		   .mac = { 2, 1, 1, 1, 1, 5 } },
	[TENANT] = { .name = "tenant", .net = SERVICE_NET_HOST, .uid_base = 300000 },
	[WEB] = { .name = "web", .net = SERVICE_NET_PRIVATE, .address = 0x0a4d0004, .ipv6 = true,
		  .address6 = { ULA, 0, [15] = 4 }, .mac = { 2, 1, 1, 1, 1, 4 },
		  .publish = { web_publishes, COUNT(web_publishes) },
		  .allow = { web_allows, COUNT(web_allows) } },
};

static struct machine machine;

static struct spec make(struct arena *arena, struct report *report, size_t uplink_count,
			size_t from, size_t count)
{
	struct spec spec = {
		.arena = arena, .report = report, .services = some_services + from, .count = count,
		.board = {
			.bridges = some_bridges, .bridge_count = COUNT(some_bridges),
			.uplinks = some_uplinks, .uplink_count = uplink_count,
			.open = { opened, COUNT(opened) },
		},
	};

	firewall_make(&spec);
	assert_int_equal(report->errors, 0);
	if (spec.firewall)
		machine_read(&machine, spec.firewall, spec.firewall_bytes);
	return spec;
}

/* The rows of a set, as keys and comments, in their order. */
static void expect_rows(uint8_t family, const char *name, const char *wanted)
{
	size_t set = machine_set_named(&machine, family, name);
	char text[2048] = "";

	for (size_t i = 0; i < machine.element_count; i++) {
		const struct machine_element *e = &machine.elements[i];
		const struct machine_bytes parts[] = { e->key, e->last, e->data };

		for (size_t part = 0; e->set == set && part < COUNT(parts); part++) {
			if (part && parts[part].at)
				strcat(text, part == 1 ? "-" : ">");
			for (size_t at = 0; at < parts[part].left; at++)
				sprintf(text + strlen(text), "%02x", parts[part].at[at]);
		}
		if (e->set == set)
			sprintf(text + strlen(text), " %s\n", e->comment ? e->comment : "");
	}
	assert_string_equal(text, wanted);
}

#define BROKER6 "fd706974680000000000000000000002"
#define WEB6 "fd706974680000000000000000000004"
#define BOARD6 "fd706974680000000000000000000001"
#define ETH0 "65746830000000000000000000000000"
#define ETH1_5 "657468312e3500000000000000000000"
#define BR0 "62723000000000000000000000000000"
#define LAB "6c616200000000000000000000000000"
#define AT_BROKER "62726f6b657200000000000000000000"
#define AT_NEAR "6e656172000000000000000000000000"
#define AT_WEB "77656200000000000000000000000000"
#define TCP_PORT(port) "06000000" port "0000"
#define UDP_PORT(port) "11000000" port "0000"

static void each_row_is_what_the_table_says(void **state)
{
	struct arena arena = { NULL };
	struct report report = { .to = stderr };

	(void)state;
	make(&arena, &report, COUNT(some_uplinks), 0, SERVICES);
	expect_rows(NFPROTO_INET, "uplinks", ETH0 " \n" ETH1_5 " \n");
	expect_rows(NFPROTO_INET, "bridges", BR0 " \n" LAB " \n");
	expect_rows(NFPROTO_INET, "open", TCP_PORT("0016") " \n" UDP_PORT("007b") " \n");
	expect_rows(NFPROTO_INET, "allow4",
		    "0a4d0004" "0a4d0002" TCP_PORT("075b") " web>broker:1883/tcp\n"
		    "0a4d0004" "0a4d0002" UDP_PORT("0063") " web>broker:99/udp\n"
		    "0a4d0004" "0a4d0001" TCP_PORT("0062") " web>tenant:98/tcp\n");
	expect_rows(NFPROTO_INET, "allow6",
		    WEB6 BROKER6 TCP_PORT("075b") " web>broker:1883/tcp\n"
		    WEB6 BROKER6 UDP_PORT("0063") " web>broker:99/udp\n"
		    WEB6 BOARD6 TCP_PORT("0062") " web>tenant:98/tcp\n");
	expect_rows(NFPROTO_INET, "outside4", "0a4d0002 broker>outside\n0a4e0002 near>outside\n"
					      "0a4d0004 web>outside\n");
	expect_rows(NFPROTO_INET, "refused6", BROKER6 " broker>refused\n" WEB6 " web>refused\n");
	expect_rows(NFPROTO_INET, "board_refused4",
		    "00030d40" "0a4d0000" "-" "00040d3f" "0a4d00ff" " hosted>refused\n"
		    "00030d40" "0a4e0000" "-" "00040d3f" "0a4e00ff" " hosted>refused\n"
		    "000493e0" "0a4d0000" "-" "000593df" "0a4d00ff" " tenant>refused\n"
		    "000493e0" "0a4e0000" "-" "000593df" "0a4e00ff" " tenant>refused\n");
	expect_rows(NFPROTO_INET, "published",
		    TCP_PORT("1f90") " outside:8080>web:80/tcp\n"
		    UDP_PORT("1f75") " outside:8053>web:53/udp\n");
	expect_rows(NFPROTO_INET, "published_here",
		    TCP_PORT("1b5d") " outside:7005>hosted:7005/tcp\n");
	expect_rows(NFPROTO_INET, "service4",
		    TCP_PORT("1f90") ">0a4d0004" "00500000" " \n"
		    UDP_PORT("1f75") ">0a4d0004" "00350000" " \n");
	expect_rows(NFPROTO_BRIDGE, "ports4",
		    AT_BROKER "020101010102" "0000" "0a4d0002" " \n"
		    AT_NEAR "020101010105" "0000" "0a4e0002" " \n"
		    AT_WEB "020101010104" "0000" "0a4d0004" " \n");
	arena_free(&arena);
}

static void without_anybody_to_keep_out_there_is_none(void **state)
{
	struct arena arena = { NULL };
	struct report report = { .to = stderr };

	(void)state;
	assert_null(make(&arena, &report, 0, ALONE, 1).firewall);
	assert_null(make(&arena, &report, 0, HOSTED, 1).firewall);
	assert_non_null(make(&arena, &report, 0, BROKER, 1).firewall);
	assert_non_null(make(&arena, &report, 1, ALONE, 1).firewall);
	/* Not by an uplink that only carries another. */
	some_uplinks[0].metric = 0;
	assert_null(make(&arena, &report, 1, ALONE, 1).firewall);
	some_uplinks[0].metric = 1;
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_what_the_table_says),
		cmocka_unit_test(without_anybody_to_keep_out_there_is_none),
	};

	return cmocka_run_group_tests_name("firewall plan", tests, NULL, NULL);
}
