/*
 * ALLOW: what it names is there.  Decides which service and port a word means;
 * refuses one that nobody serves, since the way there would be open to nothing.
 */
#include "../service.h"
#include "checks.h"
#include "names.h"
#include "sockets.h"
#include "values.h"

/* True if something may pass. */
static bool check_networks(const struct spec *spec, const struct service_spec *service,
			   const struct service_spec *other, const struct allow *allow)
{
	const char *port = values_port_text(spec->arena, &allow->port);

	if (service->net == SERVICE_NET_NONE)
		spec_service_error(spec, service, "ALLOW", "%s:%s: its NET=none has no way there; "
				   "leave it out, or write NET=\"private\"", allow->name, port);
	else if (other->net == SERVICE_NET_NONE)
		spec_service_error(spec, service, "ALLOW", "%s:%s: %s has NET=none; leave it out, "
				   "or write CONFIG_%s_NET=\"private\"", allow->name, port,
				   allow->name, other->folder->symbol);
	else if (sockets_network_of(spec, service) == sockets_network_of(spec, other) &&
		 service->net != SERVICE_NET_HOST)
		spec_service_error(spec, service, "ALLOW", "%s:%s: %s is in the same network, "
				   "where nothing keeps them apart; leave it out", allow->name,
				   port, allow->name);
	else
		return true;
	return false;
}

static void check_served(const struct spec *spec, const struct service_spec *service,
			 const struct service_spec *other, const struct allow *allow)
{
	const char *port = values_port_text(spec->arena, &allow->port);
	const char *symbol = other->folder->symbol;

	/* What could not be read may be what is missed here. */
	if (other->broken || sockets_are_served(spec, other, &allow->port))
		return;
	if (allow->port.path)
		spec_service_error(spec, service, "ALLOW", "%s has no socket %s; write it in "
				   "CONFIG_%s_LISTEN", allow->name, port, symbol);
	else
		spec_service_error(spec, service, "ALLOW", "%s serves no port %s; write it in "
				   "CONFIG_%s_PORTS, if it does", allow->name, port, symbol);
}

/* The same port of the same address, by the name of another one there. */
static void check_twice(const struct spec *spec, const struct service_spec *service, size_t at)
{
	const struct allow *allow = &service->allow.at[at];
	size_t network = sockets_network_of(spec, &spec->services[allow->to]);

	for (size_t i = 0; !allow->port.path && i < at; i++) {
		const struct allow *earlier = &service->allow.at[i];

		if (sockets_network_of(spec, &spec->services[earlier->to]) == network &&
		    values_same_port(&earlier->port, &allow->port))
			spec_service_error(spec, service, "ALLOW", "%s:%s is the same as %s's, "
					   "whose network it is in; remove one of the two",
					   allow->name,
					   values_port_text(spec->arena, &allow->port),
					   earlier->name);
	}
}

static void resolve(struct spec *spec, struct service_spec *service, size_t at)
{
	struct allow *allow = &service->allow.at[at];
	const struct service_spec *other = spec_find(spec, allow->name);

	if (!other) {
		names_report_unknown(spec, service, "ALLOW", allow->name, "leave it out", "",
				     NULL);
		return;
	}
	allow->to = (size_t)(other - spec->services);
	if (other == service) {
		spec_service_error(spec, service, "ALLOW", "%s is itself; leave it out",
				   allow->name);
		return;
	}
	if (!allow->port.path && !check_networks(spec, service, other, allow))
		return;
	check_served(spec, service, other, allow);
	check_twice(spec, service, at);
}

void check_allow(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		for (size_t j = 0; j < spec->services[i].allow.count; j++)
			resolve(spec, &spec->services[i], j);
}
