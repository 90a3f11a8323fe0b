/*
 * The board's bridges: br0 and those of BRIDGES, each with a name and a MAC of its
 * own.  Decides their IPv6 addresses; whether their subnets overlap, subnets.c
 * decides.
 */
#include <string.h>

#include "checks.h"
#include "ipv4.h"
#include "ipv6.h"
#include "mac.h"

/* A place among them has 8 bits in struct service. */
#define BRIDGES_MAX 255

/* The least that a link may have: RFC 791, and RFC 8200, 5. */
#define MTU_LEAST 68
#define MTU_LEAST_IPV6 1280

static void complete(struct bridge_spec *bridge)
{
	struct ipv4_subnet subnet = bridge->subnet;

	mac_of_name(bridge->name, bridge->mac);
	if (bridge->ipv6)
		ipv6_of_host(bridge->address6, subnet.address & ~ipv4_mask(subnet.prefix),
			     bridge->address6);
}

static void check_name(const struct spec *spec, size_t place)
{
	const struct bridge_spec *bridges = spec->board.bridges;
	const char *name = bridges[place].name;
	size_t twin = 0;

	while (strcmp(bridges[twin].name, name))
		twin++;
	if (!twin)
		spec_board_error(spec, "BRIDGES", "br0 has its address in BRIDGE_ADDRESS; write "
				 "another name");
	else if (twin < place)
		spec_board_error(spec, "BRIDGES", "names %s twice; remove one", name);
	if (spec_find(spec, name))
		spec_board_error(spec, "BRIDGES", "%s is a service, whose interface has its name; "
				 "write another name", name);
}

static void check_mtu(const struct spec *spec)
{
	const struct board_spec *own = &spec->board;
	bool ipv6 = false;

	for (size_t i = 0; i < own->bridge_count; i++)
		ipv6 |= own->bridges[i].ipv6;
	if (!own->mtu || own->mtu >= (ipv6 ? MTU_LEAST_IPV6 : MTU_LEAST))
		return;
	if (own->mtu < MTU_LEAST)
		spec_board_error(spec, "BRIDGE_MTU", "less than a link may have; write 0 for the "
				 "usual 1500, or at least %d", ipv6 ? MTU_LEAST_IPV6 : MTU_LEAST);
	else
		spec_board_error(spec, "BRIDGE_MTU", "IPv6 needs %d; write that at least, or no "
				 "prefix in BRIDGE_PREFIX6 and BRIDGES", MTU_LEAST_IPV6);
}

void check_bridges(struct spec *spec)
{
	struct board_spec *own = &spec->board;
	struct bridge_spec *bridges;

	own->bridge_count = 1 + own->more_bridges.count;
	own->bridges = bridges = arena_array(spec->arena, own->bridge_count, sizeof(*bridges));
	bridges[0] = (struct bridge_spec){
		.name = "br0",
		.subnet = own->bridge,
		.ipv6 = own->prefix6.prefix,
	};
	memcpy(bridges[0].address6, own->prefix6.address, sizeof(bridges[0].address6));
	for (size_t i = 0; i < own->more_bridges.count; i++)
		bridges[i + 1] = own->more_bridges.at[i];
	for (size_t i = 0; i < own->bridge_count; i++) {
		complete(&bridges[i]);
		if (i)
			check_name(spec, i);
	}
	if (own->bridge_count > BRIDGES_MAX)
		spec_board_error(spec, "BRIDGES", "a board has at most %d with br0; write fewer",
				 BRIDGES_MAX);
	if (!own->broken)
		check_mtu(spec);
}
