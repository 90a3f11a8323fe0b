/*
 * The board's row.  Decides which fields it has; those of the network, and their
 * fingerprint, are rows_links.c's.
 */
#include "../service.h"
#include "field.h"
#include "literal.h"
#include "pack.h"
#include "rows.h"
#include "rows_images.h"
#include "rows_links.h"
#include "use.h"

/* PID 1's own ring is the first in the arena. */
static void write_log(const struct spec *spec, FILE *to)
{
	const struct board_spec *own = &spec->board;

	field_flag("log_kmsg", own->log_kmsg, to);
	if (*own->log_file) {
		field_text("log_file", own->log_file, to);
		field_unsigned("log_file_bytes", (uint64_t)own->log_file_kb << 10, to);
		field_number("log_files", own->log_files, to);
	}
	field_unsigned("log_offset", 0, to);
	field_unsigned("log_bytes", spec_board_log_bytes(spec), to);
}

static void write_data(const struct spec *spec, FILE *to)
{
	static const char *const types[] = { "ext4", "f2fs" };

	if (!*spec->board.data_label)
		return;
	field_text("data_label", spec->board.data_label, to);
	field_text("data_type", types[spec->board.data_type], to);
}

/* The places of those with a SHED, by it and then by their places. */
static struct places shed_order(const struct spec *spec)
{
	struct places places = { arena_array(spec->arena, spec->count, sizeof(*places.at)), 0 };

	for (size_t i = 0; i < spec->count; i++) {
		size_t at = places.count;

		if (!spec->services[i].shed)
			continue;
		for (; at && spec->services[places.at[at - 1]].shed > spec->services[i].shed; at--)
			places.at[at] = places.at[at - 1];
		places.at[at] = (uint16_t)i;
		places.count++;
	}
	return places;
}

static bool needs_helper(const struct board_spec *own)
{
	return own->debug_shell || own->log_kmsg || *own->log_file;
}

/* Its own lo, bridges and uplinks, and what the services' networks begin with. */
static bool needs_network(const struct spec *spec)
{
	if (spec->board.uplink_count || spec->board.more_bridges.count || spec->board.open.count)
		return true;
	for (size_t i = 0; i < spec->count; i++)
		if (spec->services[i].net != SERVICE_NET_NONE)
			return true;
	return false;
}

/* What the table does not need is not linked. */
static void write_parts(const struct spec *spec, const struct places *shed, FILE *to)
{
	const struct {
		const char *name;
		bool needed;
	} rows[] = {
		{ "network_part", needs_network(spec) },
		{ "control_part", spec->board.client },
		{ "helper_part", needs_helper(&spec->board) },
		{ "storage_part", *spec->board.data_label },
		{ "images_part", spec->image_count },
		{ "pressure_part", shed->count },
		{ "uplinks_part", spec->board.uplink_count },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].needed)
			fprintf(to, "extern const struct part %s;\n", rows[i].name);
	fputs("const struct part *const parts[] = {\n", to);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].needed)
			fprintf(to, "\t&%s,\n", rows[i].name);
	fputs("\tNULL,\n};\n", to);
}

void rows_of_board(const struct spec *spec, FILE *to)
{
	struct limits limits = use_limits_of_board(spec);
	struct places shed = shed_order(spec);
	const uint8_t *firewall = NULL;
	size_t packed = 0;

	write_parts(spec, &shed, to);
	literal_places("board_shed", &shed, to);
	literal_limits("board_limits", &limits, to);
	literal_words("board_modules", &spec->board.modules, to);
	if (spec->firewall_bytes)
		firewall = pack(spec->arena, spec->firewall, spec->firewall_bytes, &packed);
	literal_bytes("board_firewall", firewall, packed, to);

	rows_of_images(spec, to);
	rows_of_links(spec, to);
	fputs("const struct board board = {\n", to);
	rows_links_fields(spec, to);
	if (spec->board.resolv_conf)
		field_text("resolv_conf", spec->board.resolv_conf, to);
	field_unsigned("clock_floor_s", (uint64_t)spec->board.clock_floor_s, to);
	field_number("shutdown_timeout_ms", spec->board.shutdown_timeout_s * 1000, to);
	field_number("watchdog_timeout_s", spec->board.watchdog_timeout_s, to);
	write_log(spec, to);
	write_data(spec, to);
	rows_images_fields(spec, to);
	field_list("shed", "board_shed", "shed_count", shed.count, to);
	field_list("limits", "board_limits", "limit_count", limits.count, to);
	field_symbol("modules", "board_modules", to);
	if (spec->firewall_bytes) {
		field_symbol("firewall", "board_firewall", to);
		field_symbol("firewall_packed", "sizeof(board_firewall)", to);
		field_unsigned("firewall_bytes", spec->firewall_bytes, to);
	}
	field_fingerprint("network_fingerprint", rows_links_fingerprint(spec), to);
}
