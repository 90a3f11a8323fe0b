/*
 * Prepares the system for services: mounts, modules, control groups.
 * Another program may have been PID 1 before us: what it mounted or loaded
 * stays, or comes to lie below ours.  Refuses to know what a service is.
 */
#include "boot.h"

#include <linux/ioprio.h>
#include <sched.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "cgroup/cgroup.h"
#include "console.h"
#include "devices.h"
#include "limit.h"
#include "part.h"
#include "paths.h"
#include "procfile.h"
#include "reexec.h"
#include "rlimits.h"
#include "signals.h"
#include "sys.h"
#include "table.h"
#include "text.h"
#include "version.h"
#include "watchdog.h"

/* What PID 1 must never lose to its services, in bytes. */
#define INIT_MEMORY_MIN "4194304"

/* Not every kernel has it. */
#define PATH_HURRY "/sys/kernel/rcu_expedited"

static int say_failure(const char *what, const char *detail)
{
	int error = errno;

	console_say("%s %s: %s", what, detail, strerror(error));
	return -error;
}

/* Whoever opens a file gets the lowest free number.  With 0 to 2 taken, no
 * fd of ours is ever mistaken for a stream, and 0 can mean "none". */
static void occupy_streams(void)
{
	int fd;

	do {
		fd = open("/", O_PATH | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Tries it in a child: only the kernel knows. */
static bool can_pivot(void)
{
	int status = -1;
	pid_t pid = sys_fork();

	if (pid == 0) {
		_exit(sys_unshare(CLONE_NEWNS) < 0 ||
		      sys_mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
		      sys_mount(PATH_ROOT_STEP, PATH_ROOT_STEP, NULL, MS_BIND, NULL) < 0 ||
		      chdir(PATH_ROOT_STEP) < 0 || sys_pivot_root(".", ".") < 0);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* The root mount of an initramfs has no parent, so pivot_root(2) refuses it
 * in every child.  Bound to a folder and moved over itself, it has one; not
 * a file is copied.  Kernels that mount the initramfs over an immutable root
 * need none of this. */
static void leave_rootfs(void)
{
	/* The kernel makes its first root writable for all. */
	chmod("/", 0755);
	mkdir(PATH_ROOT_STEP, 0755);
	if (can_pivot())
		return;
	if (sys_mount("/", PATH_ROOT_STEP, NULL, MS_BIND | MS_REC, NULL) < 0 ||
	    chdir(PATH_ROOT_STEP) < 0 || sys_mount(".", "/", NULL, MS_MOVE, NULL) < 0 ||
	    chroot(".") < 0 || chdir("/") < 0)
		say_failure("moving", "/");
}

static void mount_early(void)
{
	static const struct {
		const char *type, *target, *data;
		unsigned long flags;
	} rows[] = {
		{ "devtmpfs", "/dev", "mode=0755", MS_NOSUID },
		{ "proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC },
		{ "sysfs", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC },
		/* Nobody inside a cgroup namespace may change its own limits. */
		{ "cgroup2", PATH_CGROUP, "nsdelegate", MS_NOSUID | MS_NODEV | MS_NOEXEC },
		{ "tmpfs", "/run", "mode=0755", MS_NOSUID | MS_NODEV },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mkdir(rows[i].target, 0755);
		if (sys_mount(rows[i].type, rows[i].target, rows[i].type, rows[i].flags,
			      rows[i].data) < 0 && errno != EBUSY)
			say_failure("mounting", rows[i].target);
	}
	if (mkdir(PATH_RUN, 0700) < 0 || mkdir(PATH_EMPTY, 0555) < 0)
		say_failure("making", PATH_EMPTY);
}

static void set(const char *path, const char *text)
{
	int rc = procfile_write(path, text);

	if (rc < 0)
		console_say("writing %s: %s", path, strerror(-rc));
}

/* Without a number there, a panic would hang the board for ever.  One on the
 * kernel's command line stays. */
static void set_panic(void)
{
	if (procfile_first("/proc/sys/kernel/panic") == '0')
		set("/proc/sys/kernel/panic", "10");
}

/* What another PID 1 may have set, our children would inherit.  musl has
 * only a stub of sched_setscheduler(2). */
static void reset_inherited(void)
{
	const struct sched_param normal = { 0 };

	syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, &normal);
	setpriority(PRIO_PROCESS, 0, 0);
	syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, 0);
	prctl(PR_SET_TIMERSLACK, 0);
	/* Among others, addresses that are always the same. */
	personality(PER_LINUX);
}

/* Some steps of a boot wait until every CPU has passed a quiet point: 8 ms for PID 1
 * to change its cgroup, 10 for the firewall.  Asked to hurry, the kernel interrupts
 * the CPUs instead, which is nobody's loss before there is a service. */
static void hurry(void)
{
	if (procfile_first(PATH_HURRY) != '0')
		return;
	/* Put down before it is done: nobody would end it after a crash. */
	state->hurried = true;
	if (procfile_write(PATH_HURRY, "1") < 0)
		state->hurried = false;
}

void boot_over(void)
{
	if (state->hurried)
		set(PATH_HURRY, "0");
	state->hurried = false;
}

/* A service without a filter might ask these.  Not every kernel has each. */
static void close_kernel(void)
{
	static const struct {
		const char *path, *value;
	} rows[] = {
		{ "/proc/sys/kernel/dmesg_restrict", "1" },
		{ "/proc/sys/kernel/kptr_restrict", "1" },
		{ "/proc/sys/kernel/unprivileged_bpf_disabled", "1" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (access(rows[i].path, F_OK) == 0)
			set(rows[i].path, rows[i].value);
}

static void lift_limits(void)
{
	int rc = rlimits_lift();

	if (rc < 0)
		console_say("raising its resource limits: %s", strerror(-rc));
}

static void protect_self(void)
{
	umask(022);
	set("/proc/self/oom_score_adj", "-1000");
	lift_limits();
	set_panic();
	close_kernel();
	/* ctrl-alt-del becomes SIGINT. */
	reboot(RB_DISABLE_CAD);
}

/* A board without a clock of its own begins in 1970, when no certificate is valid
 * yet.  It cannot be earlier than its image. */
static void set_clock(void)
{
	const struct timespec floor = { .tv_sec = (time_t)board.clock_floor_s };
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec >= floor.tv_sec)
		return;
	if (clock_settime(CLOCK_REALTIME, &floor) < 0)
		say_failure("setting", "the clock");
	else
		console_say("the clock was %llu days behind this image: set to its time",
			    (unsigned long long)(floor.tv_sec - now.tv_sec) / 86400);
}

/* "/sys/module/", and a name below 56 bytes (MODULE_NAME_LEN). */
#define MODULE_PATH_SIZE 72

/* Asked for what it has, the kernel would read the whole file first. */
static bool is_loaded(const char *file)
{
	char path[MODULE_PATH_SIZE];
	struct text t = TEXT_ON(path);
	const char *name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;

	text_add(&t, "/sys/module/");
	for (; *name && *name != '.'; name++)
		text_add(&t, "%c", *name == '-' ? '_' : *name);
	text_add(&t, "/initstate");
	return !t.cut && access(path, F_OK) == 0;
}

static void load_modules(void)
{
	for (const char *const *path = board.modules; *path; path++) {
		int fd;

		if (is_loaded(*path))
			continue;
		fd = open(*path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || (sys_finit_module(fd, "", 0) < 0 && errno != EEXIST))
			say_failure("module", *path);
		if (fd >= 0)
			close(fd);
	}
}

/* Whether a limit of any service is the controller's: each that is on costs every
 * service's cgroup some files and counters. */
static bool is_used(const char *controller)
{
	const unsigned count = SERVICE_COUNT;
	const size_t len = strlen(controller);

	for (unsigned id = 0; id < count; id++)
		for (unsigned i = 0; i < services[id].limit_count; i++)
			if (!strncmp(services[id].limits[i].file, controller, len) &&
			    services[id].limits[i].file[len] == '.')
				return true;
	return false;
}

static void enable_controllers(int dir)
{
	/* The others tell what a service uses even where nothing limits it. */
	static const struct {
		const char *name;
		bool when_used;
	} controllers[] = {
		{ "cpuset", true }, { "cpu", false }, { "io", false }, { "memory", false },
		{ "pids", false }, { "hugetlb", true }, { "rdma", true },
	};

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
		int rc = 0;

		if (!controllers[i].when_used || is_used(controllers[i].name))
			rc = cgroup_enable(dir, controllers[i].name);
		if (rc < 0)
			console_say("cgroup controller %s: %s; is it switched off on the kernel's "
				    "command line?", controllers[i].name, strerror(-rc));
	}
}

/* A group of its own for PID 1, one for its helpers with whatever an operator
 * starts from them, and one that holds all services' groups. */
static int make_cgroups(void)
{
	const char *what = "cgroup.procs";
	struct limit_result limits;
	int root = open(PATH_CGROUP, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int own, helpers, services_dir, rc;

	if (root < 0)
		return say_failure("opening", PATH_CGROUP);
	enable_controllers(root);
	own = cgroup_make(root, "init");
	rc = own < 0 ? own : cgroup_enter(own);
	if (rc >= 0)
		rc = cgroup_write(own, what = "memory.min", INIT_MEMORY_MIN);
	if (rc < 0)
		console_say("cgroup init: %s: %s", what, strerror(-rc));
	helpers = cgroup_make(root, "helpers");
	if (helpers < 0)
		console_say("cgroup helpers: %s", strerror(-helpers));
	else
		close(helpers);
	services_dir = cgroup_make(root, "svc");
	rc = services_dir;
	if (rc >= 0) {
		enable_controllers(services_dir);
		rc = limit_apply(services_dir, board.limits, board.limit_count, &limits);
		what = limits.refused;
	}
	if (rc < 0)
		console_say("cgroup svc: %s: %s", what, strerror(-rc));
	if (own >= 0)
		close(own);
	close(root);
	return services_dir;
}

/* Without it no service starts: the next of them would be free to use any node
 * that it gets hold of. */
static void confine_devices(struct sandbox_site *site)
{
	site->devices_error = devices_confine_all(site->cgroup_fd);
	if (site->devices_error < 0)
		console_say("keeping the services from devices: %s; does the kernel have "
			    "CGROUP_BPF?", strerror(-site->devices_error));
}

static void boot_parts(struct sandbox_site *site, enum state_origin origin)
{
	FOR_EACH_PART_WITH(boot)
		part->boot(site, origin);
}

void boot_self(void)
{
	signals_block();
	occupy_streams();
}

void boot(struct sandbox_site *site)
{
	reset_inherited();
	leave_rootfs();
	mount_early();
	hurry();
	console_open();
	console_say("version " PITH_VERSION);
	watchdog_open(board.watchdog_timeout_s, false);
	protect_self();
	load_modules();
	set_clock();
	watchdog_open(board.watchdog_timeout_s, true);
	site->cgroup_fd = make_cgroups();
	confine_devices(site);
	boot_parts(site, STATE_FRESH);
}

void boot_again(struct sandbox_site *site, enum state_origin origin)
{
	console_open();
	reexec_tell();
	lift_limits();
	if (origin != STATE_KEPT)
		load_modules();
	watchdog_open(board.watchdog_timeout_s, origin != STATE_KEPT);
	/* All of it is there already, and is taken again. */
	site->cgroup_fd = make_cgroups();
	confine_devices(site);
	boot_parts(site, origin);
}
