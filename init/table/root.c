/*
 * What a service names in its root is there: the program, its interpreter and
 * the working directory.  Whether they do what they should is for the board to
 * show; whether there is room for what is mounted, points.c decides.
 */
#include <string.h>

#include "checks.h"
#include "inroot.h"
#include "interpreter.h"
#include "mounts.h"

/* So many scripts may be interpreted by the next one until a program has to
 * come: exec_binprm() in the kernel's fs/exec.c. */
#define SCRIPTS_MAX 5

/* A root that several have is nobody's. */
static struct inroot_user user_of(const struct service_spec *service)
{
	return (struct inroot_user){
		service->user.uid, service->user.gid, service->lease_of || service->is_nobodys,
		&service->owners,
	};
}

static int resolve_as_user(const struct spec *spec, const struct service_spec *service,
			   const char *path, struct inroot *found)
{
	const struct inroot_user user = user_of(service);

	return inroot_resolve(spec->arena, spec_root(spec, service), path, &user, found);
}

static bool may_execute(const struct service_spec *service, const struct inroot *found)
{
	const struct inroot_user user = user_of(service);

	return inroot_rights(&user, found->inside, found->status.st_mode) & 1;
}

static bool may_read(const struct service_spec *service, const struct inroot *found)
{
	const struct inroot_user user = user_of(service);

	return inroot_rights(&user, found->inside, found->status.st_mode) & 4;
}

/*
 * A program that lies where something is mounted is hidden by it, or is one
 * that the root does not hold, such as /proc/self/exe.  Returns true if it lies
 * elsewhere.
 */
static bool check_place(const struct spec *spec, const struct service_spec *service,
			const char *path, const struct inroot *found)
{
	struct mount_points mounts = mounts_of(spec->arena, service);
	const struct mount_point *mount = mounts_find(&mounts, found->inside);

	if (mount)
		spec_service_error(spec, service, "ARGV", "%s leads into %s, which %s; install the "
				   "program elsewhere", path, mount->path, mount->content);
	return !mount;
}

/* True if there is nothing to complain about. */
static bool check_executable(const struct spec *spec, const struct service_spec *service,
			     const char *path, const struct inroot *found)
{
	if (!S_ISREG(found->status.st_mode))
		spec_service_error(spec, service, "ARGV", "%s is not a regular file; write the "
				   "path of a program", path);
	else if (!may_execute(service, found))
		spec_service_error(spec, service, "ARGV", "%s is not executable for its USER; give "
				   "it mode 0755 in the service's rootfs/ or mkrootfs", path);
	else if (found->closed)
		spec_service_error(spec, service, "ARGV", "%s lies beyond %s, which its USER may "
				   "not enter; give that folder mode 0755 in the service's rootfs/ "
				   "or mkrootfs", path, found->closed);
	else
		return true;
	return false;
}

static void missing_error(const struct spec *spec, const struct service_spec *service,
			  const char *path, const char *needed_by)
{
	if (needed_by)
		spec_service_error(spec, service, "ARGV", "%s needs %s, which is not in the "
				   "service's root; install it there", needed_by, path);
	else
		spec_service_error(spec, service, "ARGV", "%s is not in the service's root; "
				   "install it there or write another path", path);
}

/* The kernel reads programs and loaders by itself, but it is the interpreter,
 * with USER's rights, that opens a script. */
static void check_script(const struct spec *spec, const struct service_spec *service,
			 const char *path, const struct inroot *found)
{
	if (!may_read(service, found))
		spec_service_error(spec, service, "ARGV", "%s is a script that its USER may not "
				   "read; give it mode 0755 in the service's rootfs/ or mkrootfs",
				   path);
}

/* From the program over what interprets it to what the kernel can run. */
static void check_program(const struct spec *spec, const struct service_spec *service)
{
	const char *path = service->argv.at[0], *needed_by = NULL;
	bool is_script = true;	/* the last file was, or it is the first */

	for (unsigned int scripts = 0; path; scripts++) {
		struct inroot found;
		bool was_script = is_script;
		int missing = resolve_as_user(spec, service, path, &found);

		if (!check_place(spec, service, path, &found))
			return;
		if (missing) {
			missing_error(spec, service, path, needed_by);
			return;
		}
		if (!check_executable(spec, service, path, &found))
			return;
		needed_by = path;
		path = interpreter_of(spec->arena, found.outside, &is_script);
		if (is_script)
			check_script(spec, service, needed_by, &found);
		if (!was_script)
			return;		/* a loader, for which nobody loads another */
		if (path && is_script && scripts == SCRIPTS_MAX) {
			spec_service_error(spec, service, "ARGV", "%s needs %s, and the kernel "
					   "follows no more than %d scripts in a row; name a "
					   "program that is no script", needed_by, path,
					   SCRIPTS_MAX);
			return;
		}
	}
}

static void check_folder_of_root(const struct spec *spec, const struct service_spec *service,
				 const struct inroot *found)
{
	const char *closed = found->closed;

	if (!S_ISDIR(found->status.st_mode)) {
		spec_service_error(spec, service, "WORKDIR", "not a folder; write one");
		return;
	}
	if (!closed && !may_execute(service, found))
		closed = found->inside;
	if (closed)
		spec_service_error(spec, service, "WORKDIR", "its USER may not enter %s; give that "
				   "folder mode 0755 in the service's rootfs/ or mkrootfs", closed);
}

static void check_workdir(const struct spec *spec, const struct service_spec *service)
{
	struct inroot found;
	int missing = resolve_as_user(spec, service, service->workdir, &found);
	struct mount_points mounts = mounts_of(spec->arena, service);
	const char *path = service->workdir;
	const struct mount_point *mount = mounts_find(&mounts, path);

	/* A link beneath a mount is hidden, one elsewhere may lead there. */
	if (!mount) {
		path = found.inside;
		mount = mounts_find(&mounts, path);
	}
	if (mount && strcmp(mount->path, path))
		spec_service_error(spec, service, "WORKDIR", "%s %s; write \"%s\" or a folder of "
				   "the root", mount->path, mount->content, mount->path);
	else if (!mount && missing)
		spec_service_error(spec, service, "WORKDIR", "not in the service's root; make the "
				   "folder there or write another");
	else if (!mount)
		check_folder_of_root(spec, service, &found);
}

static bool has_root(const struct spec *spec, const struct service_spec *service)
{
	struct inroot found;

	if (!inroot_resolve(spec->arena, spec_root(spec, service), "/", NULL, &found) &&
	    S_ISDIR(found.status.st_mode))
		return true;
	report_error(spec->report, "%s: %s is missing; fill the service's root from its rootfs/ or "
		     "mkrootfs", service->name, spec_root(spec, service));
	return false;
}

/* Reads them. */
static bool has_owners(const struct spec *spec, struct service_spec *service)
{
	const char *path = arena_printf(spec->arena, "%s.owners", spec_root(spec, service));

	if (owners_read(spec->arena, path, &service->owners))
		return true;
	report_error(spec->report, "%s: %s does not say who owns what; build the service's root "
		     "anew: make clean image", service->name, path);
	return false;
}

void check_roots(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		struct service_spec *service = &spec->services[i];

		/* A broken one may lack any of what is looked at here. */
		if (!has_root(spec, service) || !has_owners(spec, service) || service->broken)
			continue;
		check_program(spec, service);
		check_workdir(spec, service);
	}
}
