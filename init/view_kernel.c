/*
 * A service's /proc and /sys, and what of them is hidden or read-only.  Both are the
 * kernel's and were mounted just before, so a name in them leads where it says; it is
 * covered by a mount that has its attributes already.
 */
#include "view_parts.h"

#include <stdbool.h>

#include "mounting.h"
#include "paths.h"
#include "text.h"

/* "devices/system/cpu/cpu", at most 10 digits, "/thermal_throttle". */
#define CPU_PATH_SIZE 64

/* The covers, as they are mounted inside, read-only: the null device that was made for
 * this service, and an empty folder, which every kernel's /sys gets first of all. */
#define NULL_COVER	"/dev/null"
#define EMPTY_PLACE	"firmware"
#define EMPTY_COVER	"/sys/" EMPTY_PLACE

/* Below the working directory.  False if there is none: not every kernel has every
 * path. */
static bool cover(const struct recipe *r, enum stage stage, const char *path, const char *by)
{
	int rc = sys_mount(by, path, NULL, MS_BIND, NULL);

	if (rc == -ENOENT)
		return false;
	must(r, stage, rc);
	return true;
}

/* The lists of the OCI runtimes' default specification. */
static void cover_in_sys(const struct recipe *r)
{
	char path[CPU_PATH_SIZE];
	bool more = true;

	cover(r, STAGE_MASK, "devices/virtual/powercap", EMPTY_PLACE);
	/* Where the first CPU has none, as on a virtual machine and on ARM, none has. */
	for (unsigned cpu = 0; more; cpu++) {
		struct text t = TEXT_ON(path);

		text_add(&t, "devices/system/cpu/cpu%u/thermal_throttle", cpu);
		more = cover(r, STAGE_MASK, path, EMPTY_PLACE);
	}
}

/* But for timer_stats and sched_debug, which are not there since 4.11 and 5.13.  One that
 * may come with a module is looked for at each start. */
static void cover_in_proc(const struct recipe *r)
{
	static const struct {
		const char *path, *by;
	} rows[] = {
		{ "acpi", EMPTY_COVER },
		{ "asound", EMPTY_COVER },
		{ "interrupts", NULL_COVER },
		{ "kcore", NULL_COVER },
		{ "keys", NULL_COVER },
		{ "latency_stats", NULL_COVER },
		{ "timer_list", NULL_COVER },
		{ "scsi", EMPTY_COVER },
	};
	/* Each by itself, as it is while all of it is read-only. */
	static const char *const read_only[] = { "bus", "fs", "irq", "sys", "sysrq-trigger" };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cover(r, STAGE_MASK, rows[i].path, rows[i].by);
	for (size_t i = 0; i < sizeof(read_only) / sizeof(read_only[0]); i++)
		cover(r, STAGE_READONLY, read_only[i], read_only[i]);
}

static void place_empty(const struct recipe *r)
{
	int empty = must(r, STAGE_MASK, sys_open_tree(AT_FDCWD, PATH_EMPTY, OPEN_TREE_CLONE));

	must(r, STAGE_MASK, sys_mount_setattr(empty, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));
	must(r, STAGE_MASK, sys_move_mount_to(empty, EMPTY_PLACE));
}

void view_mount_sys(const struct recipe *r, int root)
{
	int sys = must(r, STAGE_SYS, mounting_new("sysfs", NULL,
						  MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));
	int cgroup = must(r, STAGE_CGROUP_MOUNT,
			  mounting_new("cgroup2", NULL, MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));

	must(r, STAGE_SYS, mounting_place(sys, root, "sys"));
	must(r, STAGE_SYS, SYS_INT(SYS_fchdir, sys));
	must(r, STAGE_CGROUP_MOUNT, sys_move_mount_to(cgroup, "fs/cgroup"));
	place_empty(r);
	cover_in_sys(r);
}

/* Without hidepid: in this PID namespace there is nobody but this service, and it
 * would only keep `pith exec`, and a root without CAP_SYS_PTRACE, from seeing
 * their own. */
void view_mount_proc(struct recipe *r)
{
	int proc = must(r, STAGE_PROC, mounting_new("proc", NULL,
						    MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));

	must(r, STAGE_PROC, sys_move_mount_to(proc, "/proc"));
	must(r, STAGE_PROC, SYS_INT(SYS_fchdir, proc));
	cover_in_proc(r);
	must(r, STAGE_PROC, sys_mount_set_writable(proc));
	must(r, STAGE_PROC, SYS_INT(SYS_chdir, "/"));
	r->proc_fd = proc;
}
