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
static const uint8_t bridge_mac[LINK_MAC_SIZE] = { 2, 0x70, 1, 0, 0, 5 };

static void loopback_up(struct nlmsg *m)
{
	link_put_up(m, "lo");
}

static void up_by_index(struct nlmsg *m)
{
	link_put_up_at(m, 0x4a4d0004);
}

static void bridge(struct nlmsg *m)
{
	link_put_bridge(m, &(struct link_bridge){
		.name = "br1",
		.index = 0x4a4d0001,
		.mac = mac,
		.mtu_bytes = 1400,
	});
}

static void bridge_with_the_least(struct nlmsg *m)
{
	link_put_bridge(m, &(struct link_bridge){ .name = "br2" });
}

static void bridge_that_is_there(struct nlmsg *m)
{
	link_put_bridge(m, &(struct link_bridge){ .index = 0x4a4d0001, .mac = mac });
}

static void veth(struct nlmsg *m)
{
	link_put_veth(m, &(struct link_veth){
		.name = "web",
		.index = 0x4a4d0004,
		.master = 2,
		.mac = bridge_mac,
		.peer_name = "eth0",
		.peer_index = 2,
		.peer_mac = mac,
		.peer_netns_fd = 4,
		.mtu_bytes = 1400,
	});
}

static void veth_with_the_least(struct nlmsg *m)
{
	link_put_veth(m, &(struct link_veth){
		.name = "a-15-char-name-",
		.peer_name = "eth1",
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
	link_put_port(m, 0x4a4d0004, &(struct link_port){
		.isolated = true, .mcast_flood = true, .bcast_flood = true,
		.group_forward = 0xfffd,
	});
}

static void removal(struct nlmsg *m)
{
	link_put_removal(m, "web");
}

static void removal_by_index(struct nlmsg *m)
{
	link_put_removal_at(m, 0x4a4d0004);
}

/* What is sent at once, before a service's address. */
static void batch(struct nlmsg *m)
{
	link_put_up_at(m, 1);
	link_put_up_at(m, 2);
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
		.name = "up_by_index", .build = up_by_index,
		.bytes =
		  "20000000 1000 0500 01000000 00000000"
		  "00000000 04004d4a 01000000 01000000",
		.command = "ip link set dev web up",
		.captured =
		  "20000000 10000500 4621036b 00000000 00000000 04004d4a 01000000"
		  "01000000",
	},
	{
		.name = "bridge", .build = bridge,
		.bytes =
		  "68000000 1000 0504 01000000 00000000"
		  "00000000 01004d4a 01000000 01000000"
		  "0800 0300 62723100"
		  "0a00 0100 0270010000040000"
		  "0800 0400 78050000"
		  "2c00 1280"
		  " 0b00 0100 6272696467650000"
		  " 1c00 0280"
		  "  0800 0500 00000000"
		  "  0500 1700 00000000"
		  "  0600 2700 00000000",
		.command =
		  "ip link add name br1 index 1246560257 address 02:70:01:00:00:04 "
		  "mtu 1400 up type bridge stp_state 0 mcast_snooping 0 "
		  "vlan_default_pvid 0",
		.captured =
		  "68000000 10000506 4621036b 00000000 00000000 01004d4a 01000000"
		  "01000000 0a000100 02700100 00040000 08000400 78050000 08000300"
		  "62723100 2c001200 0a000100 62726964 67650000 1c000200 08000500"
		  "00000000 05001700 00000000 06002700 00000000",
		.unlike = NLM_F_EXCL,
	},
	{
		.name = "bridge_with_the_least", .build = bridge_with_the_least,
		.bytes =
		  "54000000 1000 0504 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "0800 0300 62723200"
		  "2c00 1280"
		  " 0b00 0100 6272696467650000"
		  " 1c00 0280"
		  "  0800 0500 00000000"
		  "  0500 1700 00000000"
		  "  0600 2700 00000000",
		.command =
		  "ip link add name br2 up type bridge stp_state 0 mcast_snooping 0 "
		  "vlan_default_pvid 0",
		.captured =
		  "54000000 10000506 4621036b 00000000 00000000 00000000 01000000"
		  "01000000 08000300 62723200 2c001200 0a000100 62726964 67650000"
		  "1c000200 08000500 00000000 05001700 00000000 06002700 00000000",
		.unlike = NLM_F_EXCL,
	},
	{
		.name = "bridge_that_is_there", .build = bridge_that_is_there,
		.bytes =
		  "58000000 1000 0504 01000000 00000000"
		  "00000000 01004d4a 01000000 01000000"
		  "0a00 0100 0270010000040000"
		  "2c00 1280"
		  " 0b00 0100 6272696467650000"
		  " 1c00 0280"
		  "  0800 0500 00000000"
		  "  0500 1700 00000000"
		  "  0600 2700 00000000",
		.command =
		  "ip link set dev br1 address 02:70:01:00:00:04 up type bridge stp_state 0 "
		  "mcast_snooping 0 vlan_default_pvid 0",
		.captured =
		  "58000000 10000500 632a036b 00000000 00000000 01004d4a 01000000"
		  "01000000 0a000100 02700100 00040000 2c001200 0a000100 62726964"
		  "67650000 1c000200 08000500 00000000 05001700 00000000 06002700"
		  "00000000",
		.unlike = NLM_F_CREATE,
	},
	{
		.name = "veth", .build = veth,
		.bytes =
		  "b4000000 1000 0506 01000000 00000000"
		  "00000000 04004d4a 01000000 01000000"
		  "0800 0300 77656200"
		  "0800 0a00 02000000"
		  "0a00 0100 0270010000050000"
		  "0800 0400 78050000"
		  "0800 1f00 01000000"
		  "0800 2000 01000000"
		  "6000 1280"
		  " 0900 0100 7665746800000000"
		  " 5000 0280"
		  "  4c00 0180"
		  "   00000000 02000000 00000000 00000000"
		  "   0900 0300 6574683000000000"
		  "   0a00 0100 0270010000040000"
		  "   0800 0400 78050000"
		  "   0800 1f00 01000000"
		  "   0800 2000 01000000"
		  "   0800 1c00 04000000",
		.command =
		  "ip link add name web index 1246560260 address 02:70:01:00:00:05 up "
		  "master br0 mtu 1400 numtxqueues 1 numrxqueues 1 type veth peer name "
		  "eth0 index 2 address 02:70:01:00:00:04 mtu 1400 numtxqueues 1 "
		  "numrxqueues 1 netns x",
		.captured =
		  "b0000000 10000506 4621036b 00000000 00000000 04004d4a 01000000"
		  "01000000 0a000100 02700100 00050000 08000a00 02000000 08000400"
		  "78050000 08001f00 01000000 08002000 01000000 08000300 77656200"
		  "5c001200 08000100 76657468 50000200 4c000100 00000000 02000000"
		  "00000000 00000000 0a000100 02700100 00040000 08000400 78050000"
		  "08001f00 01000000 08002000 01000000 08001c00 04000000 09000300"
		  "65746830 00000000",
	},
	{
		.name = "veth_with_the_least", .build = veth_with_the_least,
		.bytes =
		  "90000000 1000 0506 01000000 00000000"
		  "00000000 00000000 01000000 01000000"
		  "1400 0300 612d31352d636861722d6e616d652d00"
		  "0800 1f00 01000000"
		  "0800 2000 01000000"
		  "4c00 1280"
		  " 0900 0100 7665746800000000"
		  " 3c00 0280"
		  "  3800 0180"
		  "   00000000 00000000 00000000 00000000"
		  "   0900 0300 6574683100000000"
		  "   0800 1f00 01000000"
		  "   0800 2000 01000000"
		  "   0800 1c00 04000000",
		.command =
		  "ip link add name a-15-char-name- up numtxqueues 1 numrxqueues 1 "
		  "type veth peer name eth1 numtxqueues 1 numrxqueues 1 netns x",
		.captured =
		  "8c000000 10000506 4621036b 00000000 00000000 00000000 01000000"
		  "01000000 08001f00 01000000 08002000 01000000 14000300 612d3135"
		  "2d636861 722d6e61 6d652d00 48001200 08000100 76657468 3c000200"
		  "38000100 00000000 00000000 00000000 00000000 08001f00 01000000"
		  "08002000 01000000 08001c00 04000000 09000300 65746831 00000000",
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
		  "00000000 04004d4a 00000000 00000000"
		  "3800 1280"
		  " 3400 0580"
		  "  0500 2100 01000000"
		  "  0500 0800 00000000"
		  "  0500 0900 00000000"
		  "  0500 1b00 01000000"
		  "  0500 1e00 01000000"
		  "  0600 1f00 fdff0000",
		.command =
		  "ip link set dev web type bridge_slave isolated on learning off flood "
		  "off mcast_flood on bcast_flood on group_fwd_mask 0xfffd",
		.captured =
		  "68000000 10000500 ae36036b 00000000 00000000 04004d4a 00000000"
		  "00000000 48001200 10000100 62726964 67655f73 6c617665 34000500"
		  "05002100 01000000 05000800 00000000 05000900 00000000 05001b00"
		  "01000000 05001e00 01000000 06001f00 fdff0000",
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
		.name = "removal_by_index", .build = removal_by_index,
		.bytes =
		  "20000000 1100 0500 01000000 00000000"
		  "00000000 04004d4a 00000000 00000000",
		.command = "ip link del dev web",
		.captured =
		  "20000000 11000500 4621036b 00000000 00000000 04004d4a 00000000"
		  "00000000",
	},
	{
		.name = "batch", .build = batch,
		.bytes =
		  "20000000 1000 0100 01000000 00000000"
		  "00000000 01000000 01000000 01000000"
		  "20000000 1000 0500 02000000 00000000"
		  "00000000 02000000 01000000 01000000",
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
