/*
 * Subnets: no two of the board's links have addresses in common, or the kernel would
 * send what is for the one to the other, and PID 1 can number the interfaces of all
 * bridges by their addresses.  Decides nothing else; how a subnet came about is
 * bridges.c's and uplinks.c's.
 */
#include <string.h>

#include "../interface.h"
#include "checks.h"
#include "ipv4.h"
#include "ipv6.h"

/* A subnet of one of them, and where it was written. */
struct link {
	const char *name, *option;
	bool is_bridge;
	struct ip ip;
};

struct links {
	struct link *at;
	size_t count;
};

static void add4(struct links *links, struct link link, struct ipv4_subnet subnet)
{
	if (!subnet.address)
		return;
	link.ip.v4 = subnet;
	links->at[links->count++] = link;
}

static void add6(struct links *links, struct link link, const uint8_t address[16], uint8_t prefix)
{
	link.ip = (struct ip){ .is_ipv6 = true, .v6 = { .prefix = prefix } };
	memcpy(link.ip.v6.address, address, sizeof(link.ip.v6.address));
	links->at[links->count++] = link;
}

static struct links collect(const struct spec *spec)
{
	const struct board_spec *own = &spec->board;
	struct links links = {
		arena_array(spec->arena, 2 * (own->bridge_count + own->uplink_count),
			    sizeof(*links.at)), 0,
	};

	for (size_t i = 0; i < own->bridge_count; i++) {
		const struct bridge_spec *bridge = &own->bridges[i];
		struct link link = { bridge->name, "BRIDGES", true, { .is_ipv6 = false } };

		if (!i)
			link.option = "BRIDGE_ADDRESS";
		add4(&links, link, bridge->subnet);
		if (!i)
			link.option = "BRIDGE_PREFIX6";
		if (bridge->ipv6)
			add6(&links, link, bridge->address6, 64);
	}
	for (size_t i = 0; i < own->uplink_count; i++) {
		const struct uplink_spec *uplink = &own->uplinks[i];
		struct link link = { uplink->name, "UPLINK_ADDRESS", false, { .is_ipv6 = false } };

		add4(&links, link, uplink->subnet);
		if (uplink->ipv6)
			add6(&links, link, uplink->address6, uplink->prefix6);
	}
	return links;
}

static bool overlap(const struct ip *one, const struct ip *other)
{
	if (one->is_ipv6 != other->is_ipv6)
		return false;
	if (one->is_ipv6)
		return ipv6_is_in(one->v6.address, other->v6) ||
		       ipv6_is_in(other->v6.address, one->v6);
	return ipv4_is_in(one->v4.address, other->v4) || ipv4_is_in(other->v4.address, one->v4);
}

/* Interfaces of both could get the same number: interface_index() leaves out the
 * first two bits of an address. */
static bool share_numbers(const struct link *one, const struct link *other)
{
	struct ip a = one->ip, b = other->ip;

	if (!one->is_bridge || !other->is_bridge || a.is_ipv6 || b.is_ipv6)
		return false;
	a.v4.address = (uint32_t)interface_index(a.v4.address);
	b.v4.address = (uint32_t)interface_index(b.v4.address);
	return overlap(&a, &b);
}

static const char *subnet_text(struct arena *arena, const struct ip *ip)
{
	uint8_t base[16];

	if (!ip->is_ipv6)
		return arena_printf(arena, "%s/%u", ipv4_format(arena, ip->v4.address &
				    ipv4_mask(ip->v4.prefix)), ip->v4.prefix);
	ipv6_base(ip->v6, base);
	return arena_printf(arena, "%s/%u", ipv6_format(arena, base), ip->v6.prefix);
}

/* A bridge's is chosen freely, an uplink's by whoever runs the network there. */
static const char *remedy(struct arena *arena, const struct link *one, const struct link *other)
{
	if (other->is_bridge)
		return "another one";
	if (one->is_bridge)
		return arena_printf(arena, "another subnet in %s", one->option);
	return "an address of another subnet for one, or one of the two uplinks alone";
}

void check_subnets(struct spec *spec)
{
	struct links links = collect(spec);

	for (size_t i = 0; i < links.count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct link *one = &links.at[j], *other = &links.at[i];

			if (overlap(&one->ip, &other->ip))
				spec_board_error(spec, other->option, "%s of %s overlaps %s of %s; "
						 "write %s",
						 subnet_text(spec->arena, &other->ip), other->name,
						 subnet_text(spec->arena, &one->ip), one->name,
						 remedy(spec->arena, one, other));
			else if (share_numbers(one, other))
				spec_board_error(spec, other->option, "%s of %s differs from %s of %s "
						 "in the first two bits alone, and pith numbers "
						 "interfaces by the others; write another one",
						 subnet_text(spec->arena, &other->ip), other->name,
						 subnet_text(spec->arena, &one->ip), one->name);
		}
}
