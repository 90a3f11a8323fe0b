/*
 * The board's row.  Decides which fields it has, and which of them make the
 * fingerprint of the network.
 */
#include "field.h"
#include "fingerprint.h"
#include "literal.h"
#include "rows.h"
#include "use.h"

static void write_network(const struct spec *spec, FILE *to)
{
	const struct board_spec *own = &spec->board;

	field_address(spec->arena, "bridge_address", own->bridge.address, to);
	field_number("bridge_prefix", own->bridge.prefix, to);
	if (!*own->uplink)
		return;
	field_text("uplink", own->uplink, to);
	if (own->uplink_subnet.address) {
		field_address(spec->arena, "uplink_address", own->uplink_subnet.address, to);
		field_number("uplink_prefix", own->uplink_subnet.prefix, to);
	}
	if (own->uplink_gateway)
		field_address(spec->arena, "uplink_gateway", own->uplink_gateway, to);
}

static uint64_t network_fingerprint(const struct spec *spec)
{
	struct fingerprint_text content;

	fingerprint_begin(&content);
	write_network(spec, content.to);
	literal_bytes("firewall", spec->firewall, spec->firewall_bytes, content.to);
	return fingerprint_end(&content);
}

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

/* What the table does not need is not linked. */
static void write_parts(const struct spec *spec, const struct places *shed, FILE *to)
{
	const struct {
		const char *name;
		bool needed;
	} rows[] = {
		{ "helper_part", true },
		{ "storage_part", *spec->board.data_label },
		{ "pressure_part", shed->count },
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

	write_parts(spec, &shed, to);
	literal_places("board_shed", &shed, to);
	literal_limits("board_limits", &limits, to);
	literal_words("board_modules", &spec->board.modules, to);
	literal_bytes("board_firewall", spec->firewall, spec->firewall_bytes, to);

	fputs("const struct board board = {\n", to);
	write_network(spec, to);
	field_number("shutdown_timeout_ms", spec->board.shutdown_timeout_s * 1000, to);
	field_number("watchdog_timeout_s", spec->board.watchdog_timeout_s, to);
	write_log(spec, to);
	write_data(spec, to);
	field_list("shed", "board_shed", "shed_count", shed.count, to);
	field_list("limits", "board_limits", "limit_count", limits.count, to);
	field_symbol("modules", "board_modules", to);
	if (spec->firewall_bytes) {
		field_symbol("firewall", "board_firewall", to);
		field_symbol("firewall_bytes", "sizeof(board_firewall)", to);
	}
	field_fingerprint("network_fingerprint", network_fingerprint(spec), to);
}
