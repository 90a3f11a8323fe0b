/*
 * Writes the table as C and its sizes as a header.  Decides the order and the
 * layout; everything in it was decided before.
 */
#include "emit.h"

#include <inttypes.h>

#include "field.h"
#include "fingerprint.h"
#include "rows.h"

/* The fingerprint of the whole is the last line of its last row: it covers
 * all that stands before it. */
void emit_table(const struct spec *spec, FILE *to)
{
	struct fingerprint_text table;

	fingerprint_begin(&table);
	fputs("/* Written by init/table from .config; any change here is lost. */\n"
	      "#include \"init/part.h\"\n"
	      "#include \"init/service.h\"\n"
	      "#include \"table.h\"\n\n", table.to);
	rows_of_services(spec, table.to);
	rows_of_board(spec, table.to);
	fflush(table.to);
	fwrite(table.text, 1, table.length, to);
	field_fingerprint("fingerprint", fingerprint_end(&table), to);
	fputs("};\n", to);
}

void emit_header(const struct spec *spec, FILE *to)
{
	uint64_t log_sum = spec_board_log_bytes(spec);
	size_t listens = 0;

	for (size_t i = 0; i < spec->count; i++) {
		log_sum += spec_log_bytes(&spec->services[i]);
		listens += spec->services[i].listen.count;
	}
	fprintf(to, "/* Written by init/table from .config; any change here is lost. */\n"
		"#ifndef PITH_TABLE_H\n"
		"#define PITH_TABLE_H\n\n"
		"#define SERVICE_COUNT %zu\n"
		"#define SERVICE_SLOTS %zu\t/* for arrays: at least one */\n"
		"#define LISTEN_COUNT %zu\n"
		"#define LOG_ARENA_BYTES %" PRIu64 "\n\n"
		"#endif\n", spec->count, spec->count ? spec->count : 1, listens,
		log_sum ? log_sum : 1);
}
