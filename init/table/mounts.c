/*
 * The folders that are made anew at each start.  Decides which they are;
 * whether a service may name one of them, the checks decide.
 */
#include "mounts.h"

#include <string.h>

const char *const mounts_ours[MOUNTS_OURS_COUNT] = { "/dev", "/proc", "/sys" };

bool mounts_is_beneath(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

const char *mounts_folder_of(const struct service_spec *service, const char *path)
{
	for (size_t i = 0; i < MOUNTS_OURS_COUNT; i++)
		if (mounts_is_beneath(path, mounts_ours[i]))
			return mounts_ours[i];
	for (size_t i = 0; i < service->tmpfs.count; i++)
		if (mounts_is_beneath(path, service->tmpfs.at[i].path))
			return service->tmpfs.at[i].path;
	return NULL;
}
