/*
 * Values that contradict each other, or that leave less than a start needs.
 * Each by itself was read without complaint.
 */
#include "checks.h"
#include "size.h"
#include "use.h"

/* A start was seen to work with 96 KiB; a program wants some as well. */
#define MEMORY_LEAST (UINT64_C(256) << 10)

/* A layer has a root and the two folders of an overlay; a page for each thing
 * that is written comes on top. */
#define WRITABLE_LEAST (UINT64_C(64) << 10)

/* The option's default, which nobody need have written. */
#define CPU_WEIGHT_USUAL 100

/* The rings lie in a memfd that PID 1 maps whole, as a client does: on a 32-bit
 * board that has to fit into what a process can address.  log_offset has 32
 * bits. */
#define LOG_ARENA_MAX (UINT64_C(1) << 30)

static bool memory_is_enough(const struct spec *spec, const struct service_spec *service)
{
	if (service->memory_max >= MEMORY_LEAST)
		return true;
	spec_service_error(spec, service, "MEMORY_MAX", "%s; write at least \"256K\"",
			   service->memory_max ? "less than a start needs"
					       : "every service has a limit");
	return false;
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

	if (service->memory_high && service->memory_high < MEMORY_LEAST)
		spec_service_error(spec, service, "MEMORY_HIGH", "less than a start needs; write "
				   "at least \"256K\", or leave it empty");
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++)
		if (below[i].bytes > service->memory_max)
			spec_service_error(spec, service, below[i].option, "more than its "
					   "MEMORY_MAX; write at most \"%s\"",
					   size_text(spec->arena, service->memory_max));
}

/* Their pages count against MEMORY_MAX.  All of them together may be larger:
 * not all of them need be full. */
static void check_folders_in_memory(const struct spec *spec, const struct service_spec *service)
{
	const struct tmpfs *at = service->tmpfs.at;
	const char *max = size_text(spec->arena, service->memory_max);

	for (size_t i = 0; i < service->tmpfs.count; i++)
		if (at[i].bytes > service->memory_max)
			spec_service_error(spec, service, "TMPFS", "%s is larger than its "
					   "MEMORY_MAX, against which it counts; write at most %s",
					   at[i].path, max);
	if (service->writable && service->writable < WRITABLE_LEAST)
		spec_service_error(spec, service, "WRITABLE", "less than a layer needs; write at "
				   "least \"64K\", or leave it empty");
	else if (service->writable >= service->memory_max)
		spec_service_error(spec, service, "WRITABLE", "not below its MEMORY_MAX, against "
				   "which it counts; write less than \"%s\"", max);
}

static void check_idle(const struct spec *spec, const struct service_spec *service)
{
	if (service->cpu_weight && service->cpu_weight != CPU_WEIGHT_USUAL && use_is_idle(service))
		spec_service_error(spec, service, "CPU_WEIGHT", "counts for nothing beside "
				   "cpu.idle in its CGROUP; write 0, or leave cpu.idle out");
}

static void check_volumes(const struct spec *spec, const struct service_spec *service)
{
	if (service->volumes.count && !spec->board.broken && !*spec->board.data_label)
		spec_service_error(spec, service, "VOLUMES", "the board has no partition for them; "
				   "write its label in CONFIG_DATA, or leave it empty");
}

static void check_shed(const struct spec *spec, const struct service_spec *service)
{
	if (service->shed && service->vital)
		spec_service_error(spec, service, "SHED", "its VITAL says that the board cannot do "
				   "without it; write 0, or leave VITAL off");
}

static void check_service(const struct spec *spec, const struct service_spec *service)
{
	if (memory_is_enough(spec, service)) {
		check_memory(spec, service);
		check_folders_in_memory(spec, service);
	}
	check_idle(spec, service);
	check_volumes(spec, service);
	check_shed(spec, service);
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

static void check_client(const struct spec *spec)
{
	const struct board_spec *own = &spec->board;
	const struct {
		const char *option, *instead;
		bool wanted;
	} rows[] = {
		{ "LOG_KMSG", "# CONFIG_LOG_KMSG is not set", own->log_kmsg },
		{ "LOG_FILE", "CONFIG_LOG_FILE=\"\"", *own->log_file },
		{ "TOOLBOX", "# CONFIG_TOOLBOX is not set", own->toolbox },
		{ "UPDATE_CONFIRM_S", "0", own->confirm_s },
		{ "UPDATE_ROLLBACK", "# CONFIG_UPDATE_ROLLBACK is not set", own->rollback },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !own->client; i++)
		if (rows[i].wanted)
			spec_board_error(spec, rows[i].option, "that is the client's work, and CLIENT "
					 "is off; write %s", rows[i].instead);
}

void check_sanity(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		if (!spec->services[i].broken)
			check_service(spec, &spec->services[i]);
	check_log_arena(spec);
	if (!spec->board.broken)
		check_client(spec);
	if (spec->board.production && spec->board.debug_shell)
		spec_board_error(spec, "DEBUG_SHELL", "PRODUCTION forbids a root shell; write "
				 "# CONFIG_DEBUG_SHELL is not set");
	if (spec->board.production && spec->board.toolbox)
		spec_board_error(spec, "TOOLBOX", "PRODUCTION forbids a shell in every service; "
				 "write # CONFIG_TOOLBOX is not set");
}
