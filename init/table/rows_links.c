/*
 * The rows of the board's network.  Decides which fields they have, and which of
 * them make its fingerprint: all but the places of services.
 */
#include "rows_links.h"

#include "field.h"
#include "fingerprint.h"
#include "literal.h"

static void write_bridge(const struct spec *spec, const struct bridge_spec *bridge, FILE *to)
{
	field_text("name", bridge->name, to);
	field_address(spec->arena, "address", bridge->subnet.address, to);
	field_number("prefix", bridge->subnet.prefix, to);
	if (bridge->ipv6) {
		field_flag("ipv6", true, to);
		field_address6(spec->arena, "address6", bridge->address6, to);
	}
	field_bytes("mac", bridge->mac, sizeof(bridge->mac), to);
}

static void write_bridges(const struct spec *spec, FILE *to)
{
	fputs("static const struct bridge board_bridges[] = {\n", to);
	for (size_t i = 0; i < spec->board.bridge_count; i++) {
		fprintf(to, "[%zu] = {\n", i);
		write_bridge(spec, &spec->board.bridges[i], to);
		fputs("},\n", to);
	}
	fputs("};\n\n", to);
}

static void write_static(const struct spec *spec, const struct uplink_spec *uplink, FILE *to)
{
	if (uplink->subnet.address) {
		field_address(spec->arena, "address", uplink->subnet.address, to);
		field_number("prefix", uplink->subnet.prefix, to);
	}
	if (uplink->gateway)
		field_address(spec->arena, "gateway", uplink->gateway, to);
	if (uplink->ipv6) {
		field_flag("ipv6", true, to);
		field_address6(spec->arena, "address6", uplink->address6, to);
		field_number("prefix6", uplink->prefix6, to);
	}
	if (uplink->gateway_ipv6) {
		field_flag("gateway_ipv6", true, to);
		field_address6(spec->arena, "gateway6", uplink->gateway6, to);
	}
}

static void write_uplink(const struct spec *spec, const struct uplink_spec *uplink, FILE *to)
{
	field_text("name", uplink->name, to);
	if (uplink->parent) {
		field_text("parent", uplink->parent, to);
		field_number("vlan", uplink->vlan, to);
	}
	if (uplink->dhcp)
		field_flag("dhcp", true, to);
	write_static(spec, uplink, to);
	if (uplink->metric)
		field_number("metric", uplink->metric, to);
}

/* Places of services are left out where the content alone counts. */
static void write_uplinks(const struct spec *spec, bool places, FILE *to)
{
	if (!spec->board.uplink_count)
		return;
	fputs("static const struct uplink board_uplinks[] = {\n", to);
	for (size_t i = 0; i < spec->board.uplink_count; i++) {
		const struct uplink_spec *uplink = &spec->board.uplinks[i];

		fprintf(to, "[%zu] = {\n", i);
		write_uplink(spec, uplink, to);
		if (uplink->dhcp && places)
			field_number("dhcp_service", (int64_t)uplink->dhcp_service, to);
		fputs("},\n", to);
	}
	fputs("};\n\n", to);
}

static void write_open(const struct spec *spec, FILE *to)
{
	const struct ports *open = &spec->board.open;

	if (!open->count)
		return;
	fputs("static const struct service_listen board_open[] = {\n", to);
	for (size_t i = 0; i < open->count; i++)
		fprintf(to, "\t{ .port = %u, .protocol = %s },\n", open->at[i].number,
			literal_protocol(open->at[i].udp));
	fputs("};\n\n", to);
}

void rows_of_links(const struct spec *spec, FILE *to)
{
	write_bridges(spec, to);
	write_uplinks(spec, true, to);
	write_open(spec, to);
}

void rows_links_fields(const struct spec *spec, FILE *to)
{
	const struct board_spec *own = &spec->board;

	field_list("bridges", "board_bridges", "bridge_count", own->bridge_count, to);
	field_list("uplinks", "board_uplinks", "uplink_count", own->uplink_count, to);
	field_list("open", "board_open", "open_count", own->open.count, to);
	if (own->mtu)
		field_number("mtu_bytes", own->mtu, to);
}

uint64_t rows_links_fingerprint(const struct spec *spec)
{
	struct fingerprint_text content;

	fingerprint_begin(&content);
	write_bridges(spec, content.to);
	write_uplinks(spec, false, content.to);
	rows_links_fields(spec, content.to);
	literal_bytes("firewall", spec->firewall, spec->firewall_bytes, content.to);
	return fingerprint_end(&content);
}
