/*
 * Addresses, routes and neighbours: the golden bytes of every message, and what
 * ip(8) and bridge(8) send for the same thing.
 *
 * links: netsetup/addr.c netsetup/route.c netsetup/neigh.c netsetup/nlmsg.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/socket.h>

#include "golden.h"
#include "netsetup/addr.h"
#include "netsetup/neigh.h"
#include "netsetup/route.h"

static const uint8_t ours[16] = { 0xfd, [15] = 4 }, theirs[16] = { 0xfd, [15] = 5 };
static const uint8_t link_local[16] = { 0xfe, 0x80, [15] = 1 };
static const uint8_t far[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };
static const uint8_t mac[LINK_MAC_SIZE] = { 2, 0x70, 1, 0, 0, 5 };
static const uint8_t inside[4] = { 10, 77, 0, 1 }, outside[4] = { 192, 0, 2, 1 };
static const uint8_t ten[4] = { 10, 0, 0, 0 };

static void address(struct nlmsg *m)
{
	addr_put_ipv4(m, 2, 0x0a4d0004, 24);
}

static void address_of_one_host(struct nlmsg *m)
{
	addr_put_ipv4(m, 2, 0xfffefdfc, 32);
}

static void address_taken_away(struct nlmsg *m)
{
	addr_put_removal_ipv4(m, 2, 0x0a4d0004, 24);
}

static void ipv6_address(struct nlmsg *m)
{
	addr_put_ipv6(m, 2, ours, 64, 0);
}

static void ipv6_address_at_once(struct nlmsg *m)
{
	addr_put_ipv6(m, 2, ours, 64, ADDR_NODAD);
}

static void ipv6_address_taken_away(struct nlmsg *m)
{
	addr_put_removal_ipv6(m, 2, ours, 64);
}

static void default_route(struct nlmsg *m)
{
	route_put_default_ipv4(m, 0x0a4d0001);
}

static void ipv6_default_route(struct nlmsg *m)
{
	route_put_default_ipv6(m, link_local, 2);
}

static const struct route uplink = {
	.family = AF_INET, .gateway = inside, .index = 2, .metric = 100,
};

static void default_route_of_an_uplink(struct nlmsg *m)
{
	route_put(m, &uplink);
}

static void host_route(struct nlmsg *m)
{
	route_put(m, &(struct route){
		.family = AF_INET, .prefix = 32, .destination = outside, .index = 2,
	});
}

static const struct route ipv6_host = {
	.family = AF_INET6, .prefix = 128, .destination = far, .index = 2,
};

static void ipv6_host_route(struct nlmsg *m)
{
	route_put(m, &ipv6_host);
}

static void gateway_that_is_on_the_link_anyway(struct nlmsg *m)
{
	route_put(m, &(struct route){
		.family = AF_INET, .gateway = outside, .onlink = true, .index = 2,
	});
}

static void ipv6_gateway_that_is_on_the_link_anyway(struct nlmsg *m)
{
	route_put(m, &(struct route){
		.family = AF_INET6, .gateway = link_local, .onlink = true, .index = 2,
		.metric = 50,
	});
}

static void subnet(struct nlmsg *m)
{
	route_put(m, &(struct route){
		.family = AF_INET, .prefix = 8, .destination = ten, .gateway = inside,
	});
}

static void default_route_taken_away(struct nlmsg *m)
{
	route_put_removal(m, &uplink);
}

static void ipv6_host_route_taken_away(struct nlmsg *m)
{
	route_put_removal(m, &ipv6_host);
}

static void neighbour(struct nlmsg *m)
{
	neigh_put_ipv4(m, 2, 0x0a4d0005, mac);
}

static void ipv6_neighbour(struct nlmsg *m)
{
	neigh_put_ipv6(m, 2, theirs, mac);
}

static void station_behind_a_port(struct nlmsg *m)
{
	neigh_put_bridge(m, 0x4a4d0004, mac);
}

/* For a route to everywhere ip says "to ::", where ours says nothing. */
static const struct golden goldens[] = {
	{
		.name = "address", .build = address,
		.bytes =
		  "28000000 1400 0505 01000000 00000000"
		  "02180000 02000000"
		  "0800 0200 0a4d0004"
		  "0800 0100 0a4d0004",
		.command = "ip addr replace 10.77.0.4/24 dev web",
		.captured =
		  "28000000 14000505 7005036b 00000000 02180000 02000000 08000200"
		  "0a4d0004 08000100 0a4d0004",
	},
	{
		.name = "address_of_one_host", .build = address_of_one_host,
		.bytes =
		  "28000000 1400 0505 01000000 00000000"
		  "02200000 02000000"
		  "0800 0200 fffefdfc"
		  "0800 0100 fffefdfc",
		.command = "ip addr replace 255.254.253.252/32 dev web",
		.captured =
		  "28000000 14000505 7005036b 00000000 02200000 02000000 08000200"
		  "fffefdfc 08000100 fffefdfc",
	},
	{
		.name = "address_taken_away", .build = address_taken_away,
		.bytes =
		  "28000000 1500 0500 01000000 00000000"
		  "02180000 02000000"
		  "0800 0200 0a4d0004"
		  "0800 0100 0a4d0004",
		.command = "ip addr del 10.77.0.4/24 dev web",
		.captured =
		  "28000000 15000500 7005036b 00000000 02180000 02000000 08000200"
		  "0a4d0004 08000100 0a4d0004",
	},
	{
		.name = "ipv6_address", .build = ipv6_address,
		.bytes =
		  "40000000 1400 0505 01000000 00000000"
		  "0a400000 02000000"
		  "1400 0200 fd000000000000000000000000000004"
		  "1400 0100 fd000000000000000000000000000004",
		.command = "ip -6 addr replace fd00::4/64 dev web",
		.captured =
		  "40000000 14000505 7005036b 00000000 0a400000 02000000 14000200"
		  "fd000000 00000000 00000000 00000004 14000100 fd000000 00000000"
		  "00000000 00000004",
	},
	{
		.name = "ipv6_address_at_once", .build = ipv6_address_at_once,
		.bytes =
		  "40000000 1400 0505 01000000 00000000"
		  "0a400200 02000000"
		  "1400 0200 fd000000000000000000000000000004"
		  "1400 0100 fd000000000000000000000000000004",
		.command = "ip -6 addr replace fd00::4/64 dev web nodad",
		.captured =
		  "40000000 14000505 7005036b 00000000 0a400200 02000000 14000200"
		  "fd000000 00000000 00000000 00000004 14000100 fd000000 00000000"
		  "00000000 00000004",
	},
	{
		.name = "ipv6_address_taken_away", .build = ipv6_address_taken_away,
		.bytes =
		  "40000000 1500 0500 01000000 00000000"
		  "0a400000 02000000"
		  "1400 0200 fd000000000000000000000000000004"
		  "1400 0100 fd000000000000000000000000000004",
		.command = "ip -6 addr del fd00::4/64 dev web",
		.captured =
		  "40000000 15000500 7005036b 00000000 0a400000 02000000 14000200"
		  "fd000000 00000000 00000000 00000004 14000100 fd000000 00000000"
		  "00000000 00000004",
	},
	{
		.name = "default_route", .build = default_route,
		.bytes =
		  "24000000 1800 0505 01000000 00000000"
		  "02000000 fe040001 00000000"
		  "0800 0500 0a4d0001",
		.command = "ip route replace default via 10.77.0.1 proto static",
		.captured =
		  "24000000 18000505 7005036b 00000000 02000000 fe040001 00000000"
		  "08000500 0a4d0001",
	},
	{
		.name = "ipv6_default_route", .build = ipv6_default_route,
		.bytes =
		  "38000000 1800 0505 01000000 00000000"
		  "0a000000 fe040001 00000000"
		  "1400 0500 fe800000000000000000000000000001"
		  "0800 0400 02000000",
		.command = "ip -6 route replace default via fe80::1 dev web proto static",
		.captured =
		  "4c000000 18000505 7005036b 00000000 0a000000 fe040001 00000000"
		  "14000100 00000000 00000000 00000000 00000000 14000500 fe800000"
		  "00000000 00000000 00000001 08000400 02000000",
		.only_theirs = RTA_DST,
	},
	{
		.name = "default_route_of_an_uplink", .build = default_route_of_an_uplink,
		.bytes =
		  "34000000 1800 0505 01000000 00000000"
		  "02000000 fe040001 00000000"
		  "0800 0500 0a4d0001"
		  "0800 0400 02000000"
		  "0800 0600 64000000",
		.command =
		  "ip route replace default via 10.77.0.1 dev web proto static metric "
		  "100",
		.captured =
		  "34000000 18000505 7005036b 00000000 02000000 fe040001 00000000"
		  "08000500 0a4d0001 08000600 64000000 08000400 02000000",
	},
	{
		.name = "host_route", .build = host_route,
		.bytes =
		  "2c000000 1800 0505 01000000 00000000"
		  "02200000 fe04fd01 00000000"
		  "0800 0100 c0000201"
		  "0800 0400 02000000",
		.command = "ip route replace 192.0.2.1/32 dev web proto static",
		.captured =
		  "2c000000 18000505 7005036b 00000000 02200000 fe04fd01 00000000"
		  "08000100 c0000201 08000400 02000000",
	},
	{
		.name = "ipv6_host_route", .build = ipv6_host_route,
		.bytes =
		  "38000000 1800 0505 01000000 00000000"
		  "0a800000 fe040001 00000000"
		  "1400 0100 20010db8000000000000000000000001"
		  "0800 0400 02000000",
		.command = "ip -6 route replace 2001:db8::1/128 dev web proto static",
		.captured =
		  "38000000 18000505 7005036b 00000000 0a800000 fe040001 00000000"
		  "14000100 20010db8 00000000 00000000 00000001 08000400 02000000",
	},
	{
		.name = "gateway_that_is_on_the_link_anyway",
		.build = gateway_that_is_on_the_link_anyway,
		.bytes =
		  "2c000000 1800 0505 01000000 00000000"
		  "02000000 fe040001 04000000"
		  "0800 0500 c0000201"
		  "0800 0400 02000000",
		.command = "ip route replace default via 192.0.2.1 dev web onlink proto static",
		.captured =
		  "2c000000 18000505 7005036b 00000000 02000000 fe040001 04000000"
		  "08000500 c0000201 08000400 02000000",
	},
	{
		.name = "ipv6_gateway_that_is_on_the_link_anyway",
		.build = ipv6_gateway_that_is_on_the_link_anyway,
		.bytes =
		  "40000000 1800 0505 01000000 00000000"
		  "0a000000 fe040001 04000000"
		  "1400 0500 fe800000000000000000000000000001"
		  "0800 0400 02000000"
		  "0800 0600 32000000",
		.command =
		  "ip -6 route replace default via fe80::1 dev web onlink proto static "
		  "metric 50",
		.captured =
		  "54000000 18000505 7005036b 00000000 0a000000 fe040001 04000000"
		  "14000100 00000000 00000000 00000000 00000000 14000500 fe800000"
		  "00000000 00000000 00000001 08000600 32000000 08000400 02000000",
		.only_theirs = RTA_DST,
	},
	{
		.name = "subnet", .build = subnet,
		.bytes =
		  "2c000000 1800 0505 01000000 00000000"
		  "02080000 fe040001 00000000"
		  "0800 0100 0a000000"
		  "0800 0500 0a4d0001",
		.command = "ip route replace 10.0.0.0/8 via 10.77.0.1 proto static",
		.captured =
		  "2c000000 18000505 7005036b 00000000 02080000 fe040001 00000000"
		  "08000100 0a000000 08000500 0a4d0001",
	},
	{
		.name = "default_route_taken_away", .build = default_route_taken_away,
		.bytes =
		  "34000000 1900 0500 01000000 00000000"
		  "02000000 fe04ff00 00000000"
		  "0800 0500 0a4d0001"
		  "0800 0400 02000000"
		  "0800 0600 64000000",
		.command = "ip route del default via 10.77.0.1 dev web proto static metric 100",
		.captured =
		  "34000000 19000500 7005036b 00000000 02000000 fe04ff00 00000000"
		  "08000500 0a4d0001 08000600 64000000 08000400 02000000",
	},
	{
		.name = "ipv6_host_route_taken_away", .build = ipv6_host_route_taken_away,
		.bytes =
		  "38000000 1900 0500 01000000 00000000"
		  "0a800000 fe040000 00000000"
		  "1400 0100 20010db8000000000000000000000001"
		  "0800 0400 02000000",
		.command = "ip -6 route del 2001:db8::1/128 dev web proto static",
		.captured =
		  "38000000 19000500 7005036b 00000000 0a800000 fe040000 00000000"
		  "14000100 20010db8 00000000 00000000 00000001 08000400 02000000",
	},
	{
		.name = "neighbour", .build = neighbour,
		.bytes =
		  "30000000 1c00 0505 01000000 00000000"
		  "02000000 02000000 80000000"
		  "0800 0100 0a4d0005"
		  "0a00 0200 0270010000050000",
		.command =
		  "ip neigh replace 10.77.0.5 lladdr 02:70:01:00:00:05 nud permanent dev "
		  "web",
		.captured =
		  "30000000 1c000505 7105036b 00000000 02000000 02000000 80000000"
		  "08000100 0a4d0005 0a000200 02700100 00050000",
	},
	{
		.name = "ipv6_neighbour", .build = ipv6_neighbour,
		.bytes =
		  "3c000000 1c00 0505 01000000 00000000"
		  "0a000000 02000000 80000000"
		  "1400 0100 fd000000000000000000000000000005"
		  "0a00 0200 0270010000050000",
		.command =
		  "ip -6 neigh replace fd00::5 lladdr 02:70:01:00:00:05 nud permanent "
		  "dev web",
		.captured =
		  "3c000000 1c000505 7105036b 00000000 0a000000 02000000 80000000"
		  "14000100 fd000000 00000000 00000000 00000005 0a000200 02700100"
		  "00050000",
	},
	{
		.name = "station_behind_a_port", .build = station_behind_a_port,
		.bytes =
		  "28000000 1c00 0505 01000000 00000000"
		  "07000000 04004d4a 42000400"
		  "0a00 0200 0270010000050000",
		.command = "bridge fdb replace 02:70:01:00:00:05 dev web master static",
		.captured =
		  "28000000 1c000505 4721036b 00000000 07000000 04004d4a 42000400"
		  "0a000200 02700100 00050000",
	},
};

static void prefix_that_is_too_long_is_einval(void **state)
{
	static const struct {
		uint8_t prefix;
		int ipv4, ipv6;
	} rows[] = {
		{ 0, 0, 0 }, { 32, 0, 0 }, { 33, -EINVAL, 0 }, { 128, -EINVAL, 0 },
		{ 129, -EINVAL, -EINVAL }, { 255, -EINVAL, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct route route = {
			.prefix = rows[i].prefix, .destination = far, .index = 2,
		};
		struct nlmsg m[4];
		uint8_t buf[4][64];

		for (size_t j = 0; j < 4; j++)
			nlmsg_init(&m[j], buf[j], sizeof(buf[j]));
		addr_put_ipv4(&m[0], 2, 0x0a4d0004, rows[i].prefix);
		addr_put_ipv6(&m[1], 2, ours, rows[i].prefix, 0);
		route.family = AF_INET;
		route_put(&m[2], &route);
		route.family = AF_INET6;
		route_put(&m[3], &route);
		for (size_t j = 0; j < 4; j++)
			assert_int_equal(m[j].error, j % 2 ? rows[i].ipv6 : rows[i].ipv4);
	}
}

static void route_that_cannot_be_is_einval(void **state)
{
	static const struct route routes[] = {
		{ .family = AF_INET },
		{ .family = AF_INET, .prefix = 32, .destination = outside },
		{ .family = AF_INET, .prefix = 32, .index = 2 },
		{ .family = AF_INET, .gateway = outside, .onlink = true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		uint8_t buf[64];
		struct nlmsg m;

		nlmsg_init(&m, buf, sizeof(buf));
		route_put(&m, &routes[i]);
		assert_int_equal(m.error, -EINVAL);
	}
}

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))

int main(void)
{
	struct CMUnitTest tests[GOLDEN_TESTS * GOLDENS + 2];
	struct golden_names names[GOLDENS];
	size_t n = 0;

	for (size_t i = 0; i < GOLDENS; i++)
		n += golden_add(&goldens[i], &tests[n], &names[i]);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(prefix_that_is_too_long_is_einval);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(route_that_cannot_be_is_einval);
	return _cmocka_run_group_tests("route", tests, n, NULL, NULL);
}
