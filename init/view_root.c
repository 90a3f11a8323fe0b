/*
 * A service's root: a folder, of the initramfs or where its image is mounted, to which
 * nothing can be written, or with WRITABLE a layer over it that takes what is.  The
 * layer is this run's alone: it is made at the start, charged to the service, and gone
 * with it.
 */
#include "view_parts.h"

#include <sys/stat.h>

#include "has.h"
#include "mounting.h"
#include "paths.h"
#include "text.h"

#define ROOT_ATTRIBUTES (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

/* "/proc/self/fd/", at most 10 digits, "/upper". */
#define LAYER_PATH_SIZE 32

static int mount_folder(const struct recipe *r, int at)
{
	int root = must(r, STAGE_ROOT, sys_open_tree(at, "", OPEN_TREE_CLONE | AT_EMPTY_PATH));

	must(r, STAGE_ROOT, sys_mount_setattr(root, ROOT_ATTRIBUTES | MOUNT_ATTR_RDONLY));
	if (has_idmap(r->service))
		must(r, STAGE_ROOT, sys_mount_idmap(root, r->box->user_fd));
	must(r, STAGE_ROOT, sys_move_mount(root, at));
	return root;
}

/* An overlay takes its folders by their paths.  /proc is still PID 1's here. */
static const char *path_of(char *buf, int fd, const char *tail)
{
	struct text t = { .buf = buf, .size = LAYER_PATH_SIZE };

	text_add(&t, "/proc/self/fd/%d%s", fd, tail);
	return buf;
}

/* The folder whose owner and mode the root is going to have, and the one that
 * the overlay works in. */
static void make_folders(const struct recipe *r, int at, int layer)
{
	struct stat st;

	must(r, STAGE_WRITABLE, fstat(at, &st) < 0 ? -errno : 0);
	must(r, STAGE_WRITABLE, SYS_INT(SYS_mkdirat, layer, "upper", st.st_mode & 07777));
	must(r, STAGE_WRITABLE, SYS_INT(SYS_fchownat, layer, "upper", st.st_uid, st.st_gid, 0));
	must(r, STAGE_WRITABLE, SYS_INT(SYS_mkdirat, layer, "work", 0));
}

/* Before Linux 6.15 an overlay takes only folders of mounts that have a place, so
 * the layer gets one: over the folder, with the overlay on top.  `at` was opened
 * before and still leads below it.  The layer leaves with the old root; the
 * overlay holds on to it by itself. */
static int mount_layer(const struct recipe *r, int at)
{
	const struct mounting_option layer_options[] = {
		{ "mode", "0755" }, { "size", r->service->writable }, { 0 },
	};
	char lower[LAYER_PATH_SIZE], upper[LAYER_PATH_SIZE], work[LAYER_PATH_SIZE];
	int layer = must(r, STAGE_WRITABLE, mounting_new("tmpfs", layer_options,
							 ROOT_ATTRIBUTES));
	const struct mounting_option options[] = {
		{ "lowerdir", path_of(lower, at, "") },
		{ "upperdir", path_of(upper, layer, "/upper") },
		{ "workdir", path_of(work, layer, "/work") }, { 0 },
	};
	int root;

	make_folders(r, at, layer);
	must(r, STAGE_WRITABLE, sys_move_mount(layer, at));
	root = must(r, STAGE_WRITABLE, mounting_new("overlay", options, ROOT_ATTRIBUTES));
	must(r, STAGE_WRITABLE, sys_move_mount(root, layer));
	return root;
}

/* Without its image there is an empty folder of PID 1's own. */
static void check_image(const struct recipe *r, int at)
{
	struct stat image, above;

	must(r, STAGE_ROOT, fstat(at, &image) < 0 || stat(PATH_RUN, &above) < 0 ? -errno : 0);
	must(r, STAGE_ROOT, image.st_dev == above.st_dev ? -ENODEV : 0);
}

int view_mount_root(const struct recipe *r)
{
	int at = must(r, STAGE_ROOT, sys_openat2(AT_FDCWD, r->root, O_PATH | O_DIRECTORY,
						 RESOLVE_NO_SYMLINKS));

	if (has_image(r->service))
		check_image(r, at);
	if (!has_layer(r->service))
		return mount_folder(r, at);
	/* The layer is over what the service would see without it. */
	return mount_layer(r, has_idmap(r->service) ? mount_folder(r, at) : at);
}
