/*
 * The subcommand that makes the table: reads, checks, decides, and writes
 * only if there was no error at all.
 */
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "commands.h"
#include "emit.h"
#include "environment.h"
#include "firewall_plan.h"
#include "gate.h"
#include "modules.h"
#include "number.h"
#include "output.h"
#include "seccomp.h"
#include "seccomp_calls.h"
#include "use.h"

struct generate_paths {
	const char *config, *roots, *modules, *kernel_config, *keys, *arch, *board, *time, *out;
	char **services;
	size_t service_count;
};

/* Each option takes the words that follow it, --services any number. */
static bool read_paths(const struct command_call *call, struct generate_paths *paths)
{
	const struct {
		const char *name;
		const char **path;
	} options[] = {
		{ "--config", &paths->config },
		{ "--roots", &paths->roots },
		{ "--modules", &paths->modules },
		{ "--kernel-config", &paths->kernel_config },
		{ "--keys", &paths->keys },
		{ "--arch", &paths->arch },
		{ "--board", &paths->board },
		{ "--time", &paths->time },
		{ "--out", &paths->out },
	};
	const size_t option_count = sizeof(options) / sizeof(options[0]);
	bool services = false;

	paths->services = arena_array(call->arena, (size_t)call->argc, sizeof(char *));
	for (int i = 1; i < call->argc; i++) {
		size_t option = 0;

		if (strncmp(call->argv[i], "--", 2)) {
			if (!services)
				return false;
			paths->services[paths->service_count++] = call->argv[i];
			continue;
		}
		services = !strcmp(call->argv[i], "--services");
		if (services)
			continue;
		while (option < option_count && strcmp(options[option].name, call->argv[i]))
			option++;
		if (option == option_count || *options[option].path || ++i == call->argc)
			return false;
		*options[option].path = call->argv[i];
	}
	return paths->config && paths->roots && paths->out && paths->service_count &&
	       paths->arch && seccomp_calls_of(call->arena, paths->arch);
}

static void write_outputs(const struct spec *spec, const char *directory)
{
	static const struct {
		const char *name;
		void (*emit)(const struct spec *spec, FILE *to);
	} files[] = {
		{ "table.c", emit_table }, { "table.h", emit_header }, { "image.plan", emit_plan },
	};
	enum { COUNT = sizeof(files) / sizeof(files[0]) };
	struct output outputs[COUNT] = { { .name = NULL } };

	for (int i = 0; i < COUNT; i++) {
		FILE *to = open_memstream(&outputs[i].text, &outputs[i].length);

		if (!to)
			abort();
		outputs[i].name = files[i].name;
		files[i].emit(spec, to);
		fclose(to);
	}
	output_write(spec->arena, spec->report, directory, outputs, COUNT);
	for (int i = 0; i < COUNT; i++)
		free(outputs[i].text);
}

/* Without it the board believes any clock. */
static void read_time(struct spec *spec, const char *time)
{
	uint64_t seconds = 0;

	if (time && (number_parse(time, strlen(time), &seconds) || seconds > INT64_MAX))
		report_error(spec->report, "--time %s: not a time; write the seconds since 1970 in "
			     "SOURCE_DATE_EPOCH, or leave it empty", time);
	else
		spec->board.clock_floor_s = (int64_t)seconds;
}

static void decide(struct spec *spec, const struct generate_paths *paths)
{
	spec_read(spec);
	check_oci(spec);
	read_time(spec, paths->time);
	spec->kernel_version = gate_kernel_version(paths->kernel_config);
	spec->board.modules = modules_read(spec->arena, spec->report, paths->modules);
	check_bridges(spec);
	check_uplinks(spec);
	check_subnets(spec);
	check_leases(spec);
	check_shares(spec);
	check_after(spec);
	check_addresses(spec);
	check_ports(spec);
	check_allow(spec);
	check_listen(spec);
	check_images(spec);
	check_keys(spec, paths->keys);
	check_ids(spec);
	check_life(spec);
	check_nesting(spec);
	check_trust(spec);
	check_sanity(spec);
	check_budget(spec);
	check_roots(spec);
	check_points(spec);
	check_seccomp(spec);
	check_kernel(spec, paths->kernel_config);
	for (size_t i = 0; i < spec->count; i++) {
		environment_complete(spec->arena, &spec->services[i]);
		use_collect_limits(spec->arena, &spec->services[i]);
	}
}

bool command_generate(const struct command_call *call)
{
	struct generate_paths paths = { .config = NULL };
	struct dotconfig config;
	struct folders folders;
	struct spec spec = { .arena = call->arena, .report = call->report };

	if (!read_paths(call, &paths))
		return false;
	config = dotconfig_read(call->arena, call->report, paths.config);
	folders = folders_read(call->arena, call->report, paths.services, paths.service_count);
	spec.config = &config;
	spec.folders = &folders;
	spec.roots = paths.roots;
	spec.arch = paths.arch;
	spec.name = paths.board;
	decide(&spec, &paths);
	if (!call->report->errors)
		firewall_make(&spec);
	if (!call->report->errors)
		write_outputs(&spec, paths.out);
	return true;
}
