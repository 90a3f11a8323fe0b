/*
 * In a service's root there is room for what pith mounts and writes: nothing else is
 * in its place, and no link on the way there.  Which places these are, mounts.c and
 * files.c decide.
 */
#include <string.h>

#include "checks.h"
#include "files.h"
#include "inroot.h"
#include "mounts.h"

/* Where part, which is not missing, leads elsewhere or is not what it has to be; else
 * NULL.  rest is what follows it in the path. */
static const char *part_error(const struct spec *spec, const char *option, const char *part,
			      const char *rest, const struct inroot *found, bool is_file)
{
	if (strcmp(found->inside, part) && option)
		return arena_printf(spec->arena, "%s is a symbolic link to %s in the service's "
				    "root; write %s%s in %s or remove the link", part,
				    found->inside, strcmp(found->inside, "/") ? found->inside : "",
				    rest, option);
	if (strcmp(found->inside, part))
		return arena_printf(spec->arena, "%s%sa symbolic link to %s in the service's "
				    "root; remove the link", *rest ? part : "", *rest ? " is " : "",
				    found->inside);
	if (*rest || !is_file)
		return S_ISDIR(found->status.st_mode) ? NULL :
		       arena_printf(spec->arena, "%s is not a folder in the service's root; "
				    "remove it there", part);
	return S_ISREG(found->status.st_mode) && !option ? NULL :
	       arena_printf(spec->arena, "%s %s in the service's root; remove it there", part,
			    option ? "exists" : "is not a regular file");
}

/*
 * A mount point, or a file that pith writes, is made where it is missing, but never
 * through a link: what makes it, here and at each start, would have to be told where
 * it leads.
 */
static void check_point(const struct spec *spec, const struct service_spec *service,
			const char *what, const char *path, const char *option, bool is_file)
{
	const char *error = NULL;

	for (const char *end = path; *end && !error;) {
		struct inroot found;
		const char *part;
		int missing;

		end += 1 + strcspn(end + 1, "/");
		part = arena_copy(spec->arena, path, (size_t)(end - path));
		missing = inroot_resolve(spec->arena, spec_root(spec, service), part, NULL, &found);
		if (missing && !strcmp(found.inside, part))
			return;
		error = part_error(spec, option, part, end, &found, is_file);
	}
	if (error)
		report_error(spec->report, "%s: %s %s: %s", service->name, what, path, error);
}

static void check_file(const struct spec *spec, const struct service_spec *service,
		       const struct mount_points *mounts, const struct root_file *file)
{
	if (!files_tmpfs_of(mounts, file))
		check_point(spec, service, file->option ? "socket" : "file", file->path,
			    file->option, true);
}

static void check_service(const struct spec *spec, const struct service_spec *service)
{
	struct mount_points mounts = mounts_of(spec->arena, service);
	struct root_files files = files_of(spec, service);

	for (size_t i = 0; i < mounts.count; i++)
		check_point(spec, service, "mount point", mounts.at[i].path, mounts.at[i].option,
			    false);
	for (size_t i = 0; i < files.count; i++)
		check_file(spec, service, &mounts, &files.at[i]);
}

/* A root that is not there, root.c complains of. */
void check_points(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++)
		if (!spec->services[i].broken)
			check_service(spec, &spec->services[i]);
}
