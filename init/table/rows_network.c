/*
 * The network's part of the services' rows.  Decides how it is spelt, and which
 * fields a running service was made from: its sandbox and its sockets, but neither
 * ALLOW nor PUBLISH, which are the firewall's.
 */
#include "rows_network.h"

#include "../service.h"
#include "field.h"
#include "files.h"
#include "hosts.h"
#include "literal.h"
#include "sockets.h"

static const char *array_of(const struct spec *spec, const struct service_spec *service,
			    const char *field)
{
	return literal_symbol(spec->arena, field, service->name);
}

static void begin_list(const struct spec *spec, const struct service_spec *service,
		       const char *type, const char *field, FILE *to)
{
	fprintf(to, "static const struct service_%s %s[] = {\n", type,
		array_of(spec, service, field));
}

/* What ends the braces of a row: .port = 80, .protocol = 6, or .path = "…" */
static void write_port(const struct port *port, FILE *to)
{
	if (port->path) {
		fputs(".path = ", to);
		literal_string(port->path, to);
	} else {
		fprintf(to, ".port = %u, .protocol = %s", port->number,
			literal_protocol(port->udp));
	}
	fputs(" },\n", to);
}

static void write_published(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	const struct published_ports *ports = &service->publish;

	if (!ports->count)
		return;
	begin_list(spec, service, "publish", "published", to);
	for (size_t i = 0; i < ports->count; i++)
		fprintf(to, "\t{ .outside = %u, .inside = %u, .protocol = %s },\n",
			ports->at[i].outside, ports->at[i].inside,
			literal_protocol(ports->at[i].udp));
	fputs("};\n\n", to);
}

static void write_allow(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	if (!service->allow.count)
		return;
	begin_list(spec, service, "allow", "allow", to);
	for (size_t i = 0; i < service->allow.count; i++) {
		fprintf(to, "\t{ .to = %zu, ", service->allow.at[i].to);
		write_port(&service->allow.at[i].port, to);
	}
	fputs("};\n\n", to);
}

void rows_network_lists(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	write_published(spec, service, to);
	write_allow(spec, service, to);
}

static void write_listen(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	if (!service->listen.count)
		return;
	begin_list(spec, service, "listen", "listen", to);
	for (size_t i = 0; i < service->listen.count; i++) {
		fputs("\t{ ", to);
		write_port(&service->listen.at[i], to);
	}
	fputs("};\n\n", to);
}

static void write_seen(const char *source, const char *path, FILE *to)
{
	fputs("\t{ .source = ", to);
	literal_string(source, to);
	fputs(", .path = ", to);
	literal_string(path, to);
	fputs(" },\n", to);
}

/* Sockets, and what an image does not have itself. */
void rows_network_sockets(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	struct sockets sockets = sockets_of(spec, service);
	struct root_files files = files_of(spec, service);

	write_listen(spec, service, to);
	if (!rows_network_seen(spec, service))
		return;
	begin_list(spec, service, "socket", "sockets", to);
	for (size_t i = 0; i < sockets.count; i++)
		write_seen(sockets.at[i].source, sockets.at[i].path, to);
	for (size_t i = 0; i < files.count; i++)
		if (files_source(spec, service, &files.at[i]))
			write_seen(files_source(spec, service, &files.at[i]), files.at[i].path, to);
	fputs("};\n\n", to);
}

size_t rows_network_seen(const struct spec *spec, const struct service_spec *service)
{
	struct root_files files = files_of(spec, service);
	size_t count = sockets_of(spec, service).count;

	for (size_t i = 0; i < files.count; i++)
		count += files_source(spec, service, &files.at[i]) != NULL;
	return count;
}

void rows_network_content(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	static const char *const nets[] = {
		"SERVICE_NET_PRIVATE", "SERVICE_NET_NONE", "SERVICE_NET_HOST", "SERVICE_NET_SHARE",
	};

	field_symbol("net", nets[service->net], to);
	if (service->address)
		field_address(spec->arena, "address", service->address, to);
	field_flag("ipv6", service->ipv6, to);
	if (service->ipv6)
		field_address6(spec->arena, "address6", service->address6, to);
	if (service->net == SERVICE_NET_PRIVATE)
		field_bytes("mac", service->mac, sizeof(service->mac), to);
	field_list("listen", array_of(spec, service, "listen"), "listen_count",
		   service->listen.count, to);
	field_list("sockets", array_of(spec, service, "sockets"), "socket_count",
		   rows_network_seen(spec, service), to);
	field_flag("resolves", hosts_need_leases(spec, service), to);
	field_flag("after_network", service->after_network, to);
}

void rows_network_places(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	if (service->net == SERVICE_NET_SHARE)
		field_unsigned("net_of", service->net_of, to);
	if (service->bridge)
		field_unsigned("bridge", service->bridge, to);
	if (service->listen.count)
		field_unsigned("listen_first", service->listen_first, to);
	if (service->provides == PROVIDES_TIME_VALID)
		field_flag("provides_time", true, to);
	if (service->lease_of)
		field_unsigned("lease_of", service->lease_of, to);
	field_list("published", array_of(spec, service, "published"), "published_count",
		   service->publish.count, to);
	field_list("allow", array_of(spec, service, "allow"), "allow_count",
		   service->allow.count, to);
}

/* The bridge is the way out, and its address and MAC are put down inside. */
static void write_bridge(const struct spec *spec, const struct bridge_spec *bridge, FILE *to)
{
	field_text("bridge", bridge->name, to);
	field_address(spec->arena, "bridge_address", bridge->subnet.address, to);
	if (bridge->ipv6)
		field_address6(spec->arena, "bridge_address6", bridge->address6, to);
	field_bytes("bridge_mac", bridge->mac, sizeof(bridge->mac), to);
	field_number("mtu", spec->board.mtu, to);
}

void rows_network_made_from(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	struct root_files files = files_of(spec, service);

	if (service->net == SERVICE_NET_PRIVATE)
		write_bridge(spec, &spec->board.bridges[service->bridge], to);
	if (service->lease_of)
		field_text("lease_of", spec->board.uplinks[service->lease_of - 1].name, to);
	for (size_t i = 0; i < files.count; i++)
		literal_words(files.at[i].path, &files.at[i].lines, to);
}
