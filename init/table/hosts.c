/*
 * Names of services.  Decides who knows whom, and by which address: a service
 * itself, those that are in its network, and those that ALLOW names.
 */
#include "hosts.h"

#include <string.h>

#include "../service.h"
#include "ipv4.h"
#include "ipv6.h"

bool hosts_need_leases(const struct spec *spec, const struct service_spec *service)
{
	return service->net != SERVICE_NET_NONE && !spec->board.resolv_conf;
}

/* Where somebody is reached; ipv6: by address6 as well. */
struct place {
	uint32_t address;
	bool ipv6;
	const uint8_t *address6;
};

static const uint8_t loopback6[16] = { [15] = 1 };
static const struct place loopback = { 0x7f000001, true, loopback6 };

static const struct service_spec *owner_of(const struct spec *spec,
					   const struct service_spec *service)
{
	return service->net == SERVICE_NET_SHARE ? &spec->services[service->net_of] : service;
}

/* The board is reached at the address of the bridge that the asking one is on. */
static struct place place_of(const struct spec *spec, const struct service_spec *service,
			     const struct service_spec *asking)
{
	const struct service_spec *owner = owner_of(spec, service);
	const struct bridge_spec *bridge = &spec->board.bridges[owner_of(spec, asking)->bridge];

	if (service->net == SERVICE_NET_HOST && service != asking)
		return (struct place){ bridge->subnet.address, bridge->ipv6, bridge->address6 };
	if (owner->net == SERVICE_NET_PRIVATE)
		return (struct place){ owner->address, owner->ipv6, owner->address6 };
	return loopback;
}

static void add(const struct spec *spec, struct words *lines, struct place at, const char *names)
{
	lines->at[lines->count++] = arena_printf(spec->arena, "%s %s",
						 ipv4_format(spec->arena, at.address), names);
	if (at.ipv6)
		lines->at[lines->count++] = arena_printf(spec->arena, "%s %s",
							 ipv6_format(spec->arena, at.address6),
							 names);
}

/* HOSTNAME may be another one's name, which then is that one's.  Several services may
 * be made of one folder, and have its root in common. */
static const char *own_names(const struct spec *spec, const struct service_spec *service)
{
	const char *names = service->name;

	for (size_t i = 0; i < spec->count; i++)
		if (spec->services[i].folder == service->folder && &spec->services[i] != service)
			names = arena_printf(spec->arena, "%s %s", names, spec->services[i].name);
	if (*service->hostname && !spec_find(spec, service->hostname))
		names = arena_printf(spec->arena, "%s %s", names, service->hostname);
	return names;
}

/* A socket that is a file needs no address. */
static bool is_first_port_of(const struct service_spec *service, size_t at)
{
	const struct allow *allow = service->allow.at;

	for (size_t i = 0; i < at; i++)
		if (allow[i].to == allow[at].to && !allow[i].port.path)
			return false;
	return !allow[at].port.path;
}

struct words hosts_lines(const struct spec *spec, const struct service_spec *service)
{
	const struct service_spec *owner = owner_of(spec, service);
	size_t most = 2 * (1 + spec->count + owner->allow.count);
	struct words lines = { arena_array(spec->arena, most, sizeof(*lines.at)), 0 };

	add(spec, &lines, loopback, "localhost");
	add(spec, &lines, place_of(spec, service, service), own_names(spec, service));
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *other = &spec->services[i];

		if (other != service && owner_of(spec, other) == owner)
			add(spec, &lines, place_of(spec, other, service), other->name);
	}
	for (size_t i = 0; i < owner->allow.count; i++) {
		const struct service_spec *other = &spec->services[owner->allow.at[i].to];

		if (is_first_port_of(owner, i))
			add(spec, &lines, place_of(spec, other, service), other->name);
	}
	return lines;
}
