/*
 * The sets of the firewall, and how much room they take.  What is in them is
 * firewall_rows.c's.
 */
#include "firewall_sets.h"

#include <linux/netfilter.h>

#include "../firewall_counters.h"
#include "firewall_rows.h"

#define INET(set, title, ...) [FIREWALL_SET_##set] = { \
		.family = NFPROTO_INET, .table = FIREWALL_TABLE, .name = (title), \
		.id = FIREWALL_SET_##set + 1, .key = { __VA_ARGS__ }
#define BRIDGE(set, title, ...) [FIREWALL_SET_##set] = { \
		.family = NFPROTO_BRIDGE, .table = FIREWALL_TABLE, .name = (title), \
		.id = FIREWALL_SET_##set + 1, .key = { __VA_ARGS__ }
#define COUNTS .counts = true
#define PORT NFT_FIELD_L4PROTO, NFT_FIELD_DPORT

const struct nft_set firewall_sets[FIREWALL_SET_COUNT] = {
	INET(UPLINKS, "uplinks", NFT_FIELD_IIFNAME) },
	INET(BRIDGES, "bridges", NFT_FIELD_IIFNAME) },
	INET(OPEN, "open", PORT) },
	INET(OFFERED, "offered", PORT) },
	INET(ALLOW4, FIREWALL_ALLOW4, NFT_FIELD_IPV4_SADDR, NFT_FIELD_IPV4_DADDR, PORT), COUNTS },
	INET(ALLOW6, FIREWALL_ALLOW6, NFT_FIELD_IPV6_SADDR, NFT_FIELD_IPV6_DADDR, PORT), COUNTS },
	INET(OUTSIDE4, FIREWALL_OUTSIDE4, NFT_FIELD_IPV4_SADDR), COUNTS },
	INET(OUTSIDE6, FIREWALL_OUTSIDE6, NFT_FIELD_IPV6_SADDR), COUNTS },
	INET(REFUSED4, FIREWALL_REFUSED4, NFT_FIELD_IPV4_SADDR), COUNTS },
	INET(REFUSED6, FIREWALL_REFUSED6, NFT_FIELD_IPV6_SADDR), COUNTS },
	INET(BOARD_ALLOW4, FIREWALL_BOARD_ALLOW4, NFT_FIELD_SKUID, NFT_FIELD_IPV4_DADDR, PORT),
		COUNTS, .ranges = true },
	INET(BOARD_ALLOW6, FIREWALL_BOARD_ALLOW6, NFT_FIELD_SKUID, NFT_FIELD_IPV6_DADDR, PORT),
		COUNTS, .ranges = true },
	INET(BOARD_REFUSED4, FIREWALL_BOARD_REFUSED4, NFT_FIELD_SKUID, NFT_FIELD_IPV4_DADDR),
		COUNTS, .ranges = true },
	INET(BOARD_REFUSED6, FIREWALL_BOARD_REFUSED6, NFT_FIELD_SKUID, NFT_FIELD_IPV6_DADDR),
		COUNTS, .ranges = true },
	INET(PUBLISHED, FIREWALL_PUBLISHED, PORT), COUNTS },
	INET(PUBLISHED_OWN, FIREWALL_PUBLISHED_OWN, PORT), COUNTS },
	INET(PUBLISHED_HERE, FIREWALL_PUBLISHED_HERE, PORT), COUNTS },
	INET(SERVICE4, "service4", PORT), .to = { NFT_FIELD_IPV4_DADDR, NFT_FIELD_DPORT } },
	INET(SERVICE6, "service6", PORT), .to = { NFT_FIELD_IPV6_DADDR, NFT_FIELD_DPORT } },
	INET(REFUSED, FIREWALL_REFUSED, NFT_FIELD_IIFNAME), COUNTS },
	INET(SPOOFED, FIREWALL_SPOOFED, NFT_FIELD_IIFNAME), COUNTS },
	BRIDGE(PORTS4, "ports4", NFT_FIELD_IIFNAME, NFT_FIELD_ETHER_SADDR, NFT_FIELD_IPV4_SADDR) },
	BRIDGE(PORTS6, "ports6", NFT_FIELD_IIFNAME, NFT_FIELD_ETHER_SADDR, NFT_FIELD_IPV6_SADDR) },
	BRIDGE(PORT_SPOOFED, FIREWALL_SPOOFED, NFT_FIELD_IIFNAME), COUNTS },
};

const struct nft_set firewall_to_uplinks = {
	.family = NFPROTO_INET,
	.table = FIREWALL_TABLE,
	.name = "uplinks",
	.id = FIREWALL_SET_UPLINKS + 1,
	.key = { NFT_FIELD_OIFNAME },
};

/* A row with its headers, the longest being a range in BOARD_ALLOW6. */
#define ROW_SIZE 128
#define SERVICE_ROWS 7
#define PUBLISH_ROWS 4
#define ALLOW_ROWS 2
#define UPLINK_ROWS 3
#define FAMILIES 2

/* Each set itself, and what stands before its rows, again with every 60 KB of them. */
#define SET_SIZE 512

size_t firewall_sets_size(const struct firewall_plan *plan)
{
	size_t rows = 3 + UPLINK_ROWS * plan->uplink_count + plan->bridge_count + plan->open_count;

	for (size_t i = 0; i < plan->service_count; i++)
		rows += SERVICE_ROWS + PUBLISH_ROWS * plan->services[i].publish_count +
			ALLOW_ROWS * plan->services[i].allow_count +
			(plan->services[i].on_board ? FAMILIES * plan->bridge_count : 0);
	return SET_SIZE * FIREWALL_SET_COUNT + (ROW_SIZE + 1) * rows;
}

bool firewall_put_set(struct nlmsg *m, enum firewall_set set, const struct firewall_plan *plan)
{
	struct firewall_filling f = { .m = m, .plan = plan, .set = set };

	firewall_fill(&f);
	return f.elements.count > 0;
}
