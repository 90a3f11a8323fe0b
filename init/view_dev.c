/*
 * A service's /dev: a tmpfs with the harmless nodes and its DEVICES.  It is filled
 * before anybody can look at it and closed behind us; which of the nodes can be
 * opened, the kernel asks the device filter as well (devices.h).  What a run may fill
 * comes to it at each start.
 */
#include "view_parts.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "config.h"
#include "devices.h"
#include "has.h"
#include "mounting.h"
#include "notify.h"
#include "text.h"

/* The gid of "tty", to which terminals belong, as in every distribution. */
#define TTY_GID 5

/* Terminals that a service may have open.  The kernel gives 3072 to all services
 * together; none of them shall take the others'. */
#define PTYS_MAX "256"

/* "mode=0620,ptmxmode=0666,max=", PTYS_MAX, ",gid=" and at most 10 digits. */
#define PTS_OPTIONS_SIZE 64

static void make_node(const struct recipe *r, enum stage stage, int dev, const char *name,
		      mode_t mode, dev_t number, uid_t uid, gid_t gid)
{
	/* As mknod(2) has it: 12 and 20 bits, in a word. */
	must(r, stage, SYS_INT(SYS_mknodat, dev, name, mode, (unsigned)number));
	must(r, stage, SYS_INT(SYS_fchownat, dev, name, uid, gid, 0));
}

static void make_nodes(const struct recipe *r, int dev)
{
	static const struct {
		const char *name;
		uint8_t major, minor;
	} nodes[] = {
#define ROW(name, major, minor) { name, major, minor },
		DEVICES_HARMLESS(ROW)
#undef ROW
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

	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
		make_node(r, STAGE_NODE, dev, nodes[i].name, S_IFCHR | 0666,
			  makedev(nodes[i].major, nodes[i].minor), owner, owner);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		must(r, STAGE_NODE, SYS_INT(SYS_symlinkat, links[i].target, dev, links[i].name));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && folders[i]; i++)
		must(r, STAGE_NODE, SYS_INT(SYS_mkdirat, dev, folders[i], 0755));
	if (has_notify_socket(r->service))
		must(r, STAGE_NOTIFY, SYS_INT(SYS_mknodat, dev, NOTIFY_NODE, S_IFREG | 0600, 0));
}

static void place_devices(const struct recipe *r, int dev)
{
	const struct service *s = r->service;

	for (unsigned i = 0; i < s->device_count; i++) {
		const struct service_device *row = &s->devices[i];
		const char *name = row->path + strlen(DEVICES_FOLDER);
		int folder = must(r, STAGE_DEVICE, mounting_make_folders(dev, &name, 0, 0));

		make_node(r, STAGE_DEVICE, folder, name,
			  r->nodes[i].type | (row->read ? 0400 : 0) | (row->write ? 0200 : 0),
			  r->nodes[i].number, s->uid_base + s->uid, s->uid_base + s->gid);
	}
}

/* The socket comes to lie over the empty file of that name. */
static void place_notify_socket(const struct recipe *r, int dev)
{
	char path[NOTIFY_PATH_SIZE];
	int at = must(r, STAGE_NOTIFY, mounting_open_beneath(dev, NOTIFY_NODE, 0));
	int tree = must(r, STAGE_NOTIFY, sys_open_tree(AT_FDCWD, notify_path(path, r->service),
						       OPEN_TREE_CLONE));

	must(r, STAGE_NOTIFY, sys_move_mount(tree, at));
}

/* What covers files of /proc later on: a null device that is not what it seems would
 * show what it should hide, or let it be written to. */
static void check_null(const struct recipe *r, int dev)
{
	struct stat st;

	must(r, STAGE_NODE, fstatat(dev, "null", &st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0);
	must(r, STAGE_NODE, S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3) ? 0 : -ENODEV);
}

void view_mount_dev(const struct recipe *r, int root)
{
	char owner[MOUNTING_ID_SIZE];
	const struct mounting_option options[] = {
		{ "mode", "0755" }, { "size", "65536" },
		{ "uid", mounting_id(owner, r->service->uid_base) }, { "gid", owner }, { 0 },
	};
	int dev = must(r, STAGE_DEV, mounting_new("tmpfs", options,
						  MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));

	make_nodes(r, dev);
	check_null(r, dev);
	if (has_devices(r->service))
		place_devices(r, dev);
	must(r, STAGE_DEV, sys_mount_setattr(dev, MOUNT_ATTR_RDONLY));
	must(r, STAGE_DEV, mounting_place(dev, root, "dev"));
	if (has_notify_socket(r->service))
		place_notify_socket(r, dev);
}

/* By mount(2), which is one call: the paths are of the /dev that was made here.  Shared
 * memory and queues are charged to who fills them, and a terminal lives as long as its
 * master, which may be held elsewhere: no run gets another's. */
void view_mount_ipc(const struct recipe *r)
{
	const unsigned long harmless = MS_NOSUID | MS_NODEV | MS_NOEXEC;
	char options[PTS_OPTIONS_SIZE];
	struct text t = TEXT_ON(options);

	text_add(&t, "mode=0620,ptmxmode=0666,max=" PTYS_MAX ",gid=%u",
		 r->service->uid_base + TTY_GID);
	must(r, STAGE_DEVPTS, sys_mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
					options));
	must(r, STAGE_SHM, sys_mount("tmpfs", "/dev/shm", "tmpfs", harmless, "mode=1777"));
	must(r, STAGE_MQUEUE, sys_mount("mqueue", "/dev/mqueue", "mqueue", harmless, NULL));
}
