/*
 * The services' rows.  Decides which fields a row has, and which of them make
 * its fingerprint: what a running service was made from, but neither its place
 * in the table nor the others'.
 */
#include <inttypes.h>

#include "../service.h"
#include "caps.h"
#include "field.h"
#include "fingerprint.h"
#include "literal.h"
#include "rows.h"
#include "rows_network.h"
#include "seccomp.h"

/* The lists that have no places of other services. */
static void write_lists(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	struct arena *arena = spec->arena;
	const char *name = service->name;

	literal_words(literal_symbol(arena, "argv", name), &service->argv, to);
	literal_words(literal_symbol(arena, "envp", name), &service->env, to);
	literal_limits(literal_symbol(arena, "limits", name), &service->limits, to);
	literal_tmpfs(literal_symbol(arena, "tmpfs", name), &service->tmpfs, to);
	literal_volumes(arena, literal_symbol(arena, "volumes", name), name, &service->volumes, to);
	literal_devices(literal_symbol(arena, "devices", name), &service->devices, to);
	rows_network_sockets(spec, service, to);
}

/* A list is called as its field, followed by the service. */
static void write_list(const struct spec *spec, const struct service_spec *service,
		       const char *field, const char *count_field, size_t count, FILE *to)
{
	field_list(field, literal_symbol(spec->arena, field, service->name), count_field, count,
		   to);
}

static void write_process(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	field_text("name", service->name, to);
	if (!service->image)
		field_text("root", arena_printf(spec->arena, "/services/%s", service->folder->name),
			   to);
	else
		field_flag("idmap", service->idmap, to);
	field_symbol("argv", literal_symbol(spec->arena, "argv", service->name), to);
	field_symbol("envp", literal_symbol(spec->arena, "envp", service->name), to);
	field_text("workdir", service->workdir, to);
	field_text("hostname", *service->hostname ? service->hostname : service->name, to);
	field_unsigned("uid", service->user.uid, to);
	field_unsigned("gid", service->user.gid, to);
	field_unsigned("uid_base", (uint64_t)service->uid_base, to);
	field_flag("userns", service->userns, to);
	if (service->caps)
		fprintf(to, "\t.caps = 0x%" PRIx64 "ull,\t/* %s */\n", service->caps,
			caps_names(spec->arena, service->caps));
	field_number("oom_score_adj", service->oom_score_adj, to);
	field_number("nofile", service->nofile, to);
}

static void write_life(const struct service_spec *service, FILE *to)
{
	static const char *const types[] = { "SERVICE_TYPE_SERVICE", "SERVICE_TYPE_ONESHOT" };
	static const char *const readies[] = { "SERVICE_READY_EXEC", "SERVICE_READY_NOTIFY" };
	static const char *const restarts[] = {
		"SERVICE_RESTART_NO", "SERVICE_RESTART_ON_FAILURE", "SERVICE_RESTART_ALWAYS",
	};
	static const char *const on_limits[] = {
		"SERVICE_ON_LIMIT_STOP", "SERVICE_ON_LIMIT_REBOOT",
	};

	field_symbol("type", types[service->type], to);
	field_symbol("ready", readies[service->ready], to);
	field_number("start_timeout_ms", service->start_timeout_ms, to);
	field_symbol("restart", restarts[service->restart], to);
	field_number("restart_delay_ms", service->restart_delay_ms, to);
	field_number("restart_delay_max_ms", service->restart_delay_max_ms, to);
	field_number("start_limit", service->start_limit, to);
	field_number("start_limit_window_ms", service->start_limit_window_s * 1000, to);
	field_symbol("on_limit", on_limits[service->on_limit], to);
	field_number("stop_timeout_ms", service->stop_timeout_ms, to);
	field_number("stop_signal", service->stop_signal, to);
	field_number("watchdog_ms", service->watchdog_ms, to);
	field_flag("notify", spec_notifies(service), to);
	field_flag("vital", service->vital, to);
	field_flag("init", service->init, to);
	field_number("shed", service->shed, to);
}

/* The part of a row that says the same wherever the row stands. */
static void write_content(const struct spec *spec, const struct service_spec *service, FILE *to)
{
	write_process(spec, service, to);
	write_life(service, to);
	write_list(spec, service, "limits", "limit_count", service->limits.count, to);
	if (service->writable)
		field_text("writable", arena_printf(spec->arena, "%" PRIu64, service->writable),
			   to);
	write_list(spec, service, "tmpfs", "tmpfs_count", service->tmpfs.count, to);
	write_list(spec, service, "volumes", "volume_count", service->volumes.count, to);
	write_list(spec, service, "devices", "device_count", service->devices.count, to);
	rows_network_content(spec, service, to);
	field_flag("log_console", service->log_console, to);
	field_number("log_rate", service->log_rate, to);
	field_unsigned("log_bytes", spec_log_bytes(service), to);
}

/* AFTER counts by its names.  Volumes lie on the board's partition.  Who shares a
 * network starts anew when its owner does; an owner shares none. */
static uint64_t content_fingerprint(const struct spec *spec, const struct service_spec *service)
{
	const struct service_spec *owner = &spec->services[service->net_of];
	struct fingerprint_text content;

	fingerprint_begin(&content);
	write_lists(spec, service, content.to);
	write_content(spec, service, content.to);
	seccomp_write_content(spec, service, content.to);
	if (service->image) {
		field_text("image", service->root_name, content.to);
		field_number("root", service->root, content.to);
	}
	literal_words("after", &service->after_names, content.to);
	rows_network_made_from(spec, service, content.to);
	if (service->net == SERVICE_NET_SHARE)
		field_fingerprint("net_of", content_fingerprint(spec, owner), content.to);
	if (service->volumes.count) {
		field_text("data_label", spec->board.data_label, content.to);
		field_number("data_type", spec->board.data_type, content.to);
	}
	return fingerprint_end(&content);
}

static void write_row(const struct spec *spec, const struct service_spec *service,
		      uint64_t log_offset, FILE *to)
{
	write_content(spec, service, to);
	if (service->image)
		field_unsigned("image", service->image, to);
	write_list(spec, service, "after", "after_count", service->after.count, to);
	write_list(spec, service, "before", "before_count", service->before.count, to);
	rows_network_places(spec, service, to);
	seccomp_write_fields(spec, service, to);
	field_unsigned("log_offset", log_offset, to);
	field_fingerprint("fingerprint", content_fingerprint(spec, service), to);
}

void rows_of_services(const struct spec *spec, FILE *to)
{
	uint64_t log_offset = spec_board_log_bytes(spec);

	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		write_lists(spec, service, to);
		literal_places(literal_symbol(spec->arena, "after", service->name),
			       &service->after, to);
		literal_places(literal_symbol(spec->arena, "before", service->name),
			       &service->before, to);
		rows_network_lists(spec, service, to);
	}
	seccomp_write_filters(spec, to);
	fputs("const struct service services[SERVICE_SLOTS] = {\n", to);
	for (size_t i = 0; i < spec->count; i++) {
		fprintf(to, "[%zu] = {\n", i);
		write_row(spec, &spec->services[i], log_offset, to);
		fputs("},\n", to);
		log_offset += spec_log_bytes(&spec->services[i]);
	}
	fputs("};\n\n", to);
}
