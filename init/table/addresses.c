/*
 * Addresses of services: each one on a bridge has an address of its own, in both
 * families, and a MAC.  Decides which address is free; knows nothing of ports.
 */
#include <string.h>

#include "../service.h"
#include "checks.h"
#include "ipv4.h"
#include "ipv6.h"
#include "mac.h"
#include "nearest.h"

/* BR_MAX_PORTS of the kernel's net/bridge/br_private.h is 1024, from 0 on. */
#define BRIDGE_PORTS 1023

static bool is_on_bridge(const struct service_spec *service)
{
	return service->net == SERVICE_NET_PRIVATE;
}

/* Among the first count services; subnets of two bridges share no address. */
static const struct service_spec *address_owner(const struct spec *spec, uint32_t address,
						size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (spec->services[i].address == address)
			return &spec->services[i];
	return NULL;
}

static const struct bridge_spec *bridge_of(const struct spec *spec,
					   const struct service_spec *service)
{
	return &spec->board.bridges[service->bridge];
}

static void check_address(const struct spec *spec, const struct service_spec *service)
{
	const struct bridge_spec *bridge = bridge_of(spec, service);
	struct ipv4_subnet subnet = bridge->subnet;
	uint32_t mask = ipv4_mask(subnet.prefix), host = service->address & ~mask;
	const struct service_spec *owner;

	if (!ipv4_is_in(service->address, subnet))
		spec_service_error(spec, service, "ADDRESS", "outside the subnet %s/%u of its "
				   "bridge %s; write an address in it, or leave it empty",
				   ipv4_format(spec->arena, subnet.address & mask), subnet.prefix,
				   bridge->name);
	else if (service->address == subnet.address)
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

/* Returns false, after a word, if the bridge has none left. */
static bool assign_address(const struct spec *spec, struct service_spec *service, uint32_t *next)
{
	const struct bridge_spec *bridge = bridge_of(spec, service);
	struct ipv4_subnet subnet = bridge->subnet;
	uint32_t last = subnet.address | ~ipv4_mask(subnet.prefix);

	do
		++*next;
	while (*next < last && (*next == subnet.address ||
				address_owner(spec, *next, spec->count)));
	if (*next < last) {
		service->address = *next;
		return true;
	}
	spec_board_error(spec, service->bridge ? "BRIDGES" : "BRIDGE_ADDRESS", "no address of %s "
			 "is left for %s and those after it; write a shorter prefix than %u",
			 bridge->name, service->name, subnet.prefix);
	return false;
}

static void assign_addresses(const struct spec *spec, size_t bridge)
{
	struct ipv4_subnet subnet = spec->board.bridges[bridge].subnet;
	uint32_t next = subnet.address & ipv4_mask(subnet.prefix);
	size_t ports = 0;

	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		if (!is_on_bridge(service) || service->bridge != bridge)
			continue;
		ports++;
		if (!service->address && subnet.address && !assign_address(spec, service, &next))
			return;
	}
	if (ports > BRIDGE_PORTS)
		spec_board_error(spec, bridge ? "BRIDGES" : "BRIDGE_ADDRESS", "%zu services have "
				 "NET=private on %s, but a bridge has at most %d ports; write "
				 "NET=\"none\" where no network is needed, or another BRIDGE",
				 ports, spec->board.bridges[bridge].name, BRIDGE_PORTS);
}

/* The host's number is the same in both families. */
static void assign_address6(const struct spec *spec, struct service_spec *service)
{
	const struct bridge_spec *bridge = bridge_of(spec, service);

	service->ipv6 = bridge->ipv6;
	if (bridge->ipv6)
		ipv6_of_host(bridge->address6,
			     service->address & ~ipv4_mask(bridge->subnet.prefix),
			     service->address6);
}

/* Returns false if there is none, after a word unless one was said before. */
static bool find_bridge(const struct spec *spec, struct service_spec *service)
{
	struct nearest nearest = { .word = service->bridge_name };

	for (size_t i = 0; i < spec->board.bridge_count; i++) {
		if (!strcmp(spec->board.bridges[i].name, service->bridge_name)) {
			service->bridge = i;
			return true;
		}
		nearest_offer(&nearest, spec->board.bridges[i].name);
	}
	if (*service->bridge_name && !spec->board.broken)
		spec_service_error(spec, service, "BRIDGE", "there is no such bridge; write %s, or "
				   "add it to CONFIG_BRIDGES", nearest.best ? nearest.best : "br0");
	return false;
}

static void check_service(const struct spec *spec, struct service_spec *service)
{
	if (service->address && service->net == SERVICE_NET_NONE)
		spec_service_error(spec, service, "ADDRESS", "NET=none has no network; leave it "
				   "empty or write NET=\"private\"");
	if (service->address && service->net == SERVICE_NET_HOST)
		spec_service_error(spec, service, "ADDRESS", "NET=host has the board's own "
				   "addresses; leave it empty or write NET=\"private\"");
	if (!is_on_bridge(service))
		return;
	mac_of_name(service->name, service->mac);
	if (find_bridge(spec, service) && service->address &&
	    bridge_of(spec, service)->subnet.address)
		check_address(spec, service);
}

void check_addresses(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		check_service(spec, &spec->services[i]);
	for (size_t i = 0; i < spec->board.bridge_count; i++)
		assign_addresses(spec, i);
	for (size_t i = 0; i < spec->count; i++)
		if (is_on_bridge(&spec->services[i]))
			assign_address6(spec, &spec->services[i]);
}
