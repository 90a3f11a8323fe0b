/*
 * The folders of a service that are made anew at each start, whatever its
 * root holds there.
 */
#ifndef PITH_TABLE_MOUNTS_H
#define PITH_TABLE_MOUNTS_H

#include "spec.h"

/* What pith mounts in every service, besides its TMPFS. */
#define MOUNTS_OURS_COUNT 3
extern const char *const mounts_ours[MOUNTS_OURS_COUNT];

/* True if path is folder or lies in it; both absolute, without links. */
bool mounts_is_beneath(const char *path, const char *folder);

/* The one that holds path or is it, or NULL. */
const char *mounts_folder_of(const struct service_spec *service, const char *path);

#endif
