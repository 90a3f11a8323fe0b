/*
 * Writes the table as C and its sizes as a header.  Decides the order and the
 * layout; everything in it was decided before.
 */
#include "emit.h"

#include <inttypes.h>

#include "field.h"
#include "../service.h"
#include "fingerprint.h"
#include "hosts.h"
#include "rows.h"
#include "rows_network.h"

/* What no service has is not even linked (init/has.h). */
static size_t sockets(const struct spec *spec, const struct service_spec *s)
{
	return rows_network_seen(spec, s) + hosts_need_leases(spec, s);
}

#define COUNT(of, what) \
	static size_t of(const struct spec *spec, const struct service_spec *s) \
	{ \
		(void)spec; \
		return what; \
	}
COUNT(listens, s->listen.count)
COUNT(routed, s->net == SERVICE_NET_PRIVATE)
COUNT(notifying, spec_notifies(s))
COUNT(reaped, s->init)
COUNT(filtered, s->filter != NULL)
COUNT(writable, s->writable != 0)
COUNT(tmpfs, s->tmpfs.count)
COUNT(volumes, s->volumes.count)
COUNT(devices, s->devices.count)

static const struct {
	const char *name;
	size_t (*of)(const struct spec *spec, const struct service_spec *s);
} counts[] = {
	{ "LISTEN", listens }, { "ROUTED", routed }, { "NOTIFY", notifying }, { "INIT", reaped },
	{ "FILTER", filtered }, { "WRITABLE", writable }, { "TMPFS", tmpfs },
	{ "VOLUME", volumes }, { "DEVICE", devices }, { "FILE", sockets },
};

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

/* Of the board */
static void write_image_counts(const struct spec *spec, FILE *to)
{
	size_t partitions = 0, rsa = 0, idmaps = 0;
	bool all = spec->board.image_check == IMAGE_CHECK_VERITY;

	for (size_t i = 0; i < spec->image_count; i++)
		partitions += spec->images[i].is_partition;
	for (size_t i = 0; i < spec->key_count; i++)
		rsa += spec->keys[i].is_rsa;
	for (size_t i = 0; i < spec->count; i++)
		idmaps += spec->services[i].idmap;
	fprintf(to, "\n/* Images of services, and keys whose signature counts */\n"
		"#define IMAGE_COUNT %zu\n"
		"#define IMAGE_SLOTS %zu\t/* for arrays: at least one */\n"
		"#define PARTITION_COUNT %zu\n"
		"#define VERITY_COUNT %zu\n"
		"#define IDMAP_COUNT %zu\n"
		"#define KEY_COUNT %zu\n"
		"#define RSA_KEY_COUNT %zu\n",
		spec->image_count, spec->image_count ? spec->image_count : 1, partitions,
		all ? spec->image_count : partitions, idmaps, spec->key_count, rsa);
}

static size_t sum(const struct spec *spec, size_t (*count)(const struct spec *,
							   const struct service_spec *))
{
	size_t all = 0;

	for (size_t i = 0; i < spec->count; i++)
		all += count(spec, &spec->services[i]);
	return all;
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
		"/* Of all services together */\n",
		spec->count, spec->count ? spec->count : 1, log_sum ? log_sum : 1);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		fprintf(to, "#define %s_COUNT %zu\n", counts[i].name, sum(spec, counts[i].of));
	write_image_counts(spec, to);
	fputs("\n#endif\n", to);
}
