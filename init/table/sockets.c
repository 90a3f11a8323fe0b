/*
 * Networks and sockets of services.  Decides who is in one network namespace, what
 * is served there, and where a unix socket lies on the board; what is wrong about
 * any of it, the checks decide.
 */
#include "sockets.h"

#include <string.h>

#include "../service.h"
#include "values.h"

size_t sockets_network_of(const struct spec *spec, const struct service_spec *service)
{
	size_t place = (size_t)(service - spec->services);

	if (service->net == SERVICE_NET_SHARE)
		return service->net_of;
	for (size_t i = 0; service->net == SERVICE_NET_HOST && i < place; i++)
		if (spec->services[i].net == SERVICE_NET_HOST)
			return i;
	return place;
}

static bool serves(const struct service_spec *service, const struct port *port)
{
	for (size_t i = 0; i < service->listen.count; i++)
		if (values_same_port(&service->listen.at[i], port))
			return true;
	for (size_t i = 0; i < service->ports.count; i++)
		if (values_same_port(&service->ports.at[i], port))
			return true;
	for (size_t i = 0; !port->path && i < service->publish.count; i++)
		if (service->publish.at[i].inside == port->number &&
		    service->publish.at[i].udp == port->udp)
			return true;
	return false;
}

bool sockets_are_served(const struct spec *spec, const struct service_spec *service,
			const struct port *port)
{
	size_t network = sockets_network_of(spec, service);

	if (serves(service, port))
		return true;
	for (size_t i = 0; !port->path && service->net != SERVICE_NET_HOST && i < spec->count; i++)
		if (sockets_network_of(spec, &spec->services[i]) == network &&
		    serves(&spec->services[i], port))
			return true;
	return false;
}

/* The place of a path among a service's LISTEN, which has it. */
static size_t number_of(const struct service_spec *service, const char *path)
{
	size_t number = 0;

	while (number + 1 < service->listen.count &&
	       (!service->listen.at[number].path || strcmp(service->listen.at[number].path, path)))
		number++;
	return number;
}

static struct socket socket_of(const struct spec *spec, const char *option,
			       const struct service_spec *owner, const char *path)
{
	return (struct socket){
		.option = option,
		.source = arena_printf(spec->arena, "/run/pith/listen/%s.%zu", owner->name,
				       number_of(owner, path)),
		.path = path,
	};
}

struct sockets sockets_of(const struct spec *spec, const struct service_spec *service)
{
	size_t most = service->listen.count + service->allow.count;
	struct sockets sockets = { arena_array(spec->arena, most, sizeof(*sockets.at)), 0 };

	for (size_t i = 0; i < service->listen.count; i++)
		if (service->listen.at[i].path)
			sockets.at[sockets.count++] =
				socket_of(spec, "LISTEN", service, service->listen.at[i].path);
	for (size_t i = 0; i < service->allow.count; i++)
		if (service->allow.at[i].port.path)
			sockets.at[sockets.count++] =
				socket_of(spec, "ALLOW",
					  &spec->services[service->allow.at[i].to],
					  service->allow.at[i].port.path);
	return sockets;
}
