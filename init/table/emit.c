/*
 * Writes the table as C, its sizes as a header and the image's plan.  Decides
 * the order and the layout; everything in it was decided before.
 */
#include "emit.h"

#include <inttypes.h>

#include "budget.h"
#include "field.h"
#include "fingerprint.h"
#include "mounts.h"
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
	struct budget budget = budget_of(spec);

	fprintf(to, "budget\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%d\n", budget.ram,
		budget.services, budget.reserve, spec->board.overcommit);
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];
		struct mount_points mounts = mounts_of(spec->arena, service);

		fprintf(to, "root\t%s\t%" PRId64 "\n", service->name, service->uid_base);
		for (size_t j = 0; j < mounts.count; j++)
			fprintf(to, "dir\t%s\t%s\n", service->name, mounts.at[j].path);
	}
}
