/*
 * What is mounted in a service lies side by side: nothing beneath what pith
 * mounts itself, nothing beneath another one, nothing in the place of another
 * one or of a file that pith writes.  Each place by itself was read without
 * complaint.
 */
#include <string.h>

#include "checks.h"
#include "files.h"
#include "mounts.h"

/* Twins are found at the second, a place in another one at the inner. */
static void check_pair(const struct spec *spec, const struct service_spec *service,
		       const struct mount_point *one, const struct mount_point *other)
{
	if (!other->option)
		spec_service_error(spec, service, one->option, "%s is made by pith; leave it out",
				   one->path);
	else if (strcmp(one->path, other->path))
		spec_service_error(spec, service, one->option, "%s lies in %s, which %s; write "
				   "a place beside it, or leave it out", one->path, other->path,
				   other->content);
	else if (other > one)
		return;
	else if (strcmp(one->option, other->option))
		spec_service_error(spec, service, one->option, "%s stands in %s as well; remove one "
				   "of the two", one->path, other->option);
	else
		spec_service_error(spec, service, one->option, "%s stands there twice; remove one "
				   "of the two", one->path);
}

static void check_mounts(const struct spec *spec, const struct service_spec *service)
{
	struct mount_points mounts = mounts_of(spec->arena, service);

	for (size_t i = 0; i < mounts.count; i++)
		for (size_t j = 0; mounts.at[i].option && j < mounts.count; j++)
			if (j != i && mounts_is_beneath(mounts.at[i].path, mounts.at[j].path))
				check_pair(spec, service, &mounts.at[i], &mounts.at[j]);
}

/* What pith writes is to be seen; a socket may be placed in a TMPFS as well, which is
 * empty when it is. */
static void check_file_in_mount(const struct spec *spec, const struct service_spec *service,
				const struct root_file *file, const struct mount_point *mount)
{
	bool is_over = mounts_is_beneath(file->path, mount->path);

	if (!file->option && mount->option)
		spec_service_error(spec, service, mount->option, "%s hides %s, which pith writes; "
				   "write a place beside it", mount->path, file->path);
	else if (is_over && (!mount->option || strcmp(mount->option, "TMPFS")))
		spec_service_error(spec, service, file->option, "%s lies in %s, which %s; write a "
				   "place in the root or in a TMPFS", file->path, mount->path,
				   mount->content);
	else if (!is_over || !strcmp(file->path, mount->path))
		spec_service_error(spec, service, file->option, "%s is a socket, and %s of %s is "
				   "mounted there as well; write another place for one of the two",
				   file->path, mount->path, mount->option);
}

static void check_file_in_file(const struct spec *spec, const struct service_spec *service,
			       const struct root_file *file, const struct root_file *other)
{
	if (!other->option)
		spec_service_error(spec, service, file->option, "%s is written by pith; write "
				   "another place", other->path);
	else if (strcmp(file->path, other->path))
		spec_service_error(spec, service, file->option, "%s cannot lie in %s, which is a "
				   "socket; write another place for one of the two", file->path,
				   other->path);
	else if (file > other)
		spec_service_error(spec, service, file->option, "%s stands %s; there can be one "
				   "socket in a place, so write another for one of the two",
				   file->path, strcmp(file->option, other->option) ?
				   "in LISTEN as well" : "there for two services");
}

/* Or one of them lies in the other. */
static bool are_in_one_place(const char *one, const char *other)
{
	return mounts_is_beneath(one, other) || mounts_is_beneath(other, one);
}

/* A mount over several of ours is told of once. */
static void check_files(const struct spec *spec, const struct service_spec *service)
{
	struct mount_points mounts = mounts_of(spec->arena, service);
	struct root_files files = files_of(spec, service);

	for (size_t i = 0; i < files.count; i++) {
		const struct root_file *file = &files.at[i];

		for (size_t j = 0; j < mounts.count; j++)
			if (are_in_one_place(file->path, mounts.at[j].path) &&
			    (!i || file->option ||
			     !are_in_one_place(files.at[0].path, mounts.at[j].path)))
				check_file_in_mount(spec, service, file, &mounts.at[j]);
		for (size_t j = 0; file->option && j < files.count; j++)
			if (j != i && mounts_is_beneath(file->path, files.at[j].path))
				check_file_in_file(spec, service, file, &files.at[j]);
	}
}

/* A device is a file: none has a folder's place. */
static void check_devices(const struct spec *spec, const struct service_spec *service)
{
	const struct device *at = service->devices.at;

	for (size_t i = 0; i < service->devices.count; i++)
		for (size_t j = 0; j < service->devices.count; j++)
			if (j != i && mounts_is_beneath(at[i].path, at[j].path))
				spec_service_error(spec, service, "DEVICES", "%s cannot lie in %s, "
						   "which is a device; remove one of the two",
						   at[i].path, at[j].path);
}

void check_nesting(struct spec *spec)
{
	for (size_t i = 0; i < spec->count; i++) {
		if (spec->services[i].broken)
			continue;
		check_mounts(spec, &spec->services[i]);
		check_files(spec, &spec->services[i]);
		check_devices(spec, &spec->services[i]);
	}
}
