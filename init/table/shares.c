/*
 * NET=share: whose network a service is in.  Refuses what has none of its own to
 * share, and what only the owner of a network can say.
 */
#include <string.h>

#include "../service.h"
#include "checks.h"
#include "names.h"

/* The option's default, which nobody need have written. */
#define BRIDGE_USUAL "br0"

/* Only the owner of an address can be reached at it, or leave from it. */
static void check_owners_options(const struct spec *spec, const struct service_spec *service)
{
	const char *symbol = spec->services[service->net_of].folder->symbol;
	size_t numbers = 0;

	for (size_t i = 0; i < service->allow.count; i++)
		numbers += !service->allow.at[i].port.path;
	if (numbers)
		spec_service_error(spec, service, "ALLOW", "the network is %s's; write its ports "
				   "in CONFIG_%s_ALLOW", service->share, symbol);
	if (service->publish.count)
		spec_service_error(spec, service, "PUBLISH", "the network is %s's; write it in "
				   "CONFIG_%s_PUBLISH", service->share, symbol);
	if (service->address)
		spec_service_error(spec, service, "ADDRESS", "the network is %s's; write it in "
				   "CONFIG_%s_ADDRESS", service->share, symbol);
	if (strcmp(service->bridge_name, BRIDGE_USUAL))
		spec_service_error(spec, service, "BRIDGE", "the network is %s's; write it in "
				   "CONFIG_%s_BRIDGE", service->share, symbol);
}

/* Whose network that one is in can be named instead if it is truly its own. */
static void report_sharer(const struct spec *spec, const struct service_spec *service,
			  const struct service_spec *sharer)
{
	const struct service_spec *owner = spec_find(spec, sharer->share);

	if (owner && owner != service && owner->net == SERVICE_NET_PRIVATE)
		spec_service_error(spec, service, "NET", "%s has none of its own; write "
				   "\"share:%s\"", sharer->name, owner->name);
	else
		spec_service_error(spec, service, "NET", "%s has none of its own; write "
				   "\"private\" for one of the two", sharer->name);
}

static void resolve_share(struct spec *spec, struct service_spec *service)
{
	const struct service_spec *owner = spec_find(spec, service->share);

	if (!owner)
		names_report_unknown(spec, service, "NET", service->share,
				     "write \"private\"", "share:", NULL);
	else if (owner == service)
		spec_service_error(spec, service, "NET", "its own; write \"private\"");
	else if (owner->net == SERVICE_NET_SHARE)
		report_sharer(spec, service, owner);
	else if (owner->net == SERVICE_NET_HOST)
		spec_service_error(spec, service, "NET", "%s has the board's; write \"host\"",
				   owner->name);
	else if (owner->net == SERVICE_NET_NONE)
		spec_service_error(spec, service, "NET", "%s has no network to share; write "
				   "CONFIG_%s_NET=\"private\", or \"none\" here", owner->name,
				   owner->folder->symbol);
	else
		service->net_of = (size_t)(owner - spec->services);
}

static void check_bridge(const struct spec *spec, const struct service_spec *service)
{
	if ((service->net == SERVICE_NET_HOST || service->net == SERVICE_NET_NONE) &&
	    strcmp(service->bridge_name, BRIDGE_USUAL))
		spec_service_error(spec, service, "BRIDGE", "only NET=private is connected to one; "
				   "write \"" BRIDGE_USUAL "\", or NET=\"private\"");
}

void check_shares(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		service->net_of = i;
		check_bridge(spec, service);
		if (service->net != SERVICE_NET_SHARE)
			continue;
		resolve_share(spec, service);
		if (service->net_of != i)
			check_owners_options(spec, service);
	}
}
