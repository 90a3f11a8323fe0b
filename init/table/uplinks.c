/*
 * The board's ways out: puts together what UPLINK, UPLINK_ADDRESS, UPLINK_GATEWAY and
 * UPLINK_DNS say.  Decides the order in which they are set up and preferred, and what
 * resolv.conf says; whether a router is one for its uplink, gateways.c decides, and
 * whether subnets overlap, subnets.c.
 */
#include <string.h>

#include "../service.h"
#include "checks.h"
#include "gateways.h"
#include "ipv4.h"
#include "ipv6.h"
#include "nearest.h"
#include "number.h"

/* The list is in the order of preference.  A hundred apart, so that whoever debugs a
 * board has room between two of them; the kernel's own routes have less. */
#define METRIC_STEP 100

#define VLAN_MAX 4094	/* IEEE 802.1Q: 0 and 4095 are reserved */

static struct uplink_spec *find(const struct spec *spec, const char *name)
{
	for (size_t i = 0; i < spec->board.uplink_count; i++)
		if (!strcmp(spec->board.uplinks[i].name, name))
			return &spec->board.uplinks[i];
	return NULL;
}

static bool is_listed(const struct spec *spec, const char *name)
{
	const struct words *names = &spec->board.uplink_names;

	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->at[i], name))
			return true;
	return false;
}

/* br0 is called so for good, the others as is written. */
static void check_name(const struct spec *spec, const char *name)
{
	const struct board_spec *own = &spec->board;
	const struct service_spec *twin = spec_find(spec, name);

	for (size_t i = 1; i < own->bridge_count; i++)
		if (!strcmp(own->bridges[i].name, name))
			spec_board_error(spec, "BRIDGES", "%s %s UPLINK; write another name", name,
					 is_listed(spec, name) ? "is in" : "carries a VLAN of");
	if (!strcmp(own->bridges[0].name, name))
		spec_board_error(spec, "UPLINK", "%s is a bridge, pith's own interface; write the "
				 "name of the board's, such as \"eth0\"", name);
	if (twin)
		spec_board_error(spec, "UPLINK", "%s is a service, whose interface has its name; "
				 "rename the folder %s", name, twin->folder->path);
}

/* "eth0.100" is on top of eth0.  No number has a leading zero: eth0.7 and eth0.07
 * would be the same VLAN. */
static bool vlan_is_read(struct arena *arena, struct uplink_spec *uplink)
{
	const char *dot = strrchr(uplink->name, '.');
	uint64_t id;

	if (!dot)
		return true;
	if (dot == uplink->name || dot[1] == '0' || number_parse(dot + 1, strlen(dot + 1), &id) ||
	    id > VLAN_MAX)
		return false;
	uplink->parent = arena_copy(arena, uplink->name, (size_t)(dot - uplink->name));
	uplink->vlan = (uint16_t)id;
	return true;
}

/* Places it behind its parents, of which those that are not there yet come first.
 * The list is short, and so is a name: the dots in it bound the depth. */
static void place(struct spec *spec, const char *name)
{
	struct board_spec *own = &spec->board;
	struct uplink_spec uplink = { .name = name };

	if (find(spec, name))
		return;
	check_name(spec, name);
	if (!vlan_is_read(spec->arena, &uplink))
		spec_board_error(spec, "UPLINK", "%s has no VLAN's id from 1 to %d behind the dot; "
				 "write one such as eth0.100", name, VLAN_MAX);
	if (uplink.parent)
		place(spec, uplink.parent);
	own->uplinks[own->uplink_count++] = uplink;
}

static void place_all(struct spec *spec)
{
	struct board_spec *own = &spec->board;
	size_t dots = 0;

	for (size_t i = 0; i < own->uplink_names.count; i++)
		for (const char *at = own->uplink_names.at[i]; *at; at++)
			dots += *at == '.';
	own->uplinks = arena_array(spec->arena, own->uplink_names.count + dots,
				   sizeof(*own->uplinks));
	own->uplink_count = 0;
	for (size_t i = 0; i < own->uplink_names.count; i++) {
		place(spec, own->uplink_names.at[i]);
		find(spec, own->uplink_names.at[i])->metric = (uint32_t)(i + 1) * METRIC_STEP;
	}
	if (own->uplink_count > UPLINKS_MAX)
		spec_board_error(spec, "UPLINK", "%zu interfaces, those that carry VLANs among "
				 "them; write at most %d", own->uplink_count, UPLINKS_MAX);
}

/* Of the interface that was named it may carry VLANs, which was meant. */
static void report_unlisted(const struct spec *spec, const char *name, const char *option)
{
	const struct words *names = &spec->board.uplink_names;
	struct nearest nearest = { .word = name };
	size_t length = strlen(name);

	for (size_t i = 0; i < names->count; i++) {
		if (!strncmp(names->at[i], name, length) && names->at[i][length] == '.') {
			spec_board_error(spec, option, "%s is not in UPLINK; add it there, or "
					 "write %s", name, names->at[i]);
			return;
		}
		nearest_offer(&nearest, names->at[i]);
	}
	spec_board_error(spec, option, "%s is not in UPLINK; %s%s", name,
			 nearest.best ? "write " : "add it there",
			 nearest.best ? nearest.best : "");
}

/* Whose value it is, or NULL after a word on why it is nobody's. */
static struct uplink_spec *owner_of(const struct spec *spec, const struct uplink_value *value,
				    const char *option)
{
	const struct words *names = &spec->board.uplink_names;

	if (!names->count) {
		spec_board_error(spec, option, "there is no UPLINK that could have it; write its "
				 "name, such as \"eth0\"");
		return NULL;
	}
	if (!value->uplink)
		return find(spec, names->at[0]);
	if (is_listed(spec, value->uplink))
		return find(spec, value->uplink);
	report_unlisted(spec, value->uplink, option);
	return NULL;
}

static void set_address(struct spec *spec, const struct uplink_value *value)
{
	struct uplink_spec *uplink = owner_of(spec, value, "UPLINK_ADDRESS");
	bool is_ipv6 = !value->dhcp && value->ip.is_ipv6;

	/* Whichever uplink it is meant for would seem to have none. */
	if (!uplink) {
		spec->board.broken = true;
		return;
	}
	if (is_ipv6 ? uplink->ipv6 : uplink->dhcp || uplink->subnet.address) {
		spec_board_error(spec, "UPLINK_ADDRESS", "%s has two of %s%s; write one",
				 uplink->name, is_ipv6 ? "IPv6" : "IPv4",
				 uplink->dhcp || value->dhcp ? ", of which dhcp is one" : "");
	} else if (value->dhcp) {
		uplink->dhcp = true;
	} else if (is_ipv6) {
		uplink->ipv6 = true;
		uplink->prefix6 = value->ip.v6.prefix;
		memcpy(uplink->address6, value->ip.v6.address, sizeof(uplink->address6));
	} else {
		uplink->subnet = value->ip.v4;
	}
}

static void set_gateway(const struct spec *spec, const struct uplink_value *value)
{
	struct uplink_spec *uplink = owner_of(spec, value, "UPLINK_GATEWAY");

	if (uplink)
		gateways_set(spec, uplink, &value->ip);
}

static const char *resolv_conf(const struct spec *spec)
{
	const struct board_spec *own = &spec->board;
	const char *text = "";

	for (size_t i = 0; i < own->dns.count; i++) {
		const struct ip *server = &own->dns.at[i];

		text = arena_printf(spec->arena, "%snameserver %s\n", text, server->is_ipv6
				    ? ipv6_format(spec->arena, server->v6.address)
				    : ipv4_format(spec->arena, server->v4.address));
	}
	for (size_t i = 0; !own->dns.count && i < own->uplink_count; i++)
		if (own->uplinks[i].dhcp)
			return NULL;
	return text;
}

void check_uplinks(struct spec *spec)
{
	struct board_spec *own = &spec->board;

	own->resolv_conf = "";
	/* What could not be read would be missed everywhere. */
	if (own->broken)
		return;
	place_all(spec);
	for (size_t i = 0; i < own->uplink_addresses.count; i++)
		set_address(spec, &own->uplink_addresses.at[i]);
	for (size_t i = 0; i < own->uplink_gateways.count; i++)
		set_gateway(spec, &own->uplink_gateways.at[i]);
	if (own->dns.count && !own->uplink_names.count)
		spec_board_error(spec, "UPLINK_DNS", "there is no UPLINK by which to ask; write "
				 "its name, such as \"eth0\"");
	own->resolv_conf = resolv_conf(spec);
}
