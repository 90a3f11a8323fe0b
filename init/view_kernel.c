/*
 * A service's /proc and /sys, and what of them is hidden or read-only.  Both are the
 * kernel's and were mounted for it alone, so a name in them leads where it says; it is
 * covered by a mount that has its attributes already.
 */
#include "view_parts.h"

#include <stdbool.h>

#include "mounting.h"
#include "paths.h"
#include "text.h"

/* "/sys/devices/system/cpu/cpu", at most 10 digits, "/thermal_throttle". */
#define CPU_PATH_SIZE 64

/* The covers, as they are mounted inside, read-only: the null device that was made for
 * this service, and an empty folder, which every kernel's /sys gets first of all.  The
 * latter is where we work while things are covered. */
#define NULL_COVER	"/dev/null"
#define EMPTY_PLACE	"firmware"
#define EMPTY_COVER	"."

/* False if there is none: not every kernel has every path.  The kernel would say the same
 * of a cover that is missing, so that has to be sure before. */
static bool cover(const struct recipe *r, enum stage stage, const char *path, const char *by)
{
	int rc = sys_mount(by, path, NULL, MS_BIND, NULL);

	if (rc == -ENOENT)
		return false;
	must(r, stage, rc);
	return true;
}

static bool is_there(unsigned cpu)
{
	char path[CPU_PATH_SIZE];
	struct text t = TEXT_ON(path);

	text_add(&t, "/sys/devices/system/cpu/cpu%u", cpu);
	return SYS_INT(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
}

/* The lists of the OCI runtimes' default specification. */
static void cover_in_sys(const struct recipe *r)
{
	char path[CPU_PATH_SIZE];
	bool more = true;

	cover(r, STAGE_MASK, "/sys/devices/virtual/powercap", EMPTY_COVER);
	/* Where the first CPU has none, as on a virtual machine and on ARM, none has.  One
	 * that is offline has none either, which says nothing of those behind it. */
	for (unsigned cpu = 0; more; cpu++) {
		struct text t = TEXT_ON(path);

		text_add(&t, "/sys/devices/system/cpu/cpu%u/thermal_throttle", cpu);
		more = cover(r, STAGE_MASK, path, EMPTY_COVER) || (cpu && is_there(cpu));
	}
}

/* But for timer_stats and sched_debug, which are not there since 4.11 and 5.13. */
static void cover_in_proc(const struct recipe *r)
{
	static const struct {
		const char *path, *by;
	} rows[] = {
		{ "/proc/acpi", EMPTY_COVER },
		{ "/proc/asound", EMPTY_COVER },
		{ "/proc/kcore", NULL_COVER },
		{ "/proc/keys", NULL_COVER },
		{ "/proc/latency_stats", NULL_COVER },
		{ "/proc/timer_list", NULL_COVER },
		{ "/proc/scsi", EMPTY_COVER },
	};
	/* Each by itself, as it is while all of it is read-only. */
	static const char *const read_only[] = {
		"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
	};

	/* Every kernel has this one, so its cover is there as well. */
	must(r, STAGE_MASK, sys_mount(NULL_COVER, "/proc/interrupts", NULL, MS_BIND, NULL));
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
}

/* Without hidepid: in this PID namespace there is nobody but this service, and it
 * would only keep `pith exec`, and a root without CAP_SYS_PTRACE, from seeing
 * their own. */
void view_mount_proc(struct recipe *r)
{
	int proc = must(r, STAGE_PROC, mounting_new("proc", NULL,
						    MOUNTING_HARMLESS | MOUNT_ATTR_RDONLY));

	must(r, STAGE_PROC, sys_move_mount_to(proc, "/proc"));
	must(r, STAGE_MASK, SYS_INT(SYS_chdir, "/sys/" EMPTY_PLACE));
	/* Not once for all starts: a module or a CPU may have come since. */
	cover_in_sys(r);
	cover_in_proc(r);
	must(r, STAGE_PROC, sys_mount_set_writable(proc));
	must(r, STAGE_PROC, SYS_INT(SYS_chdir, "/"));
	r->proc_fd = proc;
}
