/*
 * The folders of a service over which something is mounted at each start,
 * whatever its root holds there.
 */
#ifndef PITH_TABLE_MOUNTS_H
#define PITH_TABLE_MOUNTS_H

#include "spec.h"

struct mount_point {
	const char *path;
	const char *option;	/* that names it; NULL: pith mounts it in every service */
	const char *content;	/* "is empty at every start": how it is, for messages */
};

struct mount_points {
	struct mount_point *at;
	size_t count;
};

/* pith's own, then those of TMPFS and VOLUMES, in the order in which they
 * stand there. */
struct mount_points mounts_of(struct arena *arena, const struct service_spec *service);

/* True if path is folder or lies in it; both absolute, without links. */
bool mounts_is_beneath(const char *path, const char *folder);

/* The one that holds path or is it, or NULL. */
const struct mount_point *mounts_find(const struct mount_points *mounts, const char *path);

#endif
