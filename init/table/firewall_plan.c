/*
 * Puts together what the firewall is to let pass.  It decides which services it is about:
 * those without any network are not, and what shares another's is part of that.  That
 * ports and addresses fit was settled by the checks.
 */
#include "firewall_plan.h"

#include <linux/in.h>
#include <string.h>

#include "../service.h"
#include "firewall.h"

#define NOWHERE ((size_t)-1)

static uint8_t protocol_of(bool udp)
{
	return udp ? IPPROTO_UDP : IPPROTO_TCP;
}

static bool has_place(const struct service_spec *service)
{
	return service->net == SERVICE_NET_PRIVATE || service->net == SERVICE_NET_HOST;
}

/* Where each service is in the plan. */
static size_t *find_places(const struct spec *spec, size_t *count)
{
	size_t *places = arena_array(spec->arena, spec->count, sizeof(*places));

	*count = 0;
	for (size_t i = 0; i < spec->count; i++)
		places[i] = has_place(&spec->services[i]) ? (*count)++ : NOWHERE;
	return places;
}

static void plan_publish(const struct spec *spec, const struct service_spec *from,
			 struct firewall_service *to)
{
	struct firewall_publish *publish =
		arena_array(spec->arena, from->publish.count, sizeof(*publish));

	for (size_t i = 0; i < from->publish.count; i++)
		publish[i] = (struct firewall_publish){
			.protocol = protocol_of(from->publish.at[i].udp),
			.outside = from->publish.at[i].outside,
			.inside = from->publish.at[i].inside,
		};
	to->publish = publish;
	to->publish_count = from->publish.count;
}

/* Unix sockets do not pass here.  Whoever shares a network is reached at its owner. */
static void plan_allow(const struct spec *spec, const struct service_spec *from,
		       const size_t *places, struct firewall_service *to)
{
	struct firewall_allow *allow =
		arena_array(spec->arena, from->allow.count, sizeof(*allow));

	for (size_t i = 0; i < from->allow.count; i++) {
		const struct allow *word = &from->allow.at[i];
		const struct service_spec *target = &spec->services[word->to];
		size_t place = target->net == SERVICE_NET_SHARE ? places[target->net_of]
								: places[word->to];

		if (!word->port.path && place != NOWHERE)
			allow[to->allow_count++] = (struct firewall_allow){
				.to = place,
				.protocol = protocol_of(word->port.udp),
				.port = word->port.number,
			};
	}
	to->allow = allow;
}

static struct firewall_service plan_service(const struct spec *spec,
					    const struct service_spec *from,
					    const size_t *places)
{
	struct firewall_service to = {
		.name = from->name,
		.on_board = from->net == SERVICE_NET_HOST,
		.first_uid = (uint32_t)from->uid_base,
		.uid_count = SERVICE_ID_RANGE,
		.port = from->name,
		.bridge = from->bridge,
		.address = from->address,
		.address6 = from->ipv6 ? from->address6 : NULL,
	};

	memcpy(to.mac, from->mac, sizeof(to.mac));
	plan_publish(spec, from, &to);
	plan_allow(spec, from, places, &to);
	return to;
}

static void plan_services(const struct spec *spec, struct firewall_plan *plan)
{
	size_t *places = find_places(spec, &plan->service_count);
	struct firewall_service *planned =
		arena_array(spec->arena, plan->service_count, sizeof(*planned));

	for (size_t i = 0; i < spec->count; i++)
		if (places[i] != NOWHERE)
			planned[places[i]] = plan_service(spec, &spec->services[i], places);
	plan->services = planned;
}

static void plan_board(const struct spec *spec, struct firewall_plan *plan)
{
	const struct board_spec *own = &spec->board;
	struct firewall_bridge *bridges =
		arena_array(spec->arena, own->bridge_count, sizeof(*bridges));
	const char **uplinks = arena_array(spec->arena, own->uplink_count, sizeof(*uplinks));
	struct firewall_port *open =
		arena_array(spec->arena, own->open.count, sizeof(*open));

	for (size_t i = 0; i < own->bridge_count; i++)
		bridges[i] = (struct firewall_bridge){
			.name = own->bridges[i].name,
			.address = own->bridges[i].subnet.address,
			.prefix = own->bridges[i].subnet.prefix,
			.address6 = own->bridges[i].ipv6 ? own->bridges[i].address6 : NULL,
		};
	for (size_t i = 0; i < own->uplink_count; i++)
		if (own->uplinks[i].metric)	/* else it only carries a VLAN */
			uplinks[plan->uplink_count++] = own->uplinks[i].name;
	for (size_t i = 0; i < own->open.count; i++)
		open[i] = (struct firewall_port){
			.protocol = protocol_of(own->open.at[i].udp),
			.port = own->open.at[i].number,
		};
	plan->bridges = bridges;
	plan->bridge_count = own->bridge_count;
	plan->uplinks = uplinks;
	plan->open = open;
	plan->open_count = own->open.count;
}

static bool is_wanted(const struct spec *spec, const struct firewall_plan *plan)
{
	for (size_t i = 0; i < spec->count; i++)
		if (spec->services[i].net == SERVICE_NET_PRIVATE)
			return true;
	return plan->uplink_count;
}

void firewall_make(struct spec *spec)
{
	struct firewall_plan plan = { .bridges = NULL };
	uint8_t *bytes;
	size_t size;
	int length;

	plan_board(spec, &plan);
	plan_services(spec, &plan);
	if (!is_wanted(spec, &plan))
		return;
	size = firewall_size(&plan);
	bytes = arena_alloc(spec->arena, size);
	length = firewall_build(&plan, bytes, size);
	if (length < 0) {
		report_error(spec->report, "the firewall cannot be built: %s", strerror(-length));
		return;
	}
	spec->firewall = bytes;
	spec->firewall_bytes = (size_t)length;
}
