/*
 * What the floor finds, or makes, before the first of its services: the same mounts, cgroups,
 * bridge and firewall as pith makes, by the same libraries.  None of it is measured.
 */
#include "floor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "console.h"
#include "devices.h"
#include "interface.h"
#include "limit.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/nlsock.h"
#include "network_settings.h"
#include "paths.h"
#include "rlimits.h"
#include "sys.h"
#include "unpack.h"

struct floor_site floor_site;

/* For what the network's settings have to say. */
void console_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("# ", stdout);
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
}

/* As the program that the kernel started there are neither mounts nor modules. */
static void be_first(void)
{
	static const struct {
		const char *type, *target, *data;
		unsigned long flags;
	} rows[] = {
		{ "devtmpfs", "/dev", "mode=0755", MS_NOSUID },
		{ "proc", "/proc", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC },
		{ "sysfs", "/sys", NULL, MS_NOSUID | MS_NODEV | MS_NOEXEC },
		{ "cgroup2", PATH_CGROUP, "nsdelegate", MS_NOSUID | MS_NODEV | MS_NOEXEC },
		{ "tmpfs", "/run", "mode=0755", MS_NOSUID | MS_NODEV },
	};

	/* The root of an initramfs cannot be pivoted away; one that was moved over it can. */
	chmod("/", 0755);
	mkdir(PATH_ROOT_STEP, 0755);
	floor_must("moving the root", sys_mount("/", PATH_ROOT_STEP, NULL, MS_BIND | MS_REC, NULL));
	if (chdir(PATH_ROOT_STEP) < 0 || sys_mount(".", "/", NULL, MS_MOVE, NULL) < 0 ||
	    chroot(".") < 0 || chdir("/") < 0)
		floor_must("moving the root", -errno);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mkdir(rows[i].target, 0755);
		floor_must(rows[i].target, sys_mount(rows[i].type, rows[i].target, rows[i].type,
						     rows[i].flags, rows[i].data));
	}
	for (const char *const *path = board.modules; *path; path++) {
		int fd = open(*path, O_RDONLY | O_CLOEXEC);

		/* A CPU may lack what one of them needs. */
		if (fd >= 0)
			sys_finit_module(fd, "", 0);
		close(fd);
	}
}

/* Those that pith enables whatever services say. */
static void enable(int dir)
{
	static const char *const names[] = { "cpu", "io", "memory", "pids" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cgroup_enable(dir, names[i]);
}

static void make_cgroups(void)
{
	int root = floor_must(PATH_CGROUP, SYS_INT(SYS_openat, AT_FDCWD, PATH_CGROUP,
						   O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	int own = floor_must("cgroup", cgroup_make(root, "init"));
	struct limit_result ignored;

	enable(root);
	floor_must("cgroup.procs", cgroup_enter(own));
	floor_site.cgroup = floor_must("cgroup", cgroup_make(root, "svc"));
	enable(floor_site.cgroup);
	limit_apply(floor_site.cgroup, board.limits, board.limit_count, &ignored);
	floor_must("device filter", devices_confine_all(floor_site.cgroup));
	close(own);
	close(root);
}

static void load_firewall(void)
{
	uint8_t *bytes = malloc(board.firewall_bytes);
	int fd = floor_must("netlink", nlsock_open(NETLINK_NETFILTER));

	floor_must("firewall", unpack(board.firewall, board.firewall_packed, bytes,
				      board.firewall_bytes));
	floor_must("firewall", nlsock_send_bytes(fd, bytes, board.firewall_bytes, NULL));
	close(fd);
	free(bytes);
}

static void make_bridge(const struct bridge *bridge)
{
	const int32_t index = interface_index(bridge->address);
	uint8_t buf[512];
	struct nlmsg m;

	if (nlsock_link_index(floor_site.route, bridge->name) == index)
		return;
	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up_at(&m, LOOPBACK_INDEX);
	link_put_bridge(&m, &(struct link_bridge){
		.name = bridge->name, .index = index, .mac = bridge->mac,
		.mtu_bytes = board.mtu_bytes,
	});
	addr_put_ipv4(&m, index, bridge->address, bridge->prefix);
	if (bridge->ipv6 && floor_site.ipv6)
		addr_put_ipv6(&m, index, bridge->address6, 64, ADDR_NODAD);
	floor_must("bridge", nlsock_send(floor_site.route, &m, NULL));
}

void floor_site_make(void)
{
	if (getpid() == 1)
		be_first();
	mkdir(PATH_RUN, 0700);
	mkdir(PATH_EMPTY, 0555);
	floor_write("/proc/self/oom_score_adj", "-1000");
	floor_must("rlimits", rlimits_lift());
	make_cgroups();
	floor_site.ipv6 = network_has_ipv6();
	floor_site.route = floor_must("netlink", nlsock_open(NETLINK_ROUTE));
	network_set(floor_site.ipv6);
	if (board.firewall)
		load_firewall();
	for (unsigned i = 0; i < board.bridge_count; i++)
		make_bridge(&board.bridges[i]);
	network_forward(floor_site.ipv6);
	for (unsigned i = 0; i < board.bridge_count; i++)
		network_forward_from(board.bridges[i].name);
}
