/*
 * Links: the golden bytes of every message, and what ip(8) sends for the same
 * thing.
 *
 * links: netsetup/link.c netsetup/nlmsg.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"
#include "netsetup/link.h"

static const uint8_t mac[LINK_MAC_SIZE] = { 2, 0x70, 1, 0, 0, 4 };

static void loopback_up(struct nlmsg *m)
{
	link_put_up(m, "lo");
}

static void bridge(struct nlmsg *m)
{
	link_put_bridge(m, "br1", mac);
}

static void bridge_without_mac(struct nlmsg *m)
{
	link_put_bridge(m, "br2", NULL);
}

static void veth(struct nlmsg *m)
{
	link_put_veth(m, &(struct link_veth){
		.name = "web",
		.master = 2,
		.peer_name = "eth0",
		.peer_mac = mac,
		.peer_netns_fd = 4,
		.mtu_bytes = 1400,
	});
}

static void veth_with_the_least(struct nlmsg *m)
{
	link_put_veth(m, &(struct link_veth){
		.name = "a-15-char-name-",
		.peer_name = "eth0",
		.peer_netns_fd = 4,
	});
}

static void mtu(struct nlmsg *m)
{
	link_put_mtu(m, "web", 1300);
}

static void master(struct nlmsg *m)
{
	link_put_master(m, "web", 2);
}

static void no_master(struct nlmsg *m)
{
	link_put_master(m, "a", 0);
}

static void vlan(struct nlmsg *m)
{
	link_put_vlan(m, "br0.5", 2, 5);
}

static void port(struct nlmsg *m)
{
	link_put_port(m, "web", &(struct link_port){
		.isolated = true, .mcast_flood = true, .bcast_flood = true,
	});
}

static void removal(struct nlmsg *m)
{
	link_put_removal(m, "web");
}

/* What PID 1 sends at once, before a service's address. */
static void batch(struct nlmsg *m)
{
	link_put_up(m, "lo");
	link_put_up(m, "eth0");
}

/* The bridge: ip refuses one that is there (EXCL), PID 1 takes it over.  The
 * port: ip names a kind that the kernel does not look at. */
static const struct golden goldens[] = {
	{
		.name = "loopback_up", .build = loopback_up,
		.bytes =
		  "28000000 1000 0500 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0700 0300 6c6f0000",
		.command = "ip link set dev lo up",
		.captured =
		  "20000000 10000500 b005036b 00000000 00000000 01000000 01000000"
		  "01000000",
	},
	{
		.name = "bridge", .build = bridge,
		.bytes =
		  "50000000 1000 0504 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0800 0300 62723100"
		  "0a00 0100 0270010000040000"
		  "1c00 1280"
		  " 0b00 0100 6272696467650000"
		  " 0c00 0280"
		  "  0800 0500 00000000",
		.command =
		  "ip link add name br1 address 02:70:01:00:00:04 up type bridge "
		  "stp_state 0",
		.captured =
		  "50000000 10000506 b005036b 00000000 00000000 00000000 01000000"
		  "01000000 0a000100 02700100 00040000 08000300 62723100 1c001200"
		  "0a000100 62726964 67650000 0c000200 08000500 00000000",
		.unlike = NLM_F_EXCL,
	},
	{
		.name = "bridge_without_mac", .build = bridge_without_mac,
		.bytes =
		  "44000000 1000 0504 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0800 0300 62723200"
		  "1c00 1280"
		  " 0b00 0100 6272696467650000"
		  " 0c00 0280"
		  "  0800 0500 00000000",
		.command = "ip link add name br2 up type bridge stp_state 0",
		.captured =
		  "44000000 10000506 b005036b 00000000 00000000 00000000 01000000"
		  "01000000 08000300 62723200 1c001200 0a000100 62726964 67650000"
		  "0c000200 08000500 00000000",
		.unlike = NLM_F_EXCL,
	},
	{
		.name = "veth", .build = veth,
		.bytes =
		  "88000000 1000 0506 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0800 0300 77656200"
		  "0800 0a00 02000000"
		  "0800 0400 78050000"
		  "5000 1280"
		  " 0900 0100 7665746800000000"
		  " 4000 0280"
		  "  3c00 0180"
		  "   00000000 00000000 00000000 00000000"
		  "   0900 0300 6574683000000000"
		  "   0a00 0100 0270010000040000"
		  "   0800 0400 78050000"
		  "   0800 1c00 04000000",
		.command =
		  "ip link add name web up master br0 mtu 1400 type veth peer name eth0 "
		  "address 02:70:01:00:00:04 mtu 1400 netns x",
		.captured =
		  "84000000 10000506 b005036b 00000000 00000000 00000000 01000000"
		  "01000000 08000a00 02000000 08000400 78050000 08000300 77656200"
		  "4c001200 08000100 76657468 40000200 3c000100 00000000 00000000"
		  "00000000 00000000 0a000100 02700100 00040000 08000400 78050000"
		  "08001c00 04000000 09000300 65746830 00000000",
	},
	{
		.name = "veth_with_the_least", .build = veth_with_the_least,
		.bytes =
		  "70000000 1000 0506 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "1400 0300 612d31352d636861722d6e616d652d00"
		  "3c00 1280"
		  " 0900 0100 7665746800000000"
		  " 2c00 0280"
		  "  2800 0180"
		  "   00000000 00000000 00000000 00000000"
		  "   0900 0300 6574683000000000"
		  "   0800 1c00 04000000",
		.command = "ip link add name a-15-char-name- up type veth peer name eth0 netns x",
		.captured =
		  "6c000000 10000506 b005036b 00000000 00000000 00000000 01000000"
		  "01000000 14000300 612d3135 2d636861 722d6e61 6d652d00 38001200"
		  "08000100 76657468 2c000200 28000100 00000000 00000000 00000000"
		  "00000000 08001c00 04000000 09000300 65746830 00000000",
	},
	{
		.name = "mtu", .build = mtu,
		.bytes =
		  "30000000 1000 0500 01000000 00000000"
		  "00000000 00000000 00000000 00000000"
		  "0800 0300 77656200"
		  "0800 0400 14050000",
		.command = "ip link set dev web mtu 1300",
		.captured =
		  "28000000 10000500 b005036b 00000000 00000000 07000000 00000000"
		  "00000000 08000400 14050000",
	},
	{
		.name = "master", .build = master,
		.bytes =
		  "30000000 1000 0500 01000000 00000000"
		  "00000000 00000000 00000000 00000000"
		  "0800 0300 77656200"
		  "0800 0a00 02000000",
		.command = "ip link set dev web master br0",
		.captured =
		  "28000000 10000500 b005036b 00000000 00000000 07000000 00000000"
		  "00000000 08000a00 02000000",
	},
	{
		.name = "no_master", .build = no_master,
		.bytes =
		  "30000000 1000 0500 01000000 00000000"
		  "00000000 00000000 00000000 00000000"
		  "0600 0300 61000000"
		  "0800 0a00 00000000",
		.command = "ip link set dev a nomaster",
		.captured =
		  "28000000 10000500 b005036b 00000000 00000000 04000000 00000000"
		  "00000000 08000a00 00000000",
	},
	{
		.name = "vlan", .build = vlan,
		.bytes =
		  "50000000 1000 0506 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0800 0500 02000000"
		  "0a00 0300 6272302e35000000"
		  "1c00 1280"
		  " 0900 0100 766c616e00000000"
		  " 0c00 0280"
		  "  0600 0100 05000000",
		.command = "ip link add link br0 name br0.5 up type vlan id 5",
		.captured =
		  "4c000000 10000506 b005036b 00000000 00000000 00000000 01000000"
		  "01000000 08000500 02000000 0a000300 6272302e 35000000 18001200"
		  "08000100 766c616e 0c000200 06000100 05000000",
	},
	{
		.name = "port", .build = port,
		.bytes =
		  "58000000 1000 0500 01000000 00000000"
		  "00000000 00000000 00000000 00000000"
		  "0800 0300 77656200"
		  "3000 1280"
		  " 2c00 0580"
		  "  0500 2100 01000000"
		  "  0500 0800 00000000"
		  "  0500 0900 00000000"
		  "  0500 1b00 01000000"
		  "  0500 1e00 01000000",
		.command =
		  "ip link set dev web type bridge_slave isolated on learning off flood "
		  "off mcast_flood on bcast_flood on",
		.captured =
		  "60000000 10000500 b105036b 00000000 00000000 07000000 00000000"
		  "00000000 40001200 10000100 62726964 67655f73 6c617665 2c000500"
		  "05002100 01000000 05000800 00000000 05000900 00000000 05001b00"
		  "01000000 05001e00 01000000",
		.only_theirs = IFLA_INFO_KIND,
	},
	{
		.name = "removal", .build = removal,
		.bytes =
		  "28000000 1100 0500 01000000 00000000"
		  "00000000 00000000 00000000 00000000"
		  "0800 0300 77656200",
		.command = "ip link del dev web",
		.captured =
		  "20000000 11000500 b105036b 00000000 00000000 07000000 00000000"
		  "00000000",
	},
	{
		.name = "batch", .build = batch,
		.bytes =
		  "28000000 1000 0100 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0700 0300 6c6f0000"
		  "2c000000 1000 0500 02000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0900 0300 6574683000000000",
	},
};

static void vlan_that_cannot_be_is_einval(void **state)
{
	static const struct {
		uint16_t id;
		int error;
	} rows[] = {
		{ 0, -EINVAL }, { 1, 0 }, { LINK_VLAN_ID_MAX, 0 },
		{ LINK_VLAN_ID_MAX + 1, -EINVAL }, { UINT16_MAX, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t buf[128];
		struct nlmsg m;

		nlmsg_init(&m, buf, sizeof(buf));
		link_put_vlan(&m, "eth0.1", 2, rows[i].id);
		assert_int_equal(m.error, rows[i].error);
	}
}

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))

int main(void)
{
	struct CMUnitTest tests[GOLDEN_TESTS * GOLDENS + 1];
	struct golden_names names[GOLDENS];
	size_t n = 0;

	for (size_t i = 0; i < GOLDENS; i++)
		n += golden_add(&goldens[i], &tests[n], &names[i]);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(vlan_that_cannot_be_is_einval);
	return _cmocka_run_group_tests("link", tests, n, NULL, NULL);
}
