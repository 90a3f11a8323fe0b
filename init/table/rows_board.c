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

void rows_of_board(const struct spec *spec, FILE *to)
{
	struct limits limits = use_limits_of_board(spec);

	literal_limits("board_limits", &limits, to);
	literal_words("board_modules", &spec->board.modules, to);
	literal_bytes("board_firewall", spec->firewall, spec->firewall_bytes, to);

	fputs("const struct board board = {\n", to);
	write_network(spec, to);
	field_number("shutdown_timeout_ms", spec->board.shutdown_timeout_s * 1000, to);
	field_number("watchdog_timeout_s", spec->board.watchdog_timeout_s, to);
	write_log(spec, to);
	field_list("limits", "board_limits", "limit_count", limits.count, to);
	field_symbol("modules", "board_modules", to);
	if (spec->firewall_bytes) {
		field_symbol("firewall", "board_firewall", to);
		field_symbol("firewall_bytes", "sizeof(board_firewall)", to);
	}
	field_fingerprint("network_fingerprint", network_fingerprint(spec), to);
}
