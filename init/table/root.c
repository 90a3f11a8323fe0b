/*
 * What a service names in its root is there: the program, its interpreter,
 * the working directory, the mount points.  Whether they do what they should
 * is for the board to show.
 */
#include <string.h>

#include "checks.h"
#include "inroot.h"
#include "interpreter.h"
#include "values.h"

/* Scripts may be interpreted by scripts; the kernel gives up after 4. */
#define INTERPRETERS_MAX 5

/* What every start mounts anew besides the TMPFS. */
static const char *const made_by_pith[] = { "/dev", "/proc", "/sys" };

#define MADE_BY_PITH (sizeof(made_by_pith) / sizeof(made_by_pith[0]))

static const char *root_of(const struct spec *spec, const struct service_spec *service)
{
	return arena_printf(spec->arena, "%s/%s", spec->roots, service->name);
}

/* The first of the folders made anew at each start that holds path, or NULL. */
static const char *fresh_folder_of(const struct service_spec *service, const char *path)
{
	for (size_t i = 0; i < MADE_BY_PITH + service->tmpfs.count; i++) {
		const char *folder = i < MADE_BY_PITH ? made_by_pith[i]
						      : service->tmpfs.at[i - MADE_BY_PITH].path;
		size_t length = strlen(folder);

		if (!strncmp(path, folder, length) && (path[length] == '/' || !path[length]))
			return folder;
	}
	return NULL;
}

static void check_executable(const struct spec *spec, const struct service_spec *service,
			     const char *path, const struct inroot *found)
{
	const char *folder = fresh_folder_of(service, found->inside);

	if (folder)
		spec_service_error(spec, service, "ARGV", "%s leads into %s, which is empty at "
				   "every start; install the program elsewhere", path, folder);
	else if (!S_ISREG(found->status.st_mode))
		spec_service_error(spec, service, "ARGV", "%s is not a regular file; write the "
				   "path of a program", path);
	else if (!(found->status.st_mode & 0111))
		spec_service_error(spec, service, "ARGV", "%s is not executable; give it mode 0755 "
				   "in the service's rootfs/ or mkrootfs", path);
}

static void check_program(const struct spec *spec, const struct service_spec *service)
{
	const char *path = service->argv.at[0], *needed_by = NULL;
	struct inroot found;

	for (int i = 0; path && i < INTERPRETERS_MAX; i++) {
		if (inroot_resolve(spec->arena, root_of(spec, service), path, &found)) {
			if (needed_by)
				spec_service_error(spec, service, "ARGV", "%s needs %s, which is "
						   "not in the service's root; install it there",
						   needed_by, path);
			else
				spec_service_error(spec, service, "ARGV", "%s is not in the "
						   "service's root; install it there or write "
						   "another path", path);
			return;
		}
		check_executable(spec, service, path, &found);
		needed_by = path;
		path = interpreter_of(spec->arena, found.outside);
	}
}

static void check_workdir(const struct spec *spec, const struct service_spec *service)
{
	const char *workdir = service->workdir;
	const char *folder = fresh_folder_of(service, workdir);
	struct inroot found;

	if (folder && !strcmp(folder, workdir))
		return;
	if (folder)
		spec_service_error(spec, service, "WORKDIR", "%s is empty at every start; write "
				   "\"%s\" or a folder of the root", folder, folder);
	else if (inroot_resolve(spec->arena, root_of(spec, service), workdir, &found))
		spec_service_error(spec, service, "WORKDIR", "not in the service's root; make the "
				   "folder there or write another");
	else if (!S_ISDIR(found.status.st_mode))
		spec_service_error(spec, service, "WORKDIR", "not a folder; write one");
}

/*
 * A mount point is made where it is missing, but never through a link: what
 * makes it, here and at each start, would have to be told where it leads.
 */
static void check_mount_point(const struct spec *spec, const struct service_spec *service,
			      const char *path)
{
	const char *error = NULL;

	for (const char *end = path; *end && !error;) {
		struct inroot found;
		const char *part;
		int missing;

		end += 1 + strcspn(end + 1, "/");
		part = arena_copy(spec->arena, path, (size_t)(end - path));
		missing = inroot_resolve(spec->arena, root_of(spec, service), part, &found);
		if (strcmp(found.inside, part))
			error = arena_printf(spec->arena, "%s is a symbolic link to %s in the "
					     "service's root; write %s%s in TMPFS or remove "
					     "the link", part,
					     found.inside,
					     strcmp(found.inside, "/") ? found.inside : "", end);
		else if (missing)
			return;
		else if (!S_ISDIR(found.status.st_mode))
			error = arena_printf(spec->arena, "%s is not a folder in the service's "
					     "root; remove it there", part);
	}
	if (error)
		report_error(spec->report, "%s: mount point %s: %s", service->name, path, error);
}

static bool has_root(const struct spec *spec, const struct service_spec *service)
{
	struct inroot found;

	if (!inroot_resolve(spec->arena, root_of(spec, service), "/", &found) &&
	    S_ISDIR(found.status.st_mode))
		return true;
	report_error(spec->report, "%s: %s is missing; fill the service's root from its rootfs/ or "
		     "mkrootfs", service->name, root_of(spec, service));
	return false;
}

void check_roots(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		const struct service_spec *service = &spec->services[i];

		if (!has_root(spec, service))
			continue;
		if (service->argv.count && *service->argv.at[0] == '/')
			check_program(spec, service);
		if (!values_path_error(service->workdir))
			check_workdir(spec, service);
		for (size_t j = 0; j < MADE_BY_PITH; j++)
			check_mount_point(spec, service, made_by_pith[j]);
		for (size_t j = 0; j < service->tmpfs.count; j++)
			check_mount_point(spec, service, service->tmpfs.at[j].path);
	}
}
