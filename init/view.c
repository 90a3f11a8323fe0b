/*
 * What a service sees: its root and the mounts in it.  Runs in a child that
 * still has real root, in a mount namespace of its own that belongs to the
 * initial user namespace, so that no capability which a service may keep can
 * undo a mount.
 *
 * Nothing inside the root is trusted: every path in it is resolved below it,
 * without symbolic links, and then used by fd.
 */
#include "view.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "config.h"
#include "notify.h"
#include "paths.h"
#include "sys.h"
#include "text.h"

#define HARMLESS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

/* Decimal uid or gid, or a key of them: at most 10 digits and the NUL. */
#define ID_TEXT_SIZE 11

/* The gid of "tty", to which terminals belong, as in every distribution. */
#define TTY_GID 5

struct fs_option {
	const char *key, *value;
};

/* A mount that is nowhere yet.  options end with a NULL key. */
static int mount_new(const char *type, const struct fs_option *options, unsigned attributes)
{
	int fs = sys_fsopen(type);
	int rc = fs;

	for (; rc >= 0 && options && options->key; options++)
		rc = sys_fsconfig(fs, FSCONFIG_SET_STRING, options->key, options->value);
	if (rc >= 0)
		rc = sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (rc >= 0)
		rc = sys_fsmount(fs, attributes);
	if (fs >= 0)
		close(fs);
	return rc;
}

static int open_inside(int root, const char *path, uint64_t flags)
{
	return sys_openat2(root, path, O_PATH | O_NOFOLLOW | flags,
			   RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
}

/* Puts a new mount (or passes its error on) over a folder of the root. */
static int attach(int mount, int root, const char *path)
{
	int at, rc;

	if (mount < 0)
		return mount;
	at = open_inside(root, path, O_DIRECTORY);
	rc = at < 0 ? at : sys_move_mount(mount, at);
	if (at >= 0)
		close(at);
	close(mount);
	return rc;
}

static const char *id_text(char *buf, uint32_t id)
{
	struct text t = { .buf = buf, .size = ID_TEXT_SIZE };

	text_add(&t, "%u", id);
	return buf;
}

static int mount_root(const struct recipe *r)
{
	const char *path = r->service->root;
	int at, root;

	must(r, STAGE_PRIVATE, sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	at = must(r, STAGE_ROOT, sys_openat2(AT_FDCWD, path, O_PATH | O_DIRECTORY,
					     RESOLVE_NO_SYMLINKS));
	root = must(r, STAGE_ROOT, sys_open_tree(at, "", OPEN_TREE_CLONE | AT_EMPTY_PATH));
	must(r, STAGE_ROOT, sys_mount_setattr(root, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
					      MOUNT_ATTR_NODEV));
	must(r, STAGE_ROOT, sys_move_mount(root, at));
	return root;
}

static void make_nodes(const struct recipe *r, int dev)
{
	static const struct {
		const char *name;
		uint8_t major, minor;
	} nodes[] = {
		{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 },
		{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
	};
	static const struct {
		const char *name, *target;
	} links[] = {
		{ "fd", "/proc/self/fd" }, { "stdin", "/proc/self/fd/0" },
		{ "stdout", "/proc/self/fd/1" }, { "stderr", "/proc/self/fd/2" },
		{ "ptmx", "pts/ptmx" },
	};
	static const char *const folders[] = {
		"pts", "shm", "mqueue",
		/* Where `pith exec --toolbox` mounts it, for itself alone. */
		IS_ENABLED(CONFIG_TOOLBOX) ? "toolbox" : NULL,
	};
	uid_t owner = r->service->uid_base;

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		must(r, STAGE_NODE, SYS_INT(SYS_mknodat, dev, nodes[i].name, S_IFCHR | 0666,
					    (unsigned)makedev(nodes[i].major, nodes[i].minor)));
		must(r, STAGE_NODE, SYS_INT(SYS_fchownat, dev, nodes[i].name, owner, owner, 0));
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		must(r, STAGE_NODE, SYS_INT(SYS_symlinkat, links[i].target, dev, links[i].name));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && folders[i]; i++)
		must(r, STAGE_NODE, SYS_INT(SYS_mkdirat, dev, folders[i], 0755));
	if (r->service->notify)
		must(r, STAGE_NOTIFY, SYS_INT(SYS_mknodat, dev, NOTIFY_NODE, S_IFREG | 0600, 0));
}

/* The socket comes to lie over the empty file of that name. */
static void place_notify_socket(const struct recipe *r, int root)
{
	char path[NOTIFY_PATH_SIZE];
	int at = must(r, STAGE_NOTIFY, open_inside(root, "dev/" NOTIFY_NODE, 0));
	int tree = must(r, STAGE_NOTIFY, sys_open_tree(AT_FDCWD, notify_path(path, r->service),
						       OPEN_TREE_CLONE));

	must(r, STAGE_NOTIFY, sys_move_mount(tree, at));
	close(tree);
	close(at);
}

static void mount_dev(const struct recipe *r, int root)
{
	char owner[ID_TEXT_SIZE], tty[ID_TEXT_SIZE];
	const struct fs_option dev_options[] = {
		{ "mode", "0755" }, { "size", "65536" },
		{ "uid", id_text(owner, r->service->uid_base) }, { "gid", owner }, { 0 },
	};
	const struct fs_option pts_options[] = {
		{ "mode", "0620" }, { "ptmxmode", "0666" },
		{ "gid", id_text(tty, r->service->uid_base + TTY_GID) }, { 0 },
	};
	static const struct fs_option shm_options[] = { { "mode", "1777" }, { 0 } };
	int dev = must(r, STAGE_DEV, mount_new("tmpfs", dev_options,
					       MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));

	/* Filled before anybody can look at it, and closed behind us. */
	make_nodes(r, dev);
	must(r, STAGE_DEV, sys_mount_setattr(dev, MOUNT_ATTR_RDONLY));
	must(r, STAGE_DEV, attach(dev, root, "dev"));
	if (r->service->notify)
		place_notify_socket(r, root);
	must(r, STAGE_DEVPTS, attach(mount_new("devpts", pts_options, MOUNT_ATTR_NOSUID |
					       MOUNT_ATTR_NOEXEC), root, "dev/pts"));
	must(r, STAGE_SHM, attach(mount_new("tmpfs", shm_options, HARMLESS), root, "dev/shm"));
	must(r, STAGE_MQUEUE, attach(mount_new("mqueue", NULL, HARMLESS), root, "dev/mqueue"));
}

static void mount_kernel(const struct recipe *r, int root)
{
	must(r, STAGE_PROC, attach(mount_new("proc", NULL, HARMLESS), root, "proc"));
	must(r, STAGE_SYS, attach(mount_new("sysfs", NULL, HARMLESS | MOUNT_ATTR_RDONLY),
				  root, "sys"));
	must(r, STAGE_CGROUP_MOUNT, attach(mount_new("cgroup2", NULL,
						     HARMLESS | MOUNT_ATTR_RDONLY),
					   root, "sys/fs/cgroup"));
}

/* The lists of the OCI runtimes' default specification. */
static const struct covered {
	const char *path;
	bool hidden;	/* or only read-only */
} covered[] = {
	{ "proc/acpi", true },
	{ "proc/asound", true },
	{ "proc/interrupts", true },
	{ "proc/kcore", true },
	{ "proc/keys", true },
	{ "proc/latency_stats", true },
	{ "proc/timer_list", true },
	{ "proc/timer_stats", true },
	{ "proc/sched_debug", true },
	{ "proc/scsi", true },
	{ "sys/firmware", true },
	{ "sys/devices/virtual/powercap", true },
	{ "proc/bus", false },
	{ "proc/fs", false },
	{ "proc/irq", false },
	{ "proc/sys", false },
	{ "proc/sysrq-trigger", false },
};

/* What comes over it: over a hidden folder an empty one, over a hidden file
 * the /dev/null that was just made here, else the same once more. */
static int open_cover(int root, int at, bool hidden, bool folder)
{
	if (!hidden)
		return sys_open_tree(at, "", OPEN_TREE_CLONE | AT_EMPTY_PATH | AT_RECURSIVE);
	if (folder)
		return sys_open_tree(AT_FDCWD, PATH_EMPTY, OPEN_TREE_CLONE);
	return sys_open_tree(root, "dev/null", OPEN_TREE_CLONE);
}

static int cover(int root, int at, bool hidden)
{
	struct stat st;
	int tree, rc;

	if (fstat(at, &st) < 0)
		return -errno;
	tree = open_cover(root, at, hidden, S_ISDIR(st.st_mode));
	if (tree < 0)
		return tree;
	/* A device node must stay one: MOUNT_ATTR_NODEV is not for it. */
	rc = sys_mount_setattr(tree, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	if (rc >= 0)
		rc = sys_move_mount(tree, at);
	close(tree);
	return rc;
}

static void cover_all(const struct recipe *r, int root)
{
	for (size_t i = 0; i < sizeof(covered) / sizeof(covered[0]); i++) {
		enum stage stage = covered[i].hidden ? STAGE_MASK : STAGE_READONLY;
		int at = open_inside(root, covered[i].path, 0);

		/* Not every kernel has every path. */
		if (at == -ENOENT)
			continue;
		must(r, stage, at);
		must(r, stage, cover(root, at, covered[i].hidden));
		close(at);
	}
}

static void mount_tmpfs(const struct recipe *r, int root)
{
	const struct service *s = r->service;
	char uid[ID_TEXT_SIZE], gid[ID_TEXT_SIZE];

	for (unsigned i = 0; i < s->tmpfs_count; i++) {
		const struct fs_option options[] = {
			{ "mode", "0755" }, { "size", s->tmpfs[i].size },
			{ "uid", id_text(uid, s->uid_base + s->uid) },
			{ "gid", id_text(gid, s->uid_base + s->gid) }, { 0 },
		};

		must(r, STAGE_TMPFS, attach(mount_new("tmpfs", options, HARMLESS),
					    root, s->tmpfs[i].path));
	}
}

void view_enter(const struct recipe *r)
{
	int root = mount_root(r);

	mount_dev(r, root);
	mount_kernel(r, root);
	cover_all(r, root);
	mount_tmpfs(r, root);

	/* The old root comes to lie over the new one, and is taken off.  There
	 * is no falling back to chroot or MS_MOVE: both can be escaped. */
	must(r, STAGE_PIVOT, SYS_INT(SYS_fchdir, root));
	must(r, STAGE_PIVOT, sys_pivot_root(".", "."));
	must(r, STAGE_DETACH, sys_umount_detach("."));
	must(r, STAGE_DETACH, SYS_INT(SYS_chdir, "/"));
}
