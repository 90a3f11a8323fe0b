/*
 * The volumes of a service: folders of the data partition, each below one of the
 * service's own.  What services wrote there is trusted as little as their roots.
 */
#include "view_parts.h"

#include "has.h"
#include "mounting.h"
#include "paths.h"

/* In their order.  The child's own: it is a copy of PID 1. */
static int trees[VOLUME_COUNT + 1];

/* Where the partition is gone, the folders are. */
void view_take_volumes(const struct recipe *r)
{
	const struct service *s = r->service;
	int data, at, tree;

	data = must(r, STAGE_VOLUME, sys_openat2(AT_FDCWD, PATH_DATA, O_PATH | O_DIRECTORY,
						 RESOLVE_NO_SYMLINKS));
	for (unsigned i = 0; i < s->volume_count; i++) {
		const struct service_volume *row = &s->volumes[i];

		at = must(r, STAGE_VOLUME, mounting_open_beneath(data, row->folder, O_DIRECTORY));
		tree = must(r, STAGE_VOLUME, sys_open_tree(at, "", OPEN_TREE_CLONE |
							   AT_EMPTY_PATH));
		must(r, STAGE_VOLUME, sys_mount_setattr(tree, MOUNT_ATTR_NOSUID |
				MOUNT_ATTR_NODEV | (row->exec ? 0 : MOUNT_ATTR_NOEXEC) |
				(row->read_only ? MOUNT_ATTR_RDONLY : 0)));
		trees[i] = tree;
	}
}

void view_place_volumes(const struct recipe *r)
{
	const struct service *s = r->service;

	for (unsigned i = 0; i < s->volume_count; i++)
		must(r, STAGE_VOLUME, mounting_place(trees[i], AT_FDCWD, s->volumes[i].path));
}
