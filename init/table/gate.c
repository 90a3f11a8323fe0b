/*
 * Holds what the table uses against the kernel's own .config, so that a kernel
 * without it fails the build and not the board.  Decides how that is said; what
 * needs what stands in gate_rows.c.  What only the running kernel can tell, such
 * as a controller that its command line switches off, PID 1 says at boot.
 */
#include "gate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dotconfig.h"

/* clone3 with CLONE_INTO_CGROUP, mount_setattr, cgroup.kill */
#define VERSION_MAJOR_MIN 5
#define VERSION_MINOR_MIN 15

/* The line with the version is the third; a build of one's own may put a word
 * of its own before it. */
#define VERSION_LINES 16

/* Services that are named besides the first one. */
#define NAMED_MAX 4

enum header {
	HEADER_EMPTY,
	HEADER_STRANGE,
	HEADER_FOUND,
};

struct kernel {
	char arch[16];
	unsigned int major, minor;
};

/* The line such as "# Linux/x86 6.1.0 Kernel Configuration". */
static enum header read_header(FILE *file, struct kernel *kernel)
{
	enum header header = HEADER_EMPTY;
	char *line = NULL;
	size_t room = 0;

	for (int i = 0; header != HEADER_FOUND && i < VERSION_LINES; i++) {
		if (getline(&line, &room, file) <= 0)
			break;
		header = sscanf(line, "# Linux/%15s %u.%u", kernel->arch, &kernel->major,
				&kernel->minor) == 3 &&
			strstr(line, " Kernel Configuration") ? HEADER_FOUND : HEADER_STRANGE;
	}
	free(line);
	return header;
}

/* The kernel's build calls both of x86 the same, unless it is told otherwise. */
static bool is_arch(const struct kernel *kernel, const char *arch)
{
	return !strcmp(kernel->arch, arch) ||
		(!strcmp(kernel->arch, "x86") && !strcmp(arch, "x86_64"));
}

unsigned int gate_kernel_version(const char *path)
{
	struct kernel kernel = { .arch = "" };
	FILE *file = path ? fopen(path, "re") : NULL;
	enum header header = HEADER_EMPTY;

	if (file) {
		header = read_header(file, &kernel);
		fclose(file);
	}
	return header == HEADER_FOUND ? kernel.major * 100 + kernel.minor : 0;
}

/* Whether the file is worth reading on. */
static bool check_header(struct spec *spec, const char *path)
{
	struct kernel kernel = { .arch = "" };
	FILE *file = fopen(path, "re");
	enum header header;

	if (!file) {
		report_error(spec->report, "%s: %s", path, strerror(errno));
		return false;
	}
	header = read_header(file, &kernel);
	fclose(file);
	if (header == HEADER_EMPTY)
		report_note(spec->report, "board: the kernel's .config is not at hand, so nobody "
			    "checks whether it has what the services need; name it in board.mk: "
			    "KERNEL_CONFIG := FILE");
	else if (header == HEADER_STRANGE)
		report_error(spec->report, "%s: has no line \"# Linux/... Kernel Configuration\" with "
			     "the version; give the .config that the kernel was built with", path);
	else if (!is_arch(&kernel, spec->arch))
		report_error(spec->report, "board: the kernel is for %s; take one for %s",
			     kernel.arch, spec->arch);
	else if (kernel.major < VERSION_MAJOR_MIN ||
		 (kernel.major == VERSION_MAJOR_MIN && kernel.minor < VERSION_MINOR_MIN))
		report_error(spec->report, "board: the kernel is %u.%u; take one from %d.%d on",
			     kernel.major, kernel.minor, VERSION_MAJOR_MIN, VERSION_MINOR_MIN);
	else
		return true;
	return false;
}

/* The kernel takes - and _ in a module's name for the same. */
static bool is_module(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t i = 0;

	while (name[i] && (base[i] == name[i] || (base[i] == '-' && name[i] == '_')))
		i++;
	return !name[i] && !strcmp(base + i, ".ko");
}

static bool is_loaded(const struct spec *spec, const char *module)
{
	for (size_t i = 0; i < spec->board.modules.count; i++)
		if (is_module(spec->board.modules.at[i], module))
			return true;
	return false;
}

/* What is wrong and what to write instead, as a phrase; NULL: the kernel has it. */
static const char *row_error(const struct spec *spec, const struct dotconfig *kernel,
			     const struct gate_row *row)
{
	const struct dotconfig_entry *entry = dotconfig_find(kernel, row->kernel);
	const char *comma = row->option && row->otherwise ? ", or " : "";
	const char *otherwise = row->option && row->otherwise ? row->otherwise : "";

	if (dotconfig_is_on(kernel, row->kernel))
		return NULL;
	if (!entry || strcmp(entry->value, "m"))
		return arena_printf(spec->arena, "the kernel has no CONFIG_%s; switch it on%s%s",
				    row->kernel, comma, otherwise);
	if (row->is_part)
		return NULL;
	if (!row->module)
		return arena_printf(spec->arena, "CONFIG_%s is a module of the kernel; build it in",
				    row->kernel);
	if (is_loaded(spec, row->module))
		return NULL;
	return arena_printf(spec->arena, "CONFIG_%s is a module of the kernel; add the line %s to "
			    "board/NAME/modules, or to modules in EXTERNAL%s%s", row->kernel,
			    row->module, comma, otherwise);
}

static bool needs(const struct service_spec *service, const struct gate_row *row)
{
	if (row->service)
		return row->service(service);
	for (size_t i = 0; row->file && i < service->cgroup.count; i++)
		if (!strncmp(service->cgroup.at[i].file, row->file, strlen(row->file)))
			return true;
	return false;
}

/* " (sensor, web too)": those from there on that need it as well. */
static const char *others(const struct spec *spec, const struct gate_row *row, size_t from)
{
	const char *text = "";
	size_t count = 0;

	for (size_t i = from; i < spec->count; i++)
		if (needs(&spec->services[i], row) && count++ < NAMED_MAX)
			text = arena_printf(spec->arena, "%s%s%s", text, *text ? ", " : "",
					    spec->services[i].name);
	if (!count)
		return "";
	if (count > NAMED_MAX)
		text = arena_printf(spec->arena, "%s and %zu more", text, count - NAMED_MAX);
	return arena_printf(spec->arena, " (%s too)", text);
}

/* The first that needs it; spec->count if none does. */
static size_t first_in_need(const struct spec *spec, const struct gate_row *row)
{
	size_t i = 0;

	while (i < spec->count && !needs(&spec->services[i], row))
		i++;
	return i;
}

static void check_row(struct spec *spec, const struct dotconfig *kernel,
		      const struct gate_row *row)
{
	const char *error = row_error(spec, kernel, row);
	size_t first = first_in_need(spec, row);

	if (!error || (first == spec->count && !(row->board && row->board(&spec->board))))
		return;
	if (row->is_wish)
		report_note(spec->report, "board: %s, if you can: %s", error, row->otherwise);
	else if (!row->option)
		report_error(spec->report, "board: %s: %s", error, row->otherwise);
	else if (first == spec->count)
		spec_board_error(spec, row->option, "%s", error);
	else
		spec_service_error(spec, &spec->services[first], row->option, "%s%s", error,
				   others(spec, row, first + 1));
}

/* Switched on when it was built, and off until its command line says otherwise. */
static void note_switches(struct spec *spec, const struct dotconfig *kernel)
{
	const struct dotconfig_entry *lsm = dotconfig_find(kernel, "LSM");
	bool sheds = false;

	for (size_t i = 0; i < spec->count; i++)
		sheds = sheds || spec->services[i].shed;
	if (sheds && dotconfig_is_on(kernel, "PSI_DEFAULT_DISABLED"))
		report_note(spec->report, "board: the kernel measures pressure only with psi=1 on its "
			    "command line, and SHED lives on that");
	if (spec->count && dotconfig_is_on(kernel, "SECURITY_LANDLOCK") && lsm &&
	    !strstr(lsm->value, "landlock"))
		report_note(spec->report, "board: the kernel's CONFIG_LSM lacks landlock; add it, if "
			    "you can: services go without this second wall");
}

void check_kernel(struct spec *spec, const char *path)
{
	unsigned int errors = spec->report->errors;
	struct dotconfig kernel;

	if (!path || !check_header(spec, path))
		return;
	kernel = dotconfig_read(spec->arena, spec->report, path);
	if (spec->report->errors > errors)
		return;
	for (size_t i = 0; i < gate_row_count; i++)
		check_row(spec, &kernel, &gate_rows[i]);
	note_switches(spec, &kernel);
}
