/*
 * Values that contradict each other, or that leave less than a start needs.
 * Each by itself was read without complaint.
 */
#include <inttypes.h>
#include <string.h>

#include "checks.h"
#include "mounts.h"

/* A start was seen to work with 96 KiB; a program wants some as well. */
#define MEMORY_LEAST (UINT64_C(256) << 10)

/* The rings lie in a memfd that PID 1 maps whole, as a client does: on a 32-bit
 * board that has to fit into what a process can address.  log_offset has 32
 * bits. */
#define LOG_ARENA_MAX (UINT64_C(1) << 30)

/* "20M", "1536K" or bytes, whichever is exact. */
static const char *size_text(struct arena *arena, uint64_t bytes)
{
	static const char letters[] = { 0, 'K', 'M', 'G' };
	unsigned int scale = 0;

	while (scale < 3 && bytes && !(bytes & 1023)) {
		bytes >>= 10;
		scale++;
	}
	return arena_printf(arena, "%" PRIu64 "%.1s", bytes, &letters[scale]);
}

static void check_memory(const struct spec *spec, const struct service_spec *service)
{
	const struct {
		const char *option;
		uint64_t bytes;
	} below[] = {
		{ "MEMORY_HIGH", service->memory_high },
		{ "MEMORY_LOW", service->memory_low },
		{ "MEMORY_MIN", service->memory_min },
	};

	if (service->memory_max < MEMORY_LEAST) {
		spec_service_error(spec, service, "MEMORY_MAX", "%s; write at least \"256K\"",
				   service->memory_max ? "less than a start needs"
						       : "every service has a limit");
		return;
	}
	if (service->memory_high && service->memory_high < MEMORY_LEAST)
		spec_service_error(spec, service, "MEMORY_HIGH", "less than a start needs; write "
				   "at least \"256K\", or leave it empty");
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++)
		if (below[i].bytes > service->memory_max)
			spec_service_error(spec, service, below[i].option, "more than its "
					   "MEMORY_MAX; write at most \"%s\"",
					   size_text(spec->arena, service->memory_max));
}

/* Twins are found at the second, a folder in another one at the inner. */
static void check_two_tmpfs(const struct spec *spec, const struct service_spec *service,
			    const char *path, const char *other, bool is_second)
{
	if (!strcmp(path, other)) {
		if (is_second)
			spec_service_error(spec, service, "TMPFS", "%s stands there twice; remove "
					   "one of the two", path);
	} else if (mounts_is_beneath(path, other)) {
		spec_service_error(spec, service, "TMPFS", "%s lies in %s, which is empty at every "
				   "start; leave it out", path, other);
	}
}

static void check_tmpfs(const struct spec *spec, const struct service_spec *service)
{
	const struct tmpfs *at = service->tmpfs.at;

	for (size_t i = 0; i < service->tmpfs.count; i++) {
		for (size_t j = 0; j < MOUNTS_OURS_COUNT; j++)
			if (mounts_is_beneath(at[i].path, mounts_ours[j]))
				spec_service_error(spec, service, "TMPFS", "%s is made by pith; "
						   "leave it out", at[i].path);
		for (size_t j = 0; j < service->tmpfs.count; j++)
			if (j != i)
				check_two_tmpfs(spec, service, at[i].path, at[j].path, j < i);
	}
}

static void check_service(const struct spec *spec, const struct service_spec *service)
{
	check_memory(spec, service);
	check_tmpfs(spec, service);
}

/*
 * TMPFS needs no term here: its pages count against MEMORY_MAX.  The logs are
 * PID 1's memory and count beside it.  Who overcommits bets that services give
 * memory back; of MEMORY_MIN and the logs they never do.
 */
static void check_board_memory(const struct spec *spec)
{
	uint64_t ram = (uint64_t)spec->board.ram_mb << 20;
	uint64_t max = spec_board_log_bytes(spec), kept = max;

	for (size_t i = 0; i < spec->count; i++) {
		uint64_t log = spec_log_bytes(&spec->services[i]);

		max += spec->services[i].memory_max + log;
		kept += spec->services[i].memory_min + log;
	}
	if (!spec->board.overcommit && max > ram)
		spec_board_error(spec, "RAM_MB", "the services' MEMORY_MAX and all LOG_KB add up "
				 "to %s; write less there, or CONFIG_OVERCOMMIT=y if they never "
				 "peak together", size_text(spec->arena, max));
	else if (kept > ram)
		spec_board_error(spec, "RAM_MB", "the services' MEMORY_MIN and all LOG_KB, which "
				 "are never taken back, add up to %s; write less there",
				 size_text(spec->arena, kept));
}

/* Said once, of the first for which no room is left. */
static void check_log_arena(const struct spec *spec)
{
	uint64_t sum = spec_board_log_bytes(spec);

	for (size_t i = 0; i < spec->count; i++) {
		sum += spec_log_bytes(&spec->services[i]);
		if (sum <= LOG_ARENA_MAX)
			continue;
		spec_service_error(spec, &spec->services[i], "LOG_KB", "all LOG_KB, the board's "
				   "as well, add up to more than %s, which is all that PID 1 has "
				   "room for; write less", size_text(spec->arena, LOG_ARENA_MAX));
		return;
	}
}

void check_sanity(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		if (!spec->services[i].broken)
			check_service(spec, &spec->services[i]);
	check_log_arena(spec);
	if (spec->board.ram_mb)
		check_board_memory(spec);
	if (spec->board.production && spec->board.debug_shell)
		spec_board_error(spec, "DEBUG_SHELL", "PRODUCTION forbids a root shell; write "
				 "# CONFIG_DEBUG_SHELL is not set");
	if (spec->board.production && spec->board.toolbox)
		spec_board_error(spec, "TOOLBOX", "PRODUCTION forbids a shell in every service; "
				 "write # CONFIG_TOOLBOX is not set");
}
