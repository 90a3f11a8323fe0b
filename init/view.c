/*
 * What a service sees: its root and the mounts in it, in their order.  Runs in
 * a child that still has real root, in a mount namespace of its own that
 * belongs to the initial user namespace, so that no capability which a service
 * may keep can undo a mount.
 *
 * Nothing inside the root is trusted: every path in it is resolved below it,
 * without symbolic links, and then used by fd (mounting.h).
 */
#include "view.h"

#include "has.h"
#include "mounting.h"
#include "paths.h"
#include "view_parts.h"

static void mount_tmpfs(const struct recipe *r, int root)
{
	const struct service *s = r->service;
	char uid[MOUNTING_ID_SIZE], gid[MOUNTING_ID_SIZE];

	for (unsigned i = 0; i < s->tmpfs_count; i++) {
		const struct service_tmpfs *row = &s->tmpfs[i];
		const struct mounting_option options[] = {
			{ "mode", "0755" }, { "size", row->size },
			{ "uid", mounting_id(uid, s->uid_base + s->uid) },
			{ "gid", mounting_id(gid, s->uid_base + s->gid) }, { 0 },
		};
		unsigned attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
				      (row->exec ? 0 : MOUNT_ATTR_NOEXEC);

		must(r, STAGE_TMPFS, mounting_place(mounting_new("tmpfs", options, attributes),
						    root, row->path));
	}
}

/* What the services wrote there is trusted as little as their roots.  Where the
 * partition is gone, the folders are. */
static void mount_volumes(const struct recipe *r, int root)
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
		must(r, STAGE_VOLUME, mounting_place(tree, root, row->path));
	}
}

void view_enter(const struct recipe *r)
{
	int root, dev;

	must(r, STAGE_PRIVATE, sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	root = view_mount_root(r);
	dev = view_mount_dev(r, root);
	view_mount_kernel(r, root, dev);
	if (has_tmpfs(r->service))
		mount_tmpfs(r, root);
	if (has_volumes(r->service))
		mount_volumes(r, root);
	if (has_files(r->service))
		view_place_files(r, root);

	/* The old root comes to lie over the new one, and is taken off.  There
	 * is no falling back to chroot or MS_MOVE: both can be escaped. */
	must(r, STAGE_PIVOT, SYS_INT(SYS_fchdir, root));
	must(r, STAGE_PIVOT, sys_pivot_root(".", "."));
	must(r, STAGE_DETACH, sys_umount_detach("."));
	must(r, STAGE_DETACH, SYS_INT(SYS_chdir, "/"));
}
