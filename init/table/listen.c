/*
 * PORTS and LISTEN: there is a network for them, each port of LISTEN is opened once in
 * it, no port of the board leads elsewhere, and each socket has a number among those of
 * all services.  Where those that are files have their place, nesting.c and points.c
 * decide.
 */
#include <inttypes.h>

#include "../service.h"
#include "checks.h"
#include "sockets.h"
#include "values.h"

/* The least that NOFILE takes: what is left of it for a program beside its sockets. */
#define NOFILE_LEAST 8

static void check_count(const struct spec *spec, const struct service_spec *service)
{
	int64_t least = NOFILE_LEAST + (int64_t)service->listen.count;

	if (service->listen.count && service->nofile < least)
		spec_service_error(spec, service, "NOFILE", "leaves no room beside the %zu sockets "
				   "of its LISTEN; write at least %" PRId64,
				   service->listen.count, least);
}

static bool listens(const struct service_spec *service, const struct port *port)
{
	for (size_t i = 0; i < service->listen.count; i++)
		if (values_same_port(&service->listen.at[i], port))
			return true;
	return false;
}

static bool publishes(const struct service_spec *service, const struct port *port)
{
	for (size_t i = 0; i < service->publish.count; i++)
		if (service->publish.at[i].outside == port->number &&
		    service->publish.at[i].udp == port->udp)
			return true;
	return false;
}

/* A published port is led away before what has the board's network could answer. */
static void check_led_away(const struct spec *spec, const struct service_spec *service,
			   const char *option, const struct port *port)
{
	for (size_t i = 0; service->net == SERVICE_NET_HOST && i < spec->count; i++) {
		const struct service_spec *other = &spec->services[i];

		if (other != service && publishes(other, port))
			spec_service_error(spec, service, option, "%s of the board leads to %s, "
					   "by its PUBLISH; write another port in one of the two",
					   values_port_text(spec->arena, port), other->name);
	}
}

/* Whoever comes first of those that have one namespace has the port. */
static void check_others(const struct spec *spec, const struct service_spec *service,
			 const struct port *port)
{
	size_t network = sockets_network_of(spec, service);

	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *other = &spec->services[i];

		if (other < service && sockets_network_of(spec, other) == network &&
		    listens(other, port))
			spec_service_error(spec, service, "LISTEN", "%s is opened for %s already, "
					   "in the same network; write another port",
					   values_port_text(spec->arena, port), other->name);
	}
	check_led_away(spec, service, "LISTEN", port);
}

static void check_port(const struct spec *spec, const struct service_spec *service,
		       const struct port *port)
{
	if (service->net == SERVICE_NET_NONE)
		spec_service_error(spec, service, "LISTEN", "%s: with NET=none nobody reaches it; "
				   "write the path of a unix socket, or NET=\"private\"",
				   values_port_text(spec->arena, port));
	else
		check_others(spec, service, port);
}

/* What is in LISTEN as well was looked at there. */
static void check_served(const struct spec *spec, const struct service_spec *service)
{
	if (service->ports.count && service->net == SERVICE_NET_NONE)
		spec_service_error(spec, service, "PORTS", "NET=none has no network; leave it "
				   "empty or write NET=\"private\"");
	for (size_t i = 0; i < service->ports.count; i++)
		if (!listens(service, &service->ports.at[i]))
			check_led_away(spec, service, "PORTS", &service->ports.at[i]);
}

void check_listen(struct spec *spec)
{
	size_t first = 0;

	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		service->listen_first = first;
		first += service->listen.count;
		check_count(spec, service);
		check_served(spec, service);
		for (size_t j = 0; j < service->listen.count; j++)
			if (!service->listen.at[j].path)
				check_port(spec, service, &service->listen.at[j]);
	}
}
