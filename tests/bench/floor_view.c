/*
 * A service's mounts, by the floor: mount(2) on paths as they stand, once the service's root
 * is this namespace's.
 *
 * What covers a folder is bound from the first cover, and what covers a file from /dev/null:
 * both lie on mounts that are read-only and the like already, which a bind inherits.  So do
 * the read-only parts of /proc, while all of it is.
 */
#include "floor.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "config.h"
#include "devices.h"
#include "paths.h"
#include "sys.h"

#define HARMLESS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* As in pith's view_kernel.c.  The first is the cover of all other folders. */
#define COVER "/sys/firmware"

static struct covered {
	const char *path;
	bool hidden;		/* or only read-only */
	const char *cover;	/* NULL: this kernel has none of it */
} covered[] = {
	{ .path = "/sys/devices/virtual/powercap", .hidden = true },
	{ .path = "/proc/acpi", .hidden = true },
	{ .path = "/proc/asound", .hidden = true },
	{ .path = "/proc/interrupts", .hidden = true },
	{ .path = "/proc/kcore", .hidden = true },
	{ .path = "/proc/keys", .hidden = true },
	{ .path = "/proc/latency_stats", .hidden = true },
	{ .path = "/proc/timer_list", .hidden = true },
	{ .path = "/proc/scsi", .hidden = true },
	{ .path = "/proc/bus" },
	{ .path = "/proc/fs" },
	{ .path = "/proc/irq" },
	{ .path = "/proc/sys" },
	{ .path = "/proc/sysrq-trigger" },
};

#define COVERED_COUNT (sizeof(covered) / sizeof(covered[0]))

void floor_view_probe(void)
{
	for (size_t i = 0; i < COVERED_COUNT; i++) {
		struct covered *c = &covered[i];
		struct stat st;

		if (stat(c->path, &st) == 0)
			c->cover = !c->hidden ? c->path : S_ISDIR(st.st_mode) ? COVER : PATH_NULL;
	}
}

/* The attributes of a mount. */
static void change(const char *path, unsigned long flags)
{
	floor_must(path, sys_mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags, NULL));
}

static void cover_all(void)
{
	for (size_t i = 0; i < COVERED_COUNT; i++)
		if (covered[i].cover)
			floor_must(covered[i].path, sys_mount(covered[i].cover, covered[i].path,
							      NULL, MS_BIND, NULL));
}

static void mount_dev(const struct service *s)
{
	static const struct {
		const char *name;
		uint8_t major, minor;
	} nodes[] = {
#define ROW(name, major, minor) { name, major, minor },
		DEVICES_HARMLESS(ROW)
#undef ROW
	};
	static const char *const links[][2] = {
		{ "/proc/self/fd", "fd" }, { "/proc/self/fd/0", "stdin" },
		{ "/proc/self/fd/1", "stdout" }, { "/proc/self/fd/2", "stderr" },
		{ "pts/ptmx", "ptmx" },
	};
	static const char *const folders[] = {
		"pts", "shm", "mqueue", IS_ENABLED(CONFIG_TOOLBOX) ? "toolbox" : NULL,
	};
	char options[64];

	snprintf(options, sizeof(options), "mode=0755,size=65536,uid=%u,gid=%u", s->uid_base,
		 s->uid_base);
	floor_must("/dev", sys_mount("tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, options));
	floor_must("/dev", chdir("/dev"));
	for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++) {
		floor_must("node", SYS_INT(SYS_mknodat, AT_FDCWD, nodes[i].name, S_IFCHR | 0666,
					   (unsigned)makedev(nodes[i].major, nodes[i].minor)));
		floor_must("node", SYS_INT(SYS_fchownat, AT_FDCWD, nodes[i].name, s->uid_base,
					   s->uid_base, 0));
	}
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		floor_must("link", SYS_INT(SYS_symlinkat, links[i][0], AT_FDCWD, links[i][1]));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && folders[i]; i++)
		floor_must("folder", SYS_INT(SYS_mkdirat, AT_FDCWD, folders[i], 0755));
	change("/dev", MS_RDONLY | MS_NOSUID | MS_NOEXEC);
	floor_mark("/dev");
}

/* The initramfs is not to be pivoted to itself: the folder becomes a mount. */
static void enter_root(const struct service *s)
{
	floor_must("root", sys_mount(s->root, s->root, NULL, MS_BIND, NULL));
	change(s->root, MS_RDONLY | MS_NOSUID | MS_NODEV);
	floor_must("root", chdir(s->root));
	floor_mark("root");
	floor_must("pivot_root", sys_pivot_root(".", "."));
	floor_must("umount", sys_umount_detach("."));
	floor_mark("pivot_root, umount");
}

void floor_view_build(const struct floor_box *box)
{
	int empty = floor_must(PATH_EMPTY, sys_open_tree(AT_FDCWD, PATH_EMPTY, OPEN_TREE_CLONE));

	floor_must("cover", sys_mount_setattr(empty, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID |
					      MOUNT_ATTR_NOEXEC));
	enter_root(&box->row);
	mount_dev(&box->row);
	floor_must("/sys", sys_mount("sysfs", "/sys", "sysfs", HARMLESS | MS_RDONLY, NULL));
	floor_must("/sys/fs/cgroup", sys_mount("cgroup2", "/sys/fs/cgroup", "cgroup2",
					       HARMLESS | MS_RDONLY, NULL));
	floor_mark("/sys, cgroup2");
	floor_must("cover", SYS_INT(SYS_move_mount, empty, "", AT_FDCWD, COVER,
				    MOVE_MOUNT_F_EMPTY_PATH));
	floor_mark("cover of /sys");
}

void floor_view_freshen(const struct floor_box *box)
{
	char options[64];

	snprintf(options, sizeof(options), "mode=0620,ptmxmode=0666,max=256,gid=%u",
		 box->row.uid_base + 5);
	floor_must("/dev/pts", sys_mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
					 options));
	floor_mark("/dev/pts");
	floor_must("/dev/shm", sys_mount("tmpfs", "/dev/shm", "tmpfs", HARMLESS, "mode=1777"));
	floor_must("/dev/mqueue", sys_mount("mqueue", "/dev/mqueue", "mqueue", HARMLESS, NULL));
	floor_mark("/dev/shm, /dev/mqueue");
	floor_must("/proc", sys_mount("proc", "/proc", "proc", HARMLESS, NULL));
	floor_mark("/proc");
	/* Not at once: that would be for the whole file system, and for good. */
	change("/proc", HARMLESS | MS_RDONLY);
	cover_all();
	change("/proc", HARMLESS);
	floor_mark("covers of /proc and /sys");
}
