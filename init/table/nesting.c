/*
 * What is mounted in a service lies side by side: nothing beneath what pith
 * mounts itself, nothing beneath another one, nothing in the place of another
 * one.  Each place by itself was read without complaint.
 */
#include <string.h>

#include "checks.h"
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
				   "a place beside it, or leave it out", one->path, other->path, other->content);
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
		check_devices(spec, &spec->services[i]);
	}
}
