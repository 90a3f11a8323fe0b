/*
 * Writes the table as C, its sizes as a header and the image's plan.  Decides
 * the order and the layout; everything in it was decided before.
 */
#include "emit.h"

#include <inttypes.h>

#include "ipv4.h"
#include "literal.h"
#include "mounts.h"
#include "use.h"

static void emit_lists(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	struct arena *arena = spec->arena;
	const char *name = service->name;

	literal_words(literal_symbol(arena, "argv", name), &service->argv, to);
	literal_words(literal_symbol(arena, "envp", name), &service->env, to);
	literal_places(literal_symbol(arena, "after", name), &service->after, to);
	literal_places(literal_symbol(arena, "before", name), &service->before, to);
	literal_limits(literal_symbol(arena, "limits", name), &service->limits, to);
	literal_tmpfs(literal_symbol(arena, "tmpfs", name), &service->tmpfs, to);
}

static void emit_text(const char *field, const char *text, FILE *to)
{
	fprintf(to, "\t.%s = ", field);
	literal_string(text, to);
	fputs(",\n", to);
}

static void emit_number(const char *field, int64_t number, FILE *to)
{
	fprintf(to, "\t.%s = %" PRId64 ",\n", field, number);
}

/* "1114112u" */
static void emit_unsigned(const char *field, uint64_t number, FILE *to)
{
	fprintf(to, "\t.%s = %" PRIu64 "u,\n", field, number);
}

/* A list and its length; C makes them NULL and 0 if nothing is said. */
static void emit_list(const struct spec *spec, const struct service_spec *service,
		      const char *field, const char *count_field, size_t count, FILE *to)
{
	if (!count)
		return;
	fprintf(to, "\t.%s = %s,\n", field, literal_symbol(spec->arena, field, service->name));
	fprintf(to, "\t.%s = %zu,\n", count_field, count);
}

static void emit_address(const struct spec *spec, const char *field, uint32_t address, FILE *to)
{
	fprintf(to, "\t.%s = 0x%08" PRIx32 "u,\t/* %s */\n", field, address,
		ipv4_format(spec->arena, address));
}

static void emit_process(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	emit_text("name", service->name, to);
	emit_text("root", arena_printf(spec->arena, "/services/%s", service->name), to);
	fprintf(to, "\t.argv = %s,\n", literal_symbol(spec->arena, "argv", service->name));
	fprintf(to, "\t.envp = %s,\n", literal_symbol(spec->arena, "envp", service->name));
	emit_text("workdir", service->workdir, to);
	emit_text("hostname", *service->hostname ? service->hostname : service->name, to);
	emit_unsigned("uid", service->user.uid, to);
	emit_unsigned("gid", service->user.gid, to);
	emit_unsigned("uid_base", (uint64_t)service->uid_base, to);
	emit_number("oom_score_adj", service->oom_score_adj, to);
	emit_number("nofile", service->nofile, to);
}

static void emit_life(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	static const char *const restart_names[] = {
		"SERVICE_RESTART_NO", "SERVICE_RESTART_ON_FAILURE", "SERVICE_RESTART_ALWAYS",
	};

	emit_list(spec, service, "after", "after_count", service->after.count, to);
	emit_list(spec, service, "before", "before_count", service->before.count, to);
	fprintf(to, "\t.restart = %s,\n", restart_names[service->restart]);
	emit_number("restart_delay_ms", service->restart_delay_ms, to);
	emit_number("restart_delay_max_ms", service->restart_delay_max_ms, to);
	emit_number("stop_timeout_ms", service->stop_timeout_ms, to);
	emit_number("stop_signal", service->stop_signal, to);
}

static void emit_network(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	static const char *const net_names[] = { "SERVICE_NET_PRIVATE", "SERVICE_NET_NONE" };

	fprintf(to, "\t.net = %s,\n", net_names[service->net]);
	if (service->address)
		emit_address(spec, "address", service->address, to);
	fputs("\t.mac = {", to);
	for (size_t i = 0; i < sizeof(service->mac); i++)
		fprintf(to, "%s0x%02x", i ? ", " : " ", service->mac[i]);
	fputs(" },\n", to);
}

static void emit_services(const struct spec *spec, FILE *to)
{
	uint64_t log_offset = 0;

	fputs("const struct service services[SERVICE_SLOTS] = {\n", to);
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		fprintf(to, "[%zu] = {\n", i);
		emit_process(spec, service, to);
		emit_life(spec, service, to);
		emit_list(spec, service, "limits", "limit_count", service->limits.count, to);
		emit_list(spec, service, "tmpfs", "tmpfs_count", service->tmpfs.count, to);
		emit_network(spec, service, to);
		fprintf(to, "\t.log_console = %s,\n", service->log_console ? "true" : "false");
		emit_unsigned("log_offset", log_offset, to);
		emit_unsigned("log_bytes", spec_log_bytes(service), to);
		fputs("},\n", to);
		log_offset += spec_log_bytes(service);
	}
	fputs("};\n", to);
}

static void emit_uplink(const struct spec *spec, FILE *to)
{
	const struct board_spec *own = &spec->board;

	if (!*own->uplink)
		return;
	emit_text("uplink", own->uplink, to);
	if (own->uplink_subnet.address) {
		emit_address(spec, "uplink_address", own->uplink_subnet.address, to);
		emit_number("uplink_prefix", own->uplink_subnet.prefix, to);
	}
	if (own->uplink_gateway)
		emit_address(spec, "uplink_gateway", own->uplink_gateway, to);
}

static void emit_board(const struct spec *spec, FILE *to)
{
	struct limits limits = use_limits_of_board(spec);

	literal_limits("board_limits", &limits, to);
	literal_words("board_modules", &spec->board.modules, to);
	literal_bytes("board_firewall", spec->firewall, spec->firewall_bytes, to);

	fputs("const struct board board = {\n", to);
	emit_address(spec, "bridge_address", spec->board.bridge.address, to);
	emit_number("bridge_prefix", spec->board.bridge.prefix, to);
	emit_uplink(spec, to);
	emit_number("shutdown_timeout_ms", spec->board.shutdown_timeout_s * 1000, to);
	if (limits.count)
		fprintf(to, "\t.limits = board_limits,\n\t.limit_count = %zu,\n",
			limits.count);
	fputs("\t.modules = board_modules,\n", to);
	if (spec->firewall_bytes)
		fputs("\t.firewall = board_firewall,\n"
		      "\t.firewall_bytes = sizeof(board_firewall),\n", to);
	fputs("};\n\n", to);
}

void emit_table(const struct spec *spec, FILE *to)
{
	fputs("/* Written by init/table from .config; any change here is lost. */\n"
	      "#include \"init/service.h\"\n"
	      "#include \"table.h\"\n\n", to);
	emit_board(spec, to);
	for (size_t i = 0; i < spec->count; i++)
		emit_lists(spec, &spec->services[i], to);
	emit_services(spec, to);
}

void emit_header(const struct spec *spec, FILE *to)
{
	uint64_t log_sum = 0;

	for (size_t i = 0; i < spec->count; i++)
		log_sum += spec_log_bytes(&spec->services[i]);
	fprintf(to, "/* Written by init/table from .config; any change here is lost. */\n"
		"#ifndef PITH_TABLE_H\n"
		"#define PITH_TABLE_H\n\n"
		"#define SERVICE_COUNT %zu\n"
		"#define SERVICE_SLOTS %zu\t/* for arrays: at least one */\n"
		"#define LOG_ARENA_BYTES %" PRIu64 "\n\n"
		"#endif\n", spec->count, spec->count ? spec->count : 1, log_sum ? log_sum : 1);
}

void emit_plan(const struct spec *spec, FILE *to)
{
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		fprintf(to, "root\t%s\t%" PRId64 "\n", service->name, service->uid_base);
		for (size_t j = 0; j < MOUNTS_OURS_COUNT; j++)
			fprintf(to, "dir\t%s\t%s\n", service->name, mounts_ours[j]);
		for (size_t j = 0; j < service->tmpfs.count; j++)
			fprintf(to, "dir\t%s\t%s\n", service->name, service->tmpfs.at[j].path);
	}
}
