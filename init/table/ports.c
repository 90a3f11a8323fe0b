/*
 * Ports of the board: each leads to one service, or is opened for what runs beside
 * pith, and there is a way in to them.  Decides nothing about what may pass.
 */
#include <stdlib.h>

#include "../service.h"
#include "checks.h"

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

static void check_published_once(const struct spec *spec)
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

/* A published port is led away before anything of the board's own could answer. */
static void check_open(const struct spec *spec, const struct service_spec *service)
{
	const struct ports *open = &spec->board.open;

	for (size_t i = 0; i < service->publish.count; i++)
		for (size_t j = 0; j < open->count; j++) {
			const struct published_port *port = &service->publish.at[i];

			if (port->outside == open->at[j].number && port->udp == open->at[j].udp)
				spec_service_error(spec, service, "PUBLISH", "%u/%s stands in "
						   "CONFIG_OPEN as well; write another port before "
						   "the ':', or take it out there", port->outside,
						   port->udp ? "udp" : "tcp");
		}
}

/* No port leads from one family to the other, and each service has IPv4. */
static bool leads_to(const struct uplink_spec *uplink, const struct service_spec *service)
{
	if (service->net == SERVICE_NET_HOST || service->ipv6)
		return spec_has_address(uplink);
	return uplink->dhcp || uplink->subnet.address;
}

static void no_ipv6(const struct spec *spec, const struct service_spec *service)
{
	const char *bridge = spec->board.bridges[service->bridge].name;

	spec_service_error(spec, service, "PUBLISH", "the uplinks have IPv6 alone, and %s has no "
			   "%s; write one, or an address of IPv4 in CONFIG_UPLINK_ADDRESS", bridge,
			   service->bridge ? "prefix in BRIDGES" : "BRIDGE_PREFIX6");
}

static void check_way_in(const struct spec *spec, const struct service_spec *service)
{
	bool has_address = false;

	for (size_t i = 0; i < spec->board.uplink_count; i++) {
		if (leads_to(&spec->board.uplinks[i], service))
			return;
		has_address |= spec_has_address(&spec->board.uplinks[i]);
	}
	if (has_address)
		no_ipv6(spec, service);
	else if (!spec->board.uplink_count)
		spec_service_error(spec, service, "PUBLISH", "the board has no UPLINK; leave it "
				   "empty or write CONFIG_UPLINK=\"eth0\"");
	else
		spec_service_error(spec, service, "PUBLISH", "the uplink has no address at which "
				   "to reach it; leave it empty or write "
				   "CONFIG_UPLINK_ADDRESS=\"10.0.2.15/24\"");
}

static void check_on_board(const struct spec *spec, const struct service_spec *service)
{
	for (size_t i = 0; i < service->publish.count; i++) {
		const struct published_port *port = &service->publish.at[i];

		if (port->outside != port->inside)
			spec_service_error(spec, service, "PUBLISH", "NET=host has the board's own "
					   "ports, which lead to no others; write %u:%u",
					   port->inside, port->inside);
	}
}

void check_ports(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		if (!service->publish.count)
			continue;
		if (service->net == SERVICE_NET_NONE)
			spec_service_error(spec, service, "PUBLISH", "NET=none has no network; "
					   "leave it empty or write NET=\"private\"");
		if (service->net == SERVICE_NET_HOST)
			check_on_board(spec, service);
		/* Whose network is another's or none has heard that already. */
		if (!spec->board.broken && (service->net == SERVICE_NET_PRIVATE ||
					    service->net == SERVICE_NET_HOST))
			check_way_in(spec, service);
		check_open(spec, service);
	}
	check_published_once(spec);
}
