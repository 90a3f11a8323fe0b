/*
 * Sets of nf_tables, their elements, and rules that look packets up in them, next to
 * what nft(8) sends for the same words.
 *
 * links: netsetup/nft_set.c netsetup/nft_lookup.c netsetup/nft_field.c
 * links: netsetup/nft.c netsetup/nft_match.c netsetup/nft_act.c netsetup/nlmsg.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include "golden.h"
#include "netsetup/nft.h"
#include "netsetup/nft_set.h"
#include "nft_batches.h"

#define TCP 6	/* netinet/in.h does not go with linux/netfilter.h */
#define UDP 17

static const uint8_t mac[] = { 2, 0x70, 1, 0, 0, 4 };
static const uint8_t fd00__[NFT_IPV6_SIZE] = { 0xfd };
static const uint8_t fd00__2[NFT_IPV6_SIZE] = { 0xfd, [15] = 2 };
static const uint8_t fd00__4[NFT_IPV6_SIZE] = { 0xfd, [15] = 4 };
static const uint8_t fd00__ffff[NFT_IPV6_SIZE] = {
	0xfd, [8] = 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
};

#define PORT NFT_FIELD_L4PROTO, NFT_FIELD_DPORT
#define SET(title, set_id, of_family, ...) { \
	.family = of_family, .table = "t", .name = title, .id = set_id, .key = { __VA_ARGS__ }
#define TO(address) .to = { address, NFT_FIELD_DPORT }

/* The numbers are those that nft(8) gives them. */
static const struct nft_set names = SET("names", 1, NFPROTO_INET, NFT_FIELD_IIFNAME) },
	out_of_names = SET("names", 1, NFPROTO_INET, NFT_FIELD_OIFNAME) },
	ports = SET("ports", 2, NFPROTO_INET, PORT) },
	allow = SET("allow", 3, NFPROTO_INET, NFT_FIELD_IPV4_SADDR, NFT_FIELD_IPV4_DADDR, PORT),
		.counts = true },
	allow6 = SET("allow6", 4, NFPROTO_INET, NFT_FIELD_IPV6_SADDR, NFT_FIELD_IPV6_DADDR, PORT),
		.counts = true },
	ranges = SET("ranges", 5, NFPROTO_INET, NFT_FIELD_SKUID, NFT_FIELD_IPV4_DADDR),
		.counts = true, .ranges = true },
	ranges6 = SET("ranges6", 6, NFPROTO_INET, NFT_FIELD_SKUID, NFT_FIELD_IPV6_DADDR),
		.counts = true, .ranges = true },
	to4 = SET("to4", 7, NFPROTO_INET, PORT), TO(NFT_FIELD_IPV4_DADDR) },
	to6 = SET("to6", 8, NFPROTO_INET, PORT), TO(NFT_FIELD_IPV6_DADDR) },
	stations = SET("stations", 9, NFPROTO_BRIDGE, NFT_FIELD_IIFNAME, NFT_FIELD_ETHER_SADDR,
		       NFT_FIELD_IPV4_SADDR) },
	stations6 = SET("stations6", 10, NFPROTO_BRIDGE, NFT_FIELD_IIFNAME, NFT_FIELD_ETHER_SADDR,
			NFT_FIELD_IPV6_SADDR) };

/* A batch with a set like that one, called x. */
#define NEW(title, like) \
	static void title(struct nlmsg *m) \
	{ \
		struct nft_set set = like; \
		\
		set.name = "x"; \
		set.id = 1; \
		nft_begin(m); \
		nft_put_set(m, &set); \
		nft_commit(m); \
	}

/* A batch with elements of a set. */
#define ELEMENTS(title, of, ...) \
	static void title(struct nlmsg *m) \
	{ \
		static const struct nft_element rows[] = { __VA_ARGS__ }; \
		struct nft_elements elements; \
		\
		nft_begin(m); \
		nft_elements_begin(&elements, m, &of); \
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) \
			nft_elements_put(&elements, &rows[i]); \
		nft_elements_end(&elements); \
		nft_commit(m); \
	}

NEW(set_of_names, names)
NEW(set_that_counts, allow)
NEW(set_of_ranges, ranges)
NEW(map, to4)
NEW(map_of_ipv6, to6)
NEW(set_of_stations, stations6)
ELEMENTS(name, names, { .key = { { .name = "eth0" } } })
ELEMENTS(port, ports, { .key = { { .number = UDP }, { .number = 67 } } })
ELEMENTS(connection, allow, {
	.key = { { .number = 0x0a4d0004 }, { .number = 0x0a4d0002 }, { .number = TCP },
		 { .number = 1883 } },
	.comment = "web>broker",
})
ELEMENTS(connection_of_ipv6, allow6, {
	.key = { { .bytes = fd00__4 }, { .bytes = fd00__2 }, { .number = UDP }, { .number = 53 } },
})
ELEMENTS(range, ranges, {
	.key = { { .number = 131072 }, { .number = 0x0a4d0000 } },
	.last = { { .number = 196607 }, { .number = 0x0a4d00ff } },
	.comment = "ntp>refused",
})
ELEMENTS(range_of_ipv6, ranges6, {
	.key = { { .number = 131072 }, { .bytes = fd00__ } },
	.last = { { .number = 196607 }, { .bytes = fd00__ffff } },
})
ELEMENTS(place, to4, {
	.key = { { .number = TCP }, { .number = 8080 } },
	.to = { { .number = 0x0a4d0004 }, { .number = 80 } },
})
ELEMENTS(place_of_ipv6, to6, {
	.key = { { .number = UDP }, { .number = 53 } },
	.to = { { .bytes = fd00__4 }, { .number = 5353 } },
})
ELEMENTS(station, stations, {
	.key = { { .name = "web" }, { .bytes = mac }, { .number = 0x0a4d0004 } },
})
BOTH(in_names, nft_match_set(m, &names); nft_put_verdict(m, NF_ACCEPT))
BOTH(out_names, nft_match_set(m, &out_of_names))
BOTH(in_ports, nft_match_set(m, &ports); nft_put_verdict(m, NF_ACCEPT))
BOTH(in_connections, nft_match_set(m, &allow); nft_put_verdict(m, NF_ACCEPT))
BOTH(in_connections_of_ipv6, nft_match_set(m, &allow6))
BOTH(in_ranges, nft_match_set(m, &ranges))
BOTH(in_ranges_of_ipv6, nft_match_set(m, &ranges6))
BRIDGE(in_stations, nft_match_set(m, &stations); nft_put_verdict(m, NF_ACCEPT))
BRIDGE(in_stations_of_ipv6, nft_match_set(m, &stations6); nft_put_verdict(m, NF_ACCEPT))
RULE(dnat, NFPROTO_INET, "pre", nft_put_dnat_by(m, NFPROTO_IPV4, &to4))
RULE(dnat_of_ipv6, NFPROTO_INET, "pre", nft_put_dnat_by(m, NFPROTO_IPV6, &to6))

/* Only theirs: what nft(8) notes down of how it was told the types of several fields. */
static const struct golden goldens[] = {
	{
		.name = "set_of_names", .build = set_of_names,
		.command = "nft add set inet t x '{ type ifname; }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 50000000 090a0104 01000000"
		  "00000000 01000000 06000100 74000000 06000200 78000000 08000300 00000000"
		  "08000400 00000029 08000500 00000010 08000a00 00000001 0a000d00 00040100"
		  "00000000 14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "set_that_counts", .build = set_that_counts,
		.command =
		  "nft add set inet t x '{ type ipv4_addr . ipv4_addr . inet_proto . "
		  "inet_service; counter; }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 6c000000 090a0104 01000000"
		  "00000000 01000000 06000100 74000000 06000200 78000000 08000300 00000000"
		  "08000400 001c730d 08000500 00000010 08000a00 00000001 14000d00 00040000"
		  "00000308 00040d00 00000100 14001180 0c000100 636f756e 74657200 04000280"
		  "14000000 11000100 02000000 00000000 0000000a",
		.only_theirs = NFTA_SET_USERDATA,
	},
	{
		.name = "set_of_ranges", .build = set_of_ranges,
		.command =
		  "nft add set inet t x '{ type uid . ipv4_addr; flags interval; "
		  "counter; }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 8c000000 090a0104 01000000"
		  "00000000 01000000 06000100 74000000 06000200 78000000 08000300 00000084"
		  "08000400 00000607 08000500 00000008 08000a00 00000001 20000980 1c000280"
		  "0c000180 08000100 00000004 0c000180 08000100 00000004 14000d00 00040000"
		  "00000308 00040d00 00000100 14001180 0c000100 636f756e 74657200 04000280"
		  "14000000 11000100 02000000 00000000 0000000a",
		.only_theirs = NFTA_SET_USERDATA,
	},
	{
		.name = "map", .build = map,
		.command =
		  "nft add map inet t x '{ type inet_proto . inet_service : ipv4_addr . "
		  "inet_service; }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 80000000 090a0104 01000000"
		  "00000000 01000000 06000100 74000000 06000200 78000000 08000300 00000008"
		  "08000400 0000030d 08000500 00000008 08000600 000001cd 08000700 00000008"
		  "08000a00 00000001 2a000d00 00040000 00000104 00000000 03080004 0d000000"
		  "01000408 00040d00 00000100 06040000 00000000 14000000 11000100 02000000"
		  "00000000 0000000a",
		.only_theirs = NFTA_SET_USERDATA,
	},
	{
		.name = "map_of_ipv6", .build = map_of_ipv6,
		.command =
		  "nft add map inet t x '{ type inet_proto . inet_service : ipv6_addr . "
		  "inet_service; }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 80000000 090a0104 01000000"
		  "00000000 01000000 06000100 74000000 06000200 78000000 08000300 00000008"
		  "08000400 0000030d 08000500 00000008 08000600 0000020d 08000700 00000014"
		  "08000a00 00000001 2a000d00 00040000 00000104 00000000 03080004 0d000000"
		  "01000408 00040d00 00000100 06040000 00000000 14000000 11000100 02000000"
		  "00000000 0000000a",
		.only_theirs = NFTA_SET_USERDATA,
	},
	{
		.name = "set_of_stations", .build = set_of_stations,
		.command = "nft add set bridge t x '{ type ifname . ether_addr . ipv6_addr; }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 58000000 090a0104 01000000"
		  "00000000 07000000 06000100 74000000 06000200 78000000 08000300 00000000"
		  "08000400 00029248 08000500 00000028 08000a00 00000001 14000d00 00040000"
		  "00000308 00040d00 00000100 14000000 11000100 02000000 00000000 0000000a",
		.only_theirs = NFTA_SET_USERDATA,
	},
	{
		.name = "name", .build = name,
		.command = "nft add element inet t names '{ eth0 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 50000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 0a000200 6e616d65 73000000 08000400"
		  "00000001 20000380 1c000180 18000180 14000100 65746830 00000000 00000000"
		  "00000000 14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "port", .build = port,
		.command = "nft add element inet t ports '{ udp . 67 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 48000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 0a000200 706f7274 73000000 08000400"
		  "00000002 18000380 14000180 10000180 0c000100 11000000 00430000 14000000"
		  "11000100 02000000 00000000 0000000a",
	},
	{
		.name = "connection", .build = connection,
		.command =
		  "nft add element inet t allow '{ 10.77.0.4 . 10.77.0.2 . tcp . 1883 "
		  "comment \"web>broker\" }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 64000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 0a000200 616c6c6f 77000000 08000400"
		  "00000003 34000380 30000180 18000180 14000100 0a4d0004 0a4d0002 06000000"
		  "075b0000 11000600 000b7765 623e6272 6f6b6572 00000000 14000000 11000100"
		  "02000000 00000000 0000000a",
	},
	{
		.name = "connection_of_ipv6", .build = connection_of_ipv6,
		.command = "nft add element inet t allow6 '{ fd00::4 . fd00::2 . udp . 53 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 68000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 0b000200 616c6c6f 77360000 08000400"
		  "00000004 38000380 34000180 30000180 2c000100 fd000000 00000000 00000000"
		  "00000004 fd000000 00000000 00000000 00000002 11000000 00350000 14000000"
		  "11000100 02000000 00000000 0000000a",
	},
	{
		.name = "range", .build = range,
		.command =
		  "nft add element inet t ranges '{ 131072-196607 . 10.77.0.0/24 comment "
		  "\"ntp>refused\" }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 6c000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 0b000200 72616e67 65730000 08000400"
		  "00000005 3c000380 38000180 10000180 0c000100 00020000 0a4d0000 10000a80"
		  "0c000100 0002ffff 0a4d00ff 12000600 000c6e74 703e7265 66757365 64000000"
		  "14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "range_of_ipv6", .build = range_of_ipv6,
		.command = "nft add element inet t ranges6 '{ 131072-196607 . fd00::/64 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 70000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 0c000200 72616e67 65733600 08000400"
		  "00000006 40000380 3c000180 1c000180 18000100 00020000 fd000000 00000000"
		  "00000000 00000000 1c000a80 18000100 0002ffff fd000000 00000000 ffffffff"
		  "ffffffff 14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "place", .build = place,
		.command = "nft add element inet t to4 '{ tcp . 8080 : 10.77.0.4 . 80 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 54000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 08000200 746f3400 08000400 00000007"
		  "28000380 24000180 10000180 0c000100 06000000 1f900000 10000280 0c000100"
		  "0a4d0004 00500000 14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "place_of_ipv6", .build = place_of_ipv6,
		.command = "nft add element inet t to6 '{ udp . 53 : fd00::4 . 5353 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 60000000 0c0a0104 01000000"
		  "00000000 01000000 06000100 74000000 08000200 746f3600 08000400 00000008"
		  "34000380 30000180 10000180 0c000100 11000000 00350000 1c000280 18000100"
		  "fd000000 00000000 00000000 00000004 14e90000 14000000 11000100 02000000"
		  "00000000 0000000a",
	},
	{
		.name = "station", .build = station,
		.command =
		  "nft add element bridge t stations '{ web . 02:70:01:00:00:04 . "
		  "10.77.0.4 }'",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 60000000 0c0a0104 01000000"
		  "00000000 07000000 06000100 74000000 0d000200 73746174 696f6e73 00000000"
		  "08000400 00000009 2c000380 28000180 24000180 20000100 77656200 00000000"
		  "00000000 00000000 02700100 00040000 0a4d0004 14000000 11000100 02000000"
		  "00000000 0000000a",
	},
	{
		.name = "in_names", .build = in_names,
		.command = "nft add rule inet t f iifname @names accept",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a ac000000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 88000480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000006 08000100 00000001"
		  "30000180 0b000100 6c6f6f6b 75700000 20000280 08000200 00000001 0a000100"
		  "6e616d65 73000000 08000400 00000001 30000180 0e000100 696d6d65 64696174"
		  "65000000 1c000280 08000100 00000000 10000280 0c000280 08000100 00000001"
		  "14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "out_names", .build = out_names,
		.command = "nft add rule inet t f oifname @names",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 7c000000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 58000480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000007 08000100 00000001"
		  "30000180 0b000100 6c6f6f6b 75700000 20000280 08000200 00000001 0a000100"
		  "6e616d65 73000000 08000400 00000001 14000000 11000100 02000000 00000000"
		  "0000000a",
	},
	{
		.name = "in_ports", .build = in_ports,
		.command = "nft add rule inet t f meta l4proto . th dport @ports accept",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a e0000000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 bc000480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001"
		  "34000180 0c000100 7061796c 6f616400 24000280 08000100 00000009 08000200"
		  "00000002 08000300 00000002 08000400 00000002 30000180 0b000100 6c6f6f6b"
		  "75700000 20000280 08000200 00000001 0a000100 706f7274 73000000 08000400"
		  "00000002 30000180 0e000100 696d6d65 64696174 65000000 1c000280 08000100"
		  "00000000 10000280 0c000280 08000100 00000001 14000000 11000100 02000000"
		  "00000000 0000000a",
	},
	{
		.name = "in_connections", .build = in_connections,
		.command =
		  "nft add rule inet t f ip saddr . ip daddr . meta l4proto . th dport "
		  "@allow accept",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 98010000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 74010480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 0000000f 08000100 00000001"
		  "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
		  "0c000380 05000100 02000000 34000180 0c000100 7061796c 6f616400 24000280"
		  "08000100 00000001 08000200 00000001 08000300 0000000c 08000400 00000004"
		  "34000180 0c000100 7061796c 6f616400 24000280 08000100 00000009 08000200"
		  "00000001 08000300 00000010 08000400 00000004 24000180 09000100 6d657461"
		  "00000000 14000280 08000200 00000010 08000100 0000000a 34000180 0c000100"
		  "7061796c 6f616400 24000280 08000100 0000000b 08000200 00000002 08000300"
		  "00000002 08000400 00000002 30000180 0b000100 6c6f6f6b 75700000 20000280"
		  "08000200 00000001 0a000100 616c6c6f 77000000 08000400 00000003 30000180"
		  "0e000100 696d6d65 64696174 65000000 1c000280 08000100 00000000 10000280"
		  "0c000280 08000100 00000001 14000000 11000100 02000000 00000000 0000000a",
	},
	{
		.name = "in_connections_of_ipv6", .build = in_connections_of_ipv6,
		.command =
		  "nft add rule inet t f ip6 saddr . ip6 daddr . meta l4proto . th dport "
		  "@allow6",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 68010000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 44010480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 0000000f 08000100 00000001"
		  "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
		  "0c000380 05000100 0a000000 34000180 0c000100 7061796c 6f616400 24000280"
		  "08000100 00000001 08000200 00000001 08000300 00000008 08000400 00000010"
		  "34000180 0c000100 7061796c 6f616400 24000280 08000100 00000002 08000200"
		  "00000001 08000300 00000018 08000400 00000010 24000180 09000100 6d657461"
		  "00000000 14000280 08000200 00000010 08000100 00000003 34000180 0c000100"
		  "7061796c 6f616400 24000280 08000100 00000011 08000200 00000002 08000300"
		  "00000002 08000400 00000002 30000180 0b000100 6c6f6f6b 75700000 20000280"
		  "08000200 00000001 0b000100 616c6c6f 77360000 08000400 00000004 14000000"
		  "11000100 02000000 00000000 0000000a",
	},
	{
		.name = "in_ranges", .build = in_ranges,
		.command = "nft add rule inet t f meta skuid . ip daddr @ranges",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 40010000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 1c010480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 0000000f 08000100 00000001"
		  "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
		  "0c000380 05000100 02000000 24000180 09000100 6d657461 00000000 14000280"
		  "08000200 0000000a 08000100 00000001 40000180 0e000100 62797465 6f726465"
		  "72000000 2c000280 08000100 00000001 08000200 00000001 08000300 00000001"
		  "08000400 00000004 08000500 00000004 34000180 0c000100 7061796c 6f616400"
		  "24000280 08000100 00000009 08000200 00000001 08000300 00000010 08000400"
		  "00000004 30000180 0b000100 6c6f6f6b 75700000 20000280 08000200 00000001"
		  "0b000100 72616e67 65730000 08000400 00000005 14000000 11000100 02000000"
		  "00000000 0000000a",
	},
	{
		.name = "in_ranges_of_ipv6", .build = in_ranges_of_ipv6,
		.command = "nft add rule inet t f meta skuid . ip6 daddr @ranges6",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 40010000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 06000200 66000000 1c010480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 0000000f 08000100 00000001"
		  "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
		  "0c000380 05000100 0a000000 24000180 09000100 6d657461 00000000 14000280"
		  "08000200 0000000a 08000100 00000001 40000180 0e000100 62797465 6f726465"
		  "72000000 2c000280 08000100 00000001 08000200 00000001 08000300 00000001"
		  "08000400 00000004 08000500 00000004 34000180 0c000100 7061796c 6f616400"
		  "24000280 08000100 00000009 08000200 00000001 08000300 00000018 08000400"
		  "00000010 30000180 0b000100 6c6f6f6b 75700000 20000280 08000200 00000001"
		  "0c000100 72616e67 65733600 08000400 00000006 14000000 11000100 02000000"
		  "00000000 0000000a",
	},
	{
		.name = "in_stations", .build = in_stations,
		.command =
		  "nft add rule bridge t f iifname . ether saddr . ip saddr @stations "
		  "accept",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 68010000 060a010c 01000000"
		  "00000000 07000000 06000100 74000000 06000200 66000000 44010480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000001 08000100 00000001"
		  "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
		  "0c000380 06000100 08000000 24000180 09000100 6d657461 00000000 14000280"
		  "08000200 00000006 08000100 00000001 34000180 0c000100 7061796c 6f616400"
		  "24000280 08000100 00000002 08000200 00000000 08000300 00000006 08000400"
		  "00000006 34000180 0c000100 7061796c 6f616400 24000280 08000100 0000000e"
		  "08000200 00000001 08000300 0000000c 08000400 00000004 34000180 0b000100"
		  "6c6f6f6b 75700000 24000280 08000200 00000001 0d000100 73746174 696f6e73"
		  "00000000 08000400 00000009 30000180 0e000100 696d6d65 64696174 65000000"
		  "1c000280 08000100 00000000 10000280 0c000280 08000100 00000001 14000000"
		  "11000100 02000000 00000000 0000000a",
	},
	{
		.name = "in_stations_of_ipv6", .build = in_stations_of_ipv6,
		.command =
		  "nft add rule bridge t f iifname . ether saddr . ip6 saddr @stations6 "
		  "accept",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a 68010000 060a010c 01000000"
		  "00000000 07000000 06000100 74000000 06000200 66000000 44010480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000001 08000100 00000001"
		  "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
		  "0c000380 06000100 86dd0000 24000180 09000100 6d657461 00000000 14000280"
		  "08000200 00000006 08000100 00000001 34000180 0c000100 7061796c 6f616400"
		  "24000280 08000100 00000002 08000200 00000000 08000300 00000006 08000400"
		  "00000006 34000180 0c000100 7061796c 6f616400 24000280 08000100 0000000e"
		  "08000200 00000001 08000300 00000008 08000400 00000010 34000180 0b000100"
		  "6c6f6f6b 75700000 24000280 08000200 00000001 0e000100 73746174 696f6e73"
		  "36000000 08000400 0000000a 30000180 0e000100 696d6d65 64696174 65000000"
		  "1c000280 08000100 00000000 10000280 0c000280 08000100 00000001 14000000"
		  "11000100 02000000 00000000 0000000a",
	},
	{
		.name = "dnat", .build = dnat,
		.command = "nft add rule inet t pre dnat ip to meta l4proto . th dport map @to4",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a e4000000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 08000200 70726500 c0000480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001"
		  "34000180 0c000100 7061796c 6f616400 24000280 08000100 00000009 08000200"
		  "00000002 08000300 00000002 08000400 00000002 34000180 0b000100 6c6f6f6b"
		  "75700000 24000280 08000200 00000001 08000300 00000001 08000100 746f3400"
		  "08000400 00000007 30000180 08000100 6e617400 24000280 08000100 00000001"
		  "08000200 00000002 08000300 00000001 08000500 00000009 14000000 11000100"
		  "02000000 00000000 0000000a",
	},
	{
		.name = "dnat_of_ipv6", .build = dnat_of_ipv6,
		.command = "nft add rule inet t pre dnat ip6 to meta l4proto . th dport map @to6",
		.captured =
		  "14000000 10000100 00000000 00000000 0000000a e4000000 060a010c 01000000"
		  "00000000 01000000 06000100 74000000 08000200 70726500 c0000480 24000180"
		  "09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001"
		  "34000180 0c000100 7061796c 6f616400 24000280 08000100 00000009 08000200"
		  "00000002 08000300 00000002 08000400 00000002 34000180 0b000100 6c6f6f6b"
		  "75700000 24000280 08000200 00000001 08000300 00000001 08000100 746f3600"
		  "08000400 00000008 30000180 08000100 6e617400 24000280 08000100 00000001"
		  "08000200 0000000a 08000300 00000001 08000500 00000002 14000000 11000100"
		  "02000000 00000000 0000000a",
	},
};

static void expect_error(const struct nft_set *set, int error)
{
	uint8_t buf[GOLDEN_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	nft_put_set(&m, set);
	assert_int_equal(m.error, error);
}

static void set_that_cannot_be_is_einval(void **state)
{
	static const struct nft_set nothing = SET("x", 1, NFPROTO_INET, NFT_FIELD_NONE) },
		one_range = SET("x", 1, NFPROTO_INET, NFT_FIELD_SKUID), .ranges = true },
		all_registers = SET("x", 1, NFPROTO_INET, NFT_FIELD_IIFNAME, NFT_FIELD_OIFNAME,
				    NFT_FIELD_IPV6_SADDR, NFT_FIELD_IPV6_DADDR) };

	(void)state;
	expect_error(&nothing, -EINVAL);
	expect_error(&one_range, -EINVAL);
	expect_error(&all_registers, 0);
}

static int put_element(const struct nft_set *set, const struct nft_element *element)
{
	uint8_t buf[GOLDEN_SIZE];
	struct nft_elements elements;
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	nft_elements_begin(&elements, &m, set);
	nft_elements_put(&elements, element);
	nft_elements_end(&elements);
	return m.error;
}

static void name_of_16_characters_is_refused(void **state)
{
	(void)state;
	assert_int_equal(put_element(&names, &(struct nft_element){
		.key = { { .name = "fifteen-letters" } } }), 0);
	assert_int_equal(put_element(&names, &(struct nft_element){
		.key = { { .name = "sixteen-letters!" } } }), -ENAMETOOLONG);
}

static void comment_of_128_characters_is_refused(void **state)
{
	char comment[NFT_COMMENT_SIZE + 1] = "";

	(void)state;
	memset(comment, 'c', NFT_COMMENT_SIZE - 1);
	assert_int_equal(put_element(&names, &(struct nft_element){
		.key = { { .name = "eth0" } }, .comment = comment }), 0);
	comment[NFT_COMMENT_SIZE - 1] = 'c';
	assert_int_equal(put_element(&names, &(struct nft_element){
		.key = { { .name = "eth0" } }, .comment = comment }), -ENAMETOOLONG);
}

/* The elements of a message are in one nest, whose length has 16 bits. */
static void more_elements_than_a_message_takes_come_in_several(void **state)
{
	static uint8_t buf[1 << 20];
	struct nft_elements elements;
	size_t messages = 0;
	struct nlmsg m;

	(void)state;
	nlmsg_init(&m, buf, sizeof(buf));
	nft_elements_begin(&elements, &m, &allow6);
	for (uint32_t port = 1; port <= 5000; port++)
		nft_elements_put(&elements, &(struct nft_element){
			.key = { { .bytes = fd00__4 }, { .bytes = fd00__2 }, { .number = TCP },
				 { .number = port } },
		});
	nft_elements_end(&elements);
	assert_int_equal(m.error, 0);
	assert_int_equal(elements.count, 5000);
	for (size_t at = 0; at < m.len; messages++) {
		struct nlmsghdr header;

		memcpy(&header, buf + at, sizeof(header));
		assert_int_equal(header.nlmsg_type, 10 << 8 | NFT_MSG_NEWSETELEM);
		at += header.nlmsg_len;
	}
	/* 52 bytes each. */
	assert_int_equal(messages, 4);
}

static void no_elements_are_no_message(void **state)
{
	uint8_t buf[GOLDEN_SIZE];
	struct nft_elements elements;
	struct nlmsg m;

	(void)state;
	nlmsg_init(&m, buf, sizeof(buf));
	nft_elements_begin(&elements, &m, &names);
	nft_elements_end(&elements);
	assert_int_equal(m.error, 0);
	assert_int_equal(m.len, 0);
}

#define GOLDENS (sizeof(goldens) / sizeof(goldens[0]))

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(set_that_cannot_be_is_einval),
		cmocka_unit_test(name_of_16_characters_is_refused),
		cmocka_unit_test(comment_of_128_characters_is_refused),
		cmocka_unit_test(more_elements_than_a_message_takes_come_in_several),
		cmocka_unit_test(no_elements_are_no_message),
	};
	struct CMUnitTest tests[GOLDEN_TESTS * GOLDENS + sizeof(plain) / sizeof(plain[0])];
	struct golden_names titles[GOLDENS];
	size_t n = 0;

	for (size_t i = 0; i < GOLDENS; i++)
		n += golden_add(&goldens[i], &tests[n], &titles[i]);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		tests[n++] = plain[i];
	return _cmocka_run_group_tests("nft set", tests, n, NULL, NULL);
}
