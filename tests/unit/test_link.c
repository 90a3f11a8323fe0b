/*
 * Links, addresses and routes: the golden bytes of every message.  They are
 * what iproute2 sends for the same thing, but for the order of attributes,
 * the nested flag, and names where it uses an index that it asked for before.
 *
 * links: netsetup/link.c netsetup/addr.c netsetup/route.c netsetup/nlmsg.c
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hex.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/route.h"

static const uint8_t mac[LINK_MAC_SIZE] = { 2, 0x70, 1, 0, 0, 4 };

static void loopback_up(struct nlmsg *m)
{
	link_put_up(m, "lo");
}

static void bridge(struct nlmsg *m)
{
	link_put_bridge(m, "br0", mac);
}

static void bridge_without_mac(struct nlmsg *m)
{
	link_put_bridge(m, "br0", NULL);
}

static void veth(struct nlmsg *m)
{
	link_put_veth(m, &(struct link_veth){
		.name = "web",
		.index = 100,
		.master = 3,
		.peer_name = "eth0",
		.peer_index = 2,
		.peer_mac = mac,
		.peer_netns_fd = 7,
	});
}

static void veth_with_the_least(struct nlmsg *m)
{
	link_put_veth(m, &(struct link_veth){
		.name = "a-15-char-name-",
		.peer_name = "eth0",
		.peer_netns_fd = 7,
	});
}

static void address(struct nlmsg *m)
{
	addr_put_ipv4(m, 2, 0x0a4d0004, 24);
}

static void address_of_one_host(struct nlmsg *m)
{
	addr_put_ipv4(m, 0x01020304, 0xfffefdfc, 32);
}

static void default_route(struct nlmsg *m)
{
	route_put_default_ipv4(m, 0x0a4d0001);
}

static void inside_a_service(struct nlmsg *m)
{
	link_put_up(m, "lo");
	link_put_up(m, "eth0");
	addr_put_ipv4(m, 2, 0x0a4d0004, 24);
	route_put_default_ipv4(m, 0x0a4d0001);
}

static const struct golden {
	const char *name;
	void (*build)(struct nlmsg *m);
	const char *bytes;
} goldens[] = {
	{ "loopback_up", loopback_up,
	  "28000000 1000 0500 01000000 00000000"
	  "00000000 00000000 01000000 01000000"
	  "0700 0300 6c6f0000" },
	{ "bridge", bridge,
	  "50000000 1000 0504 01000000 00000000"
	  "00000000 00000000 01000000 01000000"
	  "0800 0300 62723000"
	  "0a00 0100 0270010000040000"
	  "1c00 1280"
	  " 0b00 0100 62726964676500 00"
	  " 0c00 0280"
	  "  0800 0500 00000000" },
	{ "bridge_without_mac", bridge_without_mac,
	  "44000000 1000 0504 01000000 00000000"
	  "00000000 00000000 01000000 01000000"
	  "0800 0300 62723000"
	  "1c00 1280"
	  " 0b00 0100 62726964676500 00"
	  " 0c00 0280"
	  "  0800 0500 00000000" },
	{ "veth", veth,
	  "78000000 1000 0506 01000000 00000000"
	  "00000000 64000000 01000000 01000000"
	  "0800 0300 77656200"
	  "0800 0a00 03000000"
	  "4800 1280"
	  " 0900 0100 76657468 00000000"
	  " 3800 0280"
	  "  3400 0180"
	  "   00000000 02000000 00000000 00000000"
	  "   0900 0300 65746830 00000000"
	  "   0a00 0100 0270010000040000"
	  "   0800 1c00 07000000" },
	{ "veth_with_the_least", veth_with_the_least,
	  "70000000 1000 0506 01000000 00000000"
	  "00000000 00000000 01000000 01000000"
	  "1400 0300 612d31352d636861722d6e616d652d00"
	  "3c00 1280"
	  " 0900 0100 76657468 00000000"
	  " 2c00 0280"
	  "  2800 0180"
	  "   00000000 00000000 00000000 00000000"
	  "   0900 0300 65746830 00000000"
	  "   0800 1c00 07000000" },
	{ "address", address,
	  "28000000 1400 0505 01000000 00000000"
	  "02180000 02000000"
	  "0800 0200 0a4d0004"
	  "0800 0100 0a4d0004" },
	{ "address_of_one_host", address_of_one_host,
	  "28000000 1400 0505 01000000 00000000"
	  "02200000 04030201"
	  "0800 0200 fffefdfc"
	  "0800 0100 fffefdfc" },
	{ "default_route", default_route,
	  "24000000 1800 0505 01000000 00000000"
	  "02000000 fe040001 00000000"
	  "0800 0500 0a4d0001" },
	{ "inside_a_service", inside_a_service,
	  "28000000 1000 0100 01000000 00000000"
	  "00000000 00000000 01000000 01000000"
	  "0700 0300 6c6f0000"
	  "2c000000 1000 0100 02000000 00000000"
	  "00000000 00000000 01000000 01000000"
	  "0900 0300 65746830 00000000"
	  "28000000 1400 0105 03000000 00000000"
	  "02180000 02000000"
	  "0800 0200 0a4d0004"
	  "0800 0100 0a4d0004"
	  "24000000 1800 0505 04000000 00000000"
	  "02000000 fe040001 00000000"
	  "0800 0500 0a4d0001" },
};

static void message_has_the_golden_bytes(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[512];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	golden->build(&m);
	assert_int_equal(m.error, 0);
	hex_assert_equal(m.buf, m.len, golden->bytes);
}

static void message_in_a_smaller_buffer_is_enobufs(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[512];
	size_t whole = hex_read(golden->bytes, buf, sizeof(buf));

	for (size_t size = 0; size < whole; size++) {
		struct nlmsg m;

		nlmsg_init(&m, buf, size);
		golden->build(&m);
		assert_int_equal(m.error, -ENOBUFS);
	}
}

static void prefix_over_32_is_einval(void **state)
{
	static const uint8_t prefixes[] = { 33, 64, 255 };

	(void)state;
	for (size_t i = 0; i < sizeof(prefixes); i++) {
		uint8_t buf[64];
		struct nlmsg m;

		nlmsg_init(&m, buf, sizeof(buf));
		addr_put_ipv4(&m, 2, 0x0a4d0004, prefixes[i]);
		assert_int_equal(m.error, -EINVAL);
	}
}

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))

int main(void)
{
	struct CMUnitTest tests[2 * GOLDENS + 1];
	char names[2 * GOLDENS][80];

	for (size_t i = 0; i < GOLDENS; i++) {
		void *state = (void *)&goldens[i];

		snprintf(names[2 * i], sizeof(names[0]),
			 "%s_has_the_golden_bytes", goldens[i].name);
		snprintf(names[2 * i + 1], sizeof(names[0]),
			 "%s_in_a_smaller_buffer_is_enobufs", goldens[i].name);
		tests[2 * i] = (struct CMUnitTest){
			.name = names[2 * i],
			.test_func = message_has_the_golden_bytes,
			.initial_state = state,
		};
		tests[2 * i + 1] = (struct CMUnitTest){
			.name = names[2 * i + 1],
			.test_func = message_in_a_smaller_buffer_is_enobufs,
			.initial_state = state,
		};
	}
	tests[2 * GOLDENS] = (struct CMUnitTest)
		cmocka_unit_test(prefix_over_32_is_einval);
	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
