/*
 * The folders over which something is mounted at each start.  Decides which
 * they are; whether a service may name one of them, the checks decide.
 */
#include "mounts.h"

#include <string.h>

static const struct mount_point ours[] = {
	{ "/dev", NULL, "is made anew at every start" },
	{ "/proc", NULL, "shows what runs" },
	{ "/sys", NULL, "shows the board" },
};

#define OURS_COUNT (sizeof(ours) / sizeof(ours[0]))

struct mount_points mounts_of(struct arena *arena, const struct service_spec *service)
{
	size_t most = OURS_COUNT + service->tmpfs.count + service->volumes.count;
	struct mount_points mounts = { arena_array(arena, most, sizeof(*mounts.at)), OURS_COUNT };

	memcpy(mounts.at, ours, sizeof(ours));
	for (size_t i = 0; i < service->tmpfs.count; i++)
		mounts.at[mounts.count++] = (struct mount_point){
			service->tmpfs.at[i].path, "TMPFS", "is empty at every start",
		};
	for (size_t i = 0; i < service->volumes.count; i++)
		mounts.at[mounts.count++] = (struct mount_point){
			service->volumes.at[i].path, "VOLUMES", "is filled on the board",
		};
	return mounts;
}

bool mounts_is_beneath(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

const struct mount_point *mounts_find(const struct mount_points *mounts, const char *path)
{
	for (size_t i = 0; i < mounts->count; i++)
		if (mounts_is_beneath(path, mounts->at[i].path))
			return &mounts->at[i];
	return NULL;
}
