/*
 * What outlives the runs of a service, by the floor: cgroup with its limits, log pipe, and
 * user, network and UTS namespaces with a pair of interfaces.
 *
 * The child that makes the namespaces shares memory and files with its parent, which goes on
 * when it has ended: so nobody has to wait for a message.  Its maps are written when it is a
 * zombie, which has its user namespace still; and the sockets that it leaves behind work on
 * its network namespace.
 */
#include "floor.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup/cgroup.h"
#include "has.h"
#include "interface.h"
#include "limit.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/neigh.h"
#include "netsetup/nlsock.h"
#include "netsetup/route.h"
#include "sys.h"

struct inside {
	struct floor_box *box;
	int route, groups;	/* of the network namespace: a socket, and a sysctl */
};

/* To a number of so many bytes, the highest first. */
static void add(uint8_t *bytes, int size, unsigned number)
{
	for (int at = size - 1; at >= 0; at--, number >>= 8) {
		number += bytes[at];
		bytes[at] = (uint8_t)number;
	}
}

void floor_box_name(struct floor_box *box, unsigned number)
{
	*box = (struct floor_box){ .row = services[0] };
	if (!number)
		return;
	snprintf(box->name, sizeof(box->name), "f%u", number);
	box->row.name = box->name;
	box->row.address += number;
	box->row.uid_base += number * SERVICE_ID_RANGE;
	add(box->row.address6, sizeof(box->row.address6), number);
	add(box->row.mac + 2, sizeof(box->row.mac) - 2, number);
}

static void make_cgroup(struct floor_box *box)
{
	const struct service *s = &box->row;
	struct limit_result ignored;

	box->cgroup = floor_must("cgroup", cgroup_make(floor_site.cgroup, s->name));
	floor_mark("cgroup");
	floor_must("limits", limit_apply(box->cgroup, s->limits, s->limit_count, &ignored));
	floor_mark("limits");
}

static void make_log(struct floor_box *box)
{
	int ends[2];

	floor_must("pipe", pipe2(ends, O_CLOEXEC));
	floor_must("pipe", fchown(ends[1], box->row.uid_base + box->row.uid,
				  box->row.uid_base + box->row.gid));
	box->log_read = ends[0];
	box->log_write = ends[1];
	floor_mark("log pipe");
}

static int open_file(const char *path, int flags)
{
	return floor_must(path, SYS_INT(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC));
}

/* The namespace that another one, or a socket, belongs to: that costs less than a path in /proc. */
static int ask_namespace(int fd, unsigned long request)
{
	int rc = ioctl(fd, request);

	return floor_must("ns", rc < 0 ? -errno : rc);
}

/* All in the namespaces that need one: it has every capability in them. */
static _Noreturn void make_namespaces(void *arg)
{
	struct inside *in = arg;
	const struct service *s = &in->box->row;

	floor_mark("clone of namespaces");
	floor_must("host name", sethostname(s->hostname, strlen(s->hostname)));
	floor_write("/proc/sys/user/max_user_namespaces", "0");
	floor_write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	in->groups = open_file("/proc/sys/net/ipv4/ping_group_range", O_WRONLY);
	floor_mark("host name, sysctls");
	in->route = floor_must("netlink", nlsock_open(NETLINK_ROUTE));
	in->box->uts = open_file("/proc/self/ns/uts", O_RDONLY);
	in->box->user = ask_namespace(in->box->uts, NS_GET_USERNS);
	in->box->net = ask_namespace(in->route, SIOCGSKNS);
	floor_mark("holding namespaces");
	_exit(0);
}

static void write_map(pid_t pid, const char *file, const struct service *s)
{
	char path[40], map[32];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	snprintf(map, sizeof(map), "0 %u %u", s->uid_base, SERVICE_ID_RANGE);
	floor_write(path, map);
}

static void map_ids(const struct inside *in, pid_t pid)
{
	const struct service *s = &in->box->row;
	char groups[24];
	int len;

	write_map(pid, "uid_map", s);
	write_map(pid, "gid_map", s);
	/* As the groups are called out here. */
	len = snprintf(groups, sizeof(groups), "%u %u", s->uid_base,
		       s->uid_base + SERVICE_ID_RANGE - 1);
	if (write(in->groups, groups, (size_t)len) < 0)
		floor_must("ping_group_range", -errno);
	close(in->groups);
	waitpid(pid, NULL, 0);
	floor_mark("id maps");
}

/* The same messages as pith's (sandbox_namespaces.c). */
static void put_pair(struct nlmsg *m, const struct floor_box *box, const struct bridge *bridge)
{
	const struct service *s = &box->row;
	const int32_t port = interface_index(s->address);
	const int32_t master = interface_index(bridge->address);

	link_put_veth(m, &(struct link_veth){
		.name = s->name, .index = port, .master = master, .mac = bridge->mac,
		.peer_name = INSIDE_NAME, .peer_index = INSIDE_INDEX, .peer_mac = s->mac,
		.peer_netns_fd = box->net, .mtu_bytes = board.mtu_bytes,
	});
	link_put_port(m, port, &(struct link_port){ .isolated = true,
						    .group_forward = (uint16_t)~(1u << 1) });
	neigh_put_bridge(m, port, s->mac);
	neigh_put_ipv4(m, master, s->address, s->mac);
	if (s->ipv6 && floor_site.ipv6)
		neigh_put_ipv6(m, master, s->address6, s->mac);
}

/* And those of its inside.c, with lo among them. */
static void put_inside(struct nlmsg *m, const struct service *s, const struct bridge *bridge)
{
	const uint32_t gateway = htobe32(bridge->address);

	link_put_up_at(m, LOOPBACK_INDEX);
	link_put_up_at(m, INSIDE_INDEX);
	addr_put_ipv4(m, INSIDE_INDEX, s->address, 32);
	neigh_put_ipv4(m, INSIDE_INDEX, bridge->address, bridge->mac);
	route_put(m, &(struct route){ .family = AF_INET, .gateway = (const uint8_t *)&gateway,
				      .onlink = true, .index = INSIDE_INDEX });
	if (!s->ipv6 || !floor_site.ipv6)
		return;
	addr_put_ipv6(m, INSIDE_INDEX, s->address6, 128, ADDR_NODAD);
	neigh_put_ipv6(m, INSIDE_INDEX, bridge->address6, bridge->mac);
	route_put(m, &(struct route){ .family = AF_INET6, .gateway = bridge->address6,
				      .onlink = true, .index = INSIDE_INDEX });
}

static void connect_bridge(const struct inside *in)
{
	const struct service *s = &in->box->row;
	uint8_t buf[1024];
	struct nlmsg m;

	if (has_pair(s)) {
		nlmsg_init(&m, buf, sizeof(buf));
		put_pair(&m, in->box, &board.bridges[s->bridge]);
		floor_must("veth", nlsock_send(floor_site.route, &m, NULL));
		floor_mark("veth pair");
	}
	nlmsg_init(&m, buf, sizeof(buf));
	if (has_pair(s))
		put_inside(&m, s, &board.bridges[s->bridge]);
	else
		link_put_up_at(&m, LOOPBACK_INDEX);
	floor_must("address", nlsock_send(in->route, &m, NULL));
	close(in->route);
	floor_mark("addresses, routes");
}

void floor_sandbox_make(struct floor_box *box)
{
	struct clone_args args = {
		.flags = CLONE_FILES | CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWUTS,
	};
	struct inside in = { .box = box };
	pid_t pid;

	make_cgroup(box);
	make_log(box);
	pid = floor_clone(&args, false, make_namespaces, &in);
	floor_check();
	floor_mark("end of the child");
	map_ids(&in, pid);
	connect_bridge(&in);
}
