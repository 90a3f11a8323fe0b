/*
 * The board's addresses: bridge and uplink do not overlap, each service on
 * the bridge has an address and a MAC of its own, each port is published
 * once.  Decides which address is free; knows nothing of the firewall.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../service.h"
#include "checks.h"
#include "fingerprint.h"
#include "ipv4.h"

/* BR_MAX_PORTS of the kernel's net/bridge/br_private.h is 1024, from 0 on. */
#define BRIDGE_PORTS 1023

static void check_gateway(const struct spec *spec)
{
	uint32_t mask = ipv4_mask(spec->board.uplink_subnet.prefix);
	uint32_t host = spec->board.uplink_gateway & ~mask;

	if (!spec->board.uplink_gateway)
		return;
	if (!spec->board.uplink_subnet.address)
		spec_board_error(spec, "UPLINK_GATEWAY", "there is no UPLINK_ADDRESS from which to "
				 "reach it; write one");
	else if (!ipv4_is_in(spec->board.uplink_gateway, spec->board.uplink_subnet))
		spec_board_error(spec, "UPLINK_GATEWAY", "outside UPLINK_ADDRESS's subnet %s/%u; "
				 "write an address in it",
				 ipv4_format(spec->arena, spec->board.uplink_subnet.address & mask),
				 spec->board.uplink_subnet.prefix);
	else if (spec->board.uplink_gateway == spec->board.uplink_subnet.address || !host ||
		 host == ~mask)
		spec_board_error(spec, "UPLINK_GATEWAY", "the uplink's own address, or its "
				 "subnet's first or last; write the router's");
}

static void check_uplink(const struct spec *spec)
{
	const struct service_spec *twin;

	if (!spec->board.uplink)
		return;
	if (!*spec->board.uplink && spec->board.uplink_subnet.address)
		spec_board_error(spec, "UPLINK_ADDRESS", "there is no UPLINK that could have it; "
				 "write its name, such as \"eth0\"");
	if (spec->board.uplink_subnet.address && spec->board.bridge.address &&
	    (ipv4_is_in(spec->board.bridge.address, spec->board.uplink_subnet) ||
	     ipv4_is_in(spec->board.uplink_subnet.address, spec->board.bridge)))
		spec_board_error(spec, "UPLINK_ADDRESS", "its subnet overlaps BRIDGE_ADDRESS's; "
				 "write another BRIDGE_ADDRESS");
	check_gateway(spec);

	twin = spec_find(spec, spec->board.uplink);
	if (twin)
		spec_board_error(spec, "UPLINK", "%s is a service, whose interface has its name; "
				 "rename the folder %s", spec->board.uplink, twin->folder->path);
}

static bool is_on_bridge(const struct service_spec *service)
{
	return service->net == SERVICE_NET_PRIVATE;
}

static const char *off_bridge_phrase(const struct service_spec *service)
{
	return service->net == SERVICE_NET_HOST
		? "NET=host has the board's own addresses and ports; leave it empty or write "
		  "NET=\"private\""
		: "NET=none has no network; leave it empty or write NET=\"private\"";
}

static const struct service_spec *address_owner(const struct spec *spec, uint32_t address,
						size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (spec->services[i].address == address)
			return &spec->services[i];
	return NULL;
}

static void check_address(const struct spec *spec, const struct service_spec *service)
{
	struct ipv4_subnet bridge = spec->board.bridge;
	uint32_t mask = ipv4_mask(bridge.prefix), host = service->address & ~mask;
	const struct service_spec *owner;

	if (!is_on_bridge(service))
		spec_service_error(spec, service, "ADDRESS", "%s", off_bridge_phrase(service));
	else if (!ipv4_is_in(service->address, bridge))
		spec_service_error(spec, service, "ADDRESS", "outside the bridge's subnet %s/%u; "
				   "write an address in it, or leave it empty",
				   ipv4_format(spec->arena, bridge.address & mask), bridge.prefix);
	else if (service->address == bridge.address)
		spec_service_error(spec, service, "ADDRESS", "the bridge's own; write another, or "
				   "leave it empty");
	else if (!host || host == ~mask)
		spec_service_error(spec, service, "ADDRESS", "the %s of the bridge's subnet, which "
				   "no host may have; write another, or leave it empty",
				   host ? "last" : "first");
	owner = address_owner(spec, service->address, (size_t)(service - spec->services));
	if (owner)
		spec_service_error(spec, service, "ADDRESS", "%s has it already; write another, or "
				   "leave it empty", owner->name);
}

static void assign_addresses(struct spec *spec)
{
	struct ipv4_subnet bridge = spec->board.bridge;
	uint32_t next = bridge.address & ipv4_mask(bridge.prefix);
	uint32_t last = bridge.address | ~ipv4_mask(bridge.prefix);

	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		if (service->address || !is_on_bridge(service))
			continue;
		do
			next++;
		while (next < last && (next == bridge.address ||
				       address_owner(spec, next, spec->count)));
		if (next >= last) {
			spec_board_error(spec, "BRIDGE_ADDRESS", "no address is left for %s and "
					 "those after it; write a shorter prefix than %u",
					 service->name, bridge.prefix);
			return;
		}
		service->address = next;
	}
}

/* The MAC follows from the name alone, and so survives a change of the other
 * services. */
static void assign_mac(struct service_spec *service)
{
	uint64_t hash = fingerprint_of(service->name, strlen(service->name));

	service->mac[0] = 0x02;		/* locally administered, one receiver */
	for (int i = 1; i < 6; i++)
		service->mac[i] = (uint8_t)(hash >> (8 * i));
}

struct publication {
	const struct service_spec *service;
	struct published_port port;
};

static int by_outside_port(const void *a, const void *b)
{
	const struct publication *left = a, *right = b;

	if (left->port.outside != right->port.outside)
		return left->port.outside < right->port.outside ? -1 : 1;
	if (left->port.udp != right->port.udp)
		return left->port.udp ? 1 : -1;
	return (left->service > right->service) - (left->service < right->service);
}

static size_t collect_publications(const struct spec *spec, struct publication **all)
{
	size_t count = 0;

	for (size_t i = 0; i < spec->count; i++)
		count += spec->services[i].publish.count;
	*all = arena_array(spec->arena, count, sizeof(**all));
	count = 0;
	for (size_t i = 0; i < spec->count; i++)
		for (size_t j = 0; j < spec->services[i].publish.count; j++)
			(*all)[count++] = (struct publication){
				&spec->services[i], spec->services[i].publish.at[j],
			};
	return count;
}

static void check_ports(const struct spec *spec)
{
	struct publication *all;
	size_t count = collect_publications(spec, &all);

	if (count)
		qsort(all, count, sizeof(all[0]), by_outside_port);
	for (size_t i = 1; i < count; i++) {
		const struct publication *one = &all[i - 1], *other = &all[i];

		if (one->port.outside == other->port.outside && one->port.udp == other->port.udp)
			spec_service_error(spec, other->service, "PUBLISH", "%u/%s is published "
					   "by %s already; write another port before the ':'",
					   other->port.outside, other->port.udp ? "udp" : "tcp",
					   one->service->name);
	}
}

static void check_publish(const struct spec *spec, const struct service_spec *service)
{
	if (!service->publish.count)
		return;
	if (!is_on_bridge(service))
		spec_service_error(spec, service, "PUBLISH", "%s", off_bridge_phrase(service));
	if (spec->board.broken)
		return;
	if (!*spec->board.uplink)
		spec_service_error(spec, service, "PUBLISH", "the board has no UPLINK; leave it "
				   "empty or write CONFIG_UPLINK=\"eth0\"");
	else if (!spec->board.uplink_subnet.address)
		spec_service_error(spec, service, "PUBLISH", "the uplink has no address at which "
				   "to reach it; leave it empty or write "
				   "CONFIG_UPLINK_ADDRESS=\"10.0.2.15/24\"");
}

void check_addresses(struct spec *spec)
{
	size_t on_bridge = 0;

	check_uplink(spec);
	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		check_publish(spec, service);
		assign_mac(service);
		if (service->address && spec->board.bridge.address)
			check_address(spec, service);
		on_bridge += is_on_bridge(service);
	}
	if (on_bridge > BRIDGE_PORTS)
		spec_board_error(spec, "BRIDGE_ADDRESS", "%zu services have NET=private, but a "
				 "bridge has at most %d ports; write NET=\"none\" where no network "
				 "is needed", on_bridge, BRIDGE_PORTS);
	if (spec->board.bridge.address)
		assign_addresses(spec);
	check_ports(spec);
}
