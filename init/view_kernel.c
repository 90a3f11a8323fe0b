/*
 * A service's /proc and /sys, and what of them is hidden or read-only.  What is
 * covered is opened below the very mounts that were just made, without crossing
 * into another one: so it is the kernel's, whatever the image brings along.
 */
#include "view_parts.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "mounting.h"
#include "paths.h"
#include "text.h"

/* The mounts in which something is covered, and the two covers: an empty folder,
 * and the /dev/null that was made for this service. */
struct covering {
	int proc, sys;
	int empty, null;
};

/* "devices/system/cpu/cpu", at most 10 digits, "/thermal_throttle". */
#define CPU_PATH_SIZE 64

/* Over a hidden folder comes an empty one, over a hidden file the null device,
 * over what is to be read-only the same once more. */
static int cover(const struct covering *c, int at, bool hidden)
{
	struct stat st;
	int what = at, tree, rc;

	if (fstat(at, &st) < 0)
		return -errno;
	if (hidden)
		what = S_ISDIR(st.st_mode) ? c->empty : c->null;
	tree = sys_open_tree(what, "", OPEN_TREE_CLONE | AT_EMPTY_PATH);
	if (tree < 0)
		return tree;
	/* A device node must stay one: MOUNT_ATTR_NODEV is not for it. */
	rc = sys_mount_setattr(tree, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	return rc < 0 ? rc : sys_move_mount(tree, at);
}

/* False if there is none: not every kernel has every path. */
static bool cover_path(const struct recipe *r, const struct covering *c, int mount,
		       const char *path, bool hidden)
{
	enum stage stage = hidden ? STAGE_MASK : STAGE_READONLY;
	int at = mounting_open_beneath(mount, path, 0);

	if (at == -ENOENT)
		return false;
	must(r, stage, at);
	must(r, stage, cover(c, at, hidden));
	return true;
}

/* The lists of the OCI runtimes' default specification. */
static void cover_all(const struct recipe *r, const struct covering *c)
{
	static const struct {
		const char *path;
		bool hidden;	/* or only read-only */
		bool in_sys;	/* or in /proc */
	} rows[] = {
		{ "acpi", true, false },
		{ "asound", true, false },
		{ "interrupts", true, false },
		{ "kcore", true, false },
		{ "keys", true, false },
		{ "latency_stats", true, false },
		{ "timer_list", true, false },
		{ "timer_stats", true, false },
		{ "sched_debug", true, false },
		{ "scsi", true, false },
		{ "firmware", true, true },
		{ "devices/virtual/powercap", true, true },
		{ "bus", false, false },
		{ "fs", false, false },
		{ "irq", false, false },
		{ "sys", false, false },
		{ "sysrq-trigger", false, false },
	};
	char path[CPU_PATH_SIZE];
	bool more = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cover_path(r, c, rows[i].in_sys ? c->sys : c->proc, rows[i].path, rows[i].hidden);
	/* Where the first CPU has none, as on a virtual machine and on ARM, none has. */
	for (unsigned cpu = 0; more; cpu++) {
		struct text t = TEXT_ON(path);

		text_add(&t, "devices/system/cpu/cpu%u/thermal_throttle", cpu);
		more = cover_path(r, c, c->sys, path, true);
	}
}

/* A cover that is not what it seems would show what it should hide, or let it be
 * written to. */
static int open_null(int dev)
{
	int fd = mounting_open_beneath(dev, "null", 0);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3) ? fd : -ENODEV;
}

/* Without hidepid: in this PID namespace there is nobody but this service, and it
 * would only keep `pith exec`, and a root without CAP_SYS_PTRACE, from seeing
 * their own. */
void view_mount_kernel(const struct recipe *r, int root, int dev)
{
	int proc = mounting_new("proc", NULL, MOUNTING_HARMLESS);
	int sys = mounting_new("sysfs", NULL, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY);
	int cgroup = mounting_new("cgroup2", NULL, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY);
	struct covering c;

	c.proc = must(r, STAGE_PROC, mounting_place(proc, root, "proc"));
	c.sys = must(r, STAGE_SYS, mounting_place(sys, root, "sys"));
	must(r, STAGE_CGROUP_MOUNT, mounting_place(cgroup, sys, "fs/cgroup"));
	c.empty = must(r, STAGE_MASK, sys_openat2(AT_FDCWD, PATH_EMPTY, O_PATH | O_DIRECTORY,
						  RESOLVE_NO_SYMLINKS));
	c.null = must(r, STAGE_MASK, open_null(dev));
	cover_all(r, &c);
}
