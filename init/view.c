/*
 * What a service sees: its root and the mounts in it, in their order.  Runs in
 * a child that still has real root, in mount namespaces that belong to the initial
 * user namespace, so that no capability which a service may keep can undo a mount.
 *
 * Nothing inside the root is trusted: every path in it is resolved below it,
 * without symbolic links, and then used by fd (mounting.h).  But for names in what
 * was mounted here just before: those lead where they say.
 */
#include "view.h"

#include "has.h"
#include "mounting.h"
#include "report.h"
#include "view_parts.h"

bool view_is_kept(const struct service *s)
{
	return !has_layer(s) && !has_image(s) && s->net != SERVICE_NET_SHARE &&
	       (s->userns || !s->caps);
}

static void mount_tmpfs(const struct recipe *r)
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
						    AT_FDCWD, row->path));
	}
}

/* The old root comes to lie over the new one, and is taken off.  There is no falling
 * back to chroot or MS_MOVE: both can be escaped. */
static void pivot(const struct recipe *r, int root)
{
	must(r, STAGE_PIVOT, SYS_INT(SYS_fchdir, root));
	must(r, STAGE_PIVOT, sys_pivot_root(".", "."));
	must(r, STAGE_DETACH, sys_umount_detach("."));
	must(r, STAGE_DETACH, SYS_INT(SYS_chdir, "/"));
}

/* In a copy of PID 1's mounts, which is what is left when it is kept.  The cgroup
 * namespace comes first: a mount of cgroup v2 begins where that does. */
static void make(const struct recipe *r)
{
	int own = 0, root;

	must(r, STAGE_UNSHARE, sys_unshare(CLONE_NEWNS | CLONE_NEWCGROUP));
	/* While /proc is the board's */
	if (r->makes_view)
		own = must(r, STAGE_VIEW, SYS_INT(SYS_openat, AT_FDCWD, "/proc/self/ns/mnt",
						  O_RDONLY | O_CLOEXEC));
	must(r, STAGE_PRIVATE, sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	root = view_mount_root(r);
	view_mount_dev(r, root);
	view_mount_sys(r, root);
	/* What /proc is going to be mounted on, by its name alone */
	must(r, STAGE_PROC, mounting_open_inside(root, "proc", O_DIRECTORY));
	pivot(r, root);
	if (r->makes_view)
		report_files(r, STAGE_VIEW, &own, 1);
	must(r, STAGE_UNSHARE, sys_unshare((r->makes_view ? CLONE_NEWNS : 0) | CLONE_NEWIPC));
}

/* IPC is new at each start: kept, the SysV memory of every crash would stay charged to
 * the cgroup. */
static void copy(const struct recipe *r)
{
	must(r, STAGE_VIEW, sys_setns(r->box->view_fd, CLONE_NEWNS));
	must(r, STAGE_UNSHARE, sys_unshare(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWIPC));
}

void view_enter(struct recipe *r)
{
	const struct service *s = r->service;

	if (has_volumes(s))
		view_take_volumes(r);
	if (has_files(s))
		view_take_files(r);
	if (r->box->view_fd)
		copy(r);
	else
		make(r);
	view_mount_proc(r);
	view_mount_ipc(r);
	if (has_tmpfs(s))
		mount_tmpfs(r);
	if (has_volumes(s))
		view_place_volumes(r);
	if (has_files(s))
		view_place_files(r);
}
