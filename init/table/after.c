/*
 * The order of the start: AFTER's names become places in the table, and their
 * inverse tells what a start makes possible.  Refuses what can never start.
 */
#include <string.h>

#include "../service.h"
#include "checks.h"
#include "names.h"

/* Names of what is no service (folders.c gives them to none). */
#define NETWORK_ONLINE "network-online"
#define TIME_VALID "time-valid"

static const char *const events[] = { NETWORK_ONLINE, TIME_VALID, NULL };

static void add_place(struct places *after, size_t place)
{
	for (size_t i = 0; i < after->count; i++)
		if (after->at[i] == place)
			return;
	after->at[after->count++] = (uint16_t)place;
}

static void wait_for_network(const struct spec *spec, struct service_spec *service)
{
	const struct board_spec *own = &spec->board;

	service->after_network = true;
	for (size_t i = 0; i < own->uplink_count; i++)
		if (spec_has_address(&own->uplinks[i]))
			return;
	if (own->broken)
		return;
	if (!own->uplink_count)
		spec_service_error(spec, service, "AFTER", NETWORK_ONLINE " never comes without an "
				   "uplink; leave it out, or write CONFIG_UPLINK=\"eth0\"");
	else
		spec_service_error(spec, service, "AFTER", NETWORK_ONLINE " never comes, since no "
				   "uplink has an address; leave it out, or write "
				   "CONFIG_UPLINK_ADDRESS=\"10.0.2.15/24\"");
}

static void wait_for_time(const struct spec *spec, struct service_spec *service)
{
	const struct service_spec *provider = NULL;

	for (size_t i = 0; i < spec->count; i++)
		if (spec->services[i].provides == PROVIDES_TIME_VALID)
			provider = &spec->services[i];
	if (!provider)
		spec_service_error(spec, service, "AFTER", "no service provides " TIME_VALID
				   "; switch one on, such as CONFIG_SVC_NTP=y, or leave it out");
	else if (provider == service)
		spec_service_error(spec, service, "AFTER", TIME_VALID " is what it provides "
				   "itself; leave it out");
	else
		add_place(&service->after, (size_t)(provider - spec->services));
}

static void resolve_name(const struct spec *spec, struct service_spec *service, const char *name)
{
	const struct service_spec *other = spec_find(spec, name);

	if (!strcmp(name, NETWORK_ONLINE))
		wait_for_network(spec, service);
	else if (!strcmp(name, TIME_VALID))
		wait_for_time(spec, service);
	else if (other == service)
		spec_service_error(spec, service, "AFTER", "waits for itself; leave it out");
	else if (other)
		add_place(&service->after, (size_t)(other - spec->services));
	else
		names_report_unknown(spec, service, "AFTER", name, "leave it out", "", events);
}

/* The network that a service shares is there before it starts. */
static void resolve_names(const struct spec *spec, struct service_spec *service)
{
	struct places *after = &service->after;

	after->at = arena_array(spec->arena, service->after_names.count + 1, sizeof(*after->at));
	for (size_t i = 0; i < service->after_names.count; i++)
		resolve_name(spec, service, service->after_names.at[i]);
	if (service->net == SERVICE_NET_SHARE && &spec->services[service->net_of] != service)
		add_place(after, service->net_of);
}

static void invert(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		for (size_t j = 0; j < spec->services[i].after.count; j++)
			spec->services[spec->services[i].after.at[j]].before.count++;
	for (size_t i = 0; i < spec->count; i++) {
		struct places *before = &spec->services[i].before;

		before->at = arena_array(spec->arena, before->count, sizeof(*before->at));
		before->count = 0;
	}
	for (size_t i = 0; i < spec->count; i++) {
		for (size_t j = 0; j < spec->services[i].after.count; j++) {
			struct places *before =
				&spec->services[spec->services[i].after.at[j]].before;

			before->at[before->count++] = (uint16_t)i;
		}
	}
}

/* A depth-first walk along AFTER.  The path holds the places from where the
 * walk began to where it is; next says how many of each one's names were
 * followed. */
struct walk {
	size_t *path, *next;
	size_t depth;
	bool *done, *on_path;
};

static void report_cycle(const struct spec *spec, const struct walk *walk, size_t first)
{
	const char *text = spec->services[first].name;
	bool shares = spec->services[first].net == SERVICE_NET_SHARE;
	size_t from = walk->depth;

	while (walk->path[from - 1] != first)
		from--;
	for (size_t i = from; i < walk->depth; i++) {
		text = arena_printf(spec->arena, "%s -> %s", text,
				    spec->services[walk->path[i]].name);
		shares |= spec->services[walk->path[i]].net == SERVICE_NET_SHARE;
	}
	spec_service_error(spec, &spec->services[first], "AFTER",
			   "the cycle %s -> %s; take one of them out of another's AFTER%s", text,
			   spec->services[first].name, shares ? " or NET" : "");
}

static void walk_push(struct walk *walk, size_t place)
{
	walk->on_path[place] = true;
	walk->path[walk->depth++] = place;
}

static void walk_from(const struct spec *spec, struct walk *walk, size_t start)
{
	walk_push(walk, start);
	while (walk->depth) {
		size_t place = walk->path[walk->depth - 1];
		const struct places *after = &spec->services[place].after;

		if (walk->next[place] == after->count) {
			walk->done[place] = true;
			walk->on_path[place] = false;
			walk->depth--;
			continue;
		}
		place = after->at[walk->next[place]++];
		if (walk->on_path[place])
			report_cycle(spec, walk, place);
		else if (!walk->done[place])
			walk_push(walk, place);
	}
}

static bool comes_after_any(const struct service_spec *service, const bool *these)
{
	for (size_t i = 0; i < service->after.count; i++)
		if (these[service->after.at[i]])
			return true;
	return false;
}

/* A lease may be all that brings the network: what asks for it shall not wait. */
static void check_leases_come_first(const struct spec *spec)
{
	bool *waits = arena_array(spec->arena, spec->count, sizeof(*waits));
	bool more = true;

	for (size_t i = 0; i < spec->count; i++)
		waits[i] = spec->services[i].after_network;
	while (more) {
		more = false;
		for (size_t i = 0; i < spec->count; i++)
			if (!waits[i] && comes_after_any(&spec->services[i], waits))
				more = waits[i] = true;
	}
	for (size_t i = 0; i < spec->count; i++)
		if (waits[i] && spec->services[i].lease_of)
			spec_service_error(spec, &spec->services[i], "AFTER", "it, or what it "
					   "comes after, waits for " NETWORK_ONLINE ", which its "
					   "lease brings; take that out");
}

void check_after(struct spec *spec)
{
	struct walk walk = {
		.path = arena_array(spec->arena, spec->count, sizeof(*walk.path)),
		.next = arena_array(spec->arena, spec->count, sizeof(*walk.next)),
		.done = arena_array(spec->arena, spec->count, sizeof(*walk.done)),
		.on_path = arena_array(spec->arena, spec->count, sizeof(*walk.on_path)),
	};

	for (size_t i = 0; i < spec->count; i++)
		resolve_names(spec, &spec->services[i]);
	for (size_t i = 0; i < spec->count; i++)
		if (!walk.done[i])
			walk_from(spec, &walk, i);
	invert(spec);
	check_leases_come_first(spec);
}
