/*
 * The uplinks' routers.  Decides whether an uplink can send to the one that was written
 * for it, and if not, whose it may be; what is sent there, the board decides when it
 * runs.
 */
#include "gateways.h"

#include <string.h>

#include "ipv4.h"
#include "ipv6.h"

static void no_address(const struct spec *spec, const struct uplink_spec *uplink,
		       const char *family, const char *example)
{
	if (spec->board.broken)
		return;
	spec_board_error(spec, "UPLINK_GATEWAY", "%s has no %s address from which to reach it; "
			 "write one in UPLINK_ADDRESS, such as %s", uplink->name, family, example);
}

/* The uplink or bridge in whose subnet it is, or NULL. */
static const struct uplink_spec *uplink_of4(const struct spec *spec, uint32_t address)
{
	for (size_t i = 0; i < spec->board.uplink_count; i++) {
		const struct uplink_spec *uplink = &spec->board.uplinks[i];

		if (uplink->subnet.address && ipv4_is_in(address, uplink->subnet))
			return uplink;
	}
	return NULL;
}

static const struct bridge_spec *bridge_of4(const struct spec *spec, uint32_t address)
{
	for (size_t i = 0; i < spec->board.bridge_count; i++)
		if (ipv4_is_in(address, spec->board.bridges[i].subnet))
			return &spec->board.bridges[i];
	return NULL;
}

/* With a prefix of 32 nothing is inside, and the router is on the link all the same. */
static void check_outside4(const struct spec *spec, const struct uplink_spec *uplink,
			   uint32_t gateway)
{
	const struct uplink_spec *other = uplink_of4(spec, gateway);
	const struct bridge_spec *bridge = bridge_of4(spec, gateway);
	const char *text = ipv4_format(spec->arena, gateway);
	struct ipv4_subnet subnet = uplink->subnet;
	uint32_t base = subnet.address & ipv4_mask(subnet.prefix);

	if (other)
		spec_board_error(spec, "UPLINK_GATEWAY", "%s is in the subnet of %s; write %s=%s",
				 text, other->name, other->name, text);
	else if (bridge)
		spec_board_error(spec, "UPLINK_GATEWAY", "%s is in the subnet of the bridge %s; "
				 "write the router's of %s", text, bridge->name, uplink->name);
	else if (subnet.prefix < 32)
		spec_board_error(spec, "UPLINK_GATEWAY", "%s is outside the subnet %s/%u of %s; "
				 "write an address in it", text, ipv4_format(spec->arena, base),
				 subnet.prefix, uplink->name);
}

static void set_gateway4(const struct spec *spec, struct uplink_spec *uplink, uint32_t gateway)
{
	if (uplink->dhcp)
		spec_board_error(spec, "UPLINK_GATEWAY", "the lease of %s says its router; leave "
				 "it out", uplink->name);
	else if (!uplink->subnet.address)
		no_address(spec, uplink, "IPv4", "10.0.2.15/24");
	else if (uplink->gateway)
		spec_board_error(spec, "UPLINK_GATEWAY", "%s has two of IPv4; write one",
				 uplink->name);
	else if (!ipv4_is_in(gateway, uplink->subnet))
		check_outside4(spec, uplink, gateway);
	else if (gateway == uplink->subnet.address ||
		 !ipv4_is_host_in(gateway, uplink->subnet.prefix))
		spec_board_error(spec, "UPLINK_GATEWAY", "the uplink's own address, or its "
				 "subnet's first or last; write the router's");
	uplink->gateway = gateway;
}

static struct ipv6_subnet subnet6_of(const struct uplink_spec *uplink)
{
	struct ipv6_subnet subnet = { .prefix = uplink->prefix6 };

	memcpy(subnet.address, uplink->address6, sizeof(subnet.address));
	return subnet;
}

static void report_outside6(const struct spec *spec, const struct uplink_spec *uplink,
			    const uint8_t gateway[16])
{
	struct ipv6_subnet subnet = subnet6_of(uplink);
	const char *text = ipv6_format(spec->arena, gateway);
	uint8_t base[16];

	for (size_t i = 0; i < spec->board.uplink_count; i++) {
		const struct uplink_spec *other = &spec->board.uplinks[i];

		if (!other->ipv6 || !ipv6_is_in(gateway, subnet6_of(other)))
			continue;
		spec_board_error(spec, "UPLINK_GATEWAY", "%s is in the subnet of %s; write %s=%s",
				 text, other->name, other->name, text);
		return;
	}
	ipv6_base(subnet, base);
	spec_board_error(spec, "UPLINK_GATEWAY", "%s is outside the subnet %s/%u of %s; write an "
			 "address in it, or the router's of this link (fe80::)", text,
			 ipv6_format(spec->arena, base), subnet.prefix, uplink->name);
}

/* A router may well be known by its address of the link alone. */
static void set_gateway6(const struct spec *spec, struct uplink_spec *uplink,
			 const uint8_t gateway[16])
{
	if (!uplink->ipv6)
		no_address(spec, uplink, "IPv6", "2001:db8::15/64");
	else if (uplink->gateway_ipv6)
		spec_board_error(spec, "UPLINK_GATEWAY", "%s has two of IPv6; write one",
				 uplink->name);
	else if (!ipv6_is_link_local(gateway) && !ipv6_is_in(gateway, subnet6_of(uplink)))
		report_outside6(spec, uplink, gateway);
	else if (ipv6_is_same(gateway, uplink->address6))
		spec_board_error(spec, "UPLINK_GATEWAY", "the uplink's own address; write the "
				 "router's");
	uplink->gateway_ipv6 = true;
	memcpy(uplink->gateway6, gateway, sizeof(uplink->gateway6));
}

void gateways_set(const struct spec *spec, struct uplink_spec *uplink, const struct ip *gateway)
{
	if (gateway->is_ipv6)
		set_gateway6(spec, uplink, gateway->v6.address);
	else
		set_gateway4(spec, uplink, gateway->v4.address);
}
