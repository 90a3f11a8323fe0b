/*
 * The namespaces of a sandbox: a short-lived child makes them and configures them
 * from inside (inside.h); here is its parent's part, which never waits.  Refuses
 * to know what of them a run then joins.
 */
#include "sandbox.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "fds.h"
#include "has.h"
#include "inside.h"
#include "interface.h"
#include "netsetup/link.h"
#include "netsetup/neigh.h"
#include "procfile.h"
#include "spawn.h"
#include "sys.h"
#include "text.h"

/* The pair's message is below 260 bytes, with two names, MACs and MTUs; those about
 * its port and the ways to it are below 220 together. */
#define MESSAGE_SIZE 512

/* "/proc/", a pid of at most 7 digits, and the longest tail, "/ns/user". */
#define PROC_PATH_SIZE 40

/* /proc/<pid>/<tail>, of a child that is ours until it is reaped. */
static const char *proc_path(char *buf, pid_t pid, const char *tail)
{
	struct text t = { .buf = buf, .size = PROC_PATH_SIZE };

	text_add(&t, "/proc/%d/%s", pid, tail);
	return buf;
}

static int hold_namespaces(const struct service *s, struct sandbox *box, pid_t pid,
			   struct start_error *err)
{
	const struct {
		const char *tail;
		enum fd_kind kind;
		int *fd;
		bool own;
	} rows[] = {
		{ "ns/user", FD_USER, &box->user_fd, s->userns },
		{ "ns/net", FD_NET, &box->net_fd, service_has_own_net(s) },
		{ "ns/uts", FD_UTS, &box->uts_fd, true },
	};
	const uint16_t id = (uint16_t)(s - services);
	char path[PROC_PATH_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd;

		if (!rows[i].own)
			continue;
		fd = open(proc_path(path, pid, rows[i].tail), O_RDONLY | O_CLOEXEC);
		fd = fds_keep(fd < 0 ? -errno : fd, fds_number(id, rows[i].kind));
		if (fd < 0)
			return start_error_set(err, STAGE_NAMESPACE_FD, fd, rows[i].tail);
		*rows[i].fd = fd;
	}
	return 0;
}

static int map_ids(const struct service *s, pid_t pid, struct start_error *err)
{
	static const char *const files[] = { "uid_map", "gid_map" };
	char path[PROC_PATH_SIZE], map[32];
	struct text t = TEXT_ON(map);

	text_add(&t, "0 %u %u", s->uid_base, SERVICE_ID_RANGE);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int rc = procfile_write(proc_path(path, pid, files[i]), map);

		if (rc < 0)
			return start_error_set(err, STAGE_ID_MAP, rc, files[i]);
	}
	return 0;
}

/* Whatever has the name or the index of a service's interface is of a sandbox that
 * was given up: the kernel takes its time to bury a network namespace. */
static void remove_link(const struct service *s, const struct sandbox_site *site)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_removal(&m, s->name);
	link_put_removal_at(&m, interface_index(s->address));
	nlsock_send(site->route_fd, &m, NULL);
}

/* The pair with the bridge's end of it, and who is behind that: its port sends to
 * nobody but the bridge and gets only what is addressed to the service, nothing gets
 * past the bridge's rules, and neither the bridge nor the board asks, or believes
 * anybody, where an address is. */
static void put_pair(struct nlmsg *m, const struct service *s, const struct bridge *bridge,
		     int net_fd, bool ipv6)
{
	const int32_t port = interface_index(s->address);
	const int32_t master = interface_index(bridge->address);

	link_put_veth(m, &(struct link_veth){
		/* With the bridge's own MAC it does not have to note one more. */
		.name = s->name, .index = port, .master = master, .mac = bridge->mac,
		.peer_name = INSIDE_NAME, .peer_index = INSIDE_INDEX, .peer_mac = s->mac,
		.peer_netns_fd = net_fd, .mtu_bytes = board.mtu_bytes,
	});
	link_put_port(m, port, &(struct link_port){ .isolated = true,
						    .group_forward = (uint16_t)~(1u << 1) });
	neigh_put_bridge(m, port, s->mac);
	neigh_put_ipv4(m, master, s->address, s->mac);
	if (ipv6)
		neigh_put_ipv6(m, master, s->address6, s->mac);
}

static int connect_bridge(const struct service *s, const struct sandbox_site *site,
			  const struct sandbox *box, struct start_error *err)
{
	const struct bridge *bridge = &board.bridges[s->bridge];
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	struct nlsock_error answer;
	int rc;

	nlmsg_init(&m, buf, sizeof(buf));
	put_pair(&m, s, bridge, box->net_fd, s->ipv6 && site->ipv6);
	rc = nlsock_send(site->route_fd, &m, &answer);
	if (rc == -EEXIST) {
		remove_link(s, site);
		rc = nlsock_send(site->route_fd, &m, &answer);
	}
	if (rc == 0)
		return 0;
	/* The kernel has but -EINVAL for it. */
	if (nlsock_link_index(site->route_fd, bridge->name) < 0)
		return start_error_set(err, STAGE_VETH, -ENODEV, bridge->name);
	memcpy(err->words, answer.text, sizeof(err->words));
	return start_error_set(err, STAGE_VETH, rc, s->name);
}

static int equip(const struct service *s, const struct sandbox_site *site,
		 struct sandbox *box, pid_t pid, struct start_error *err)
{
	int rc = hold_namespaces(s, box, pid, err);

	if (rc == 0 && s->userns)
		rc = map_ids(s, pid, err);
	if (rc == 0 && has_pair(s))
		rc = connect_bridge(s, site, box, err);
	return rc;
}

int sandbox_clone(const struct service *s, const struct sandbox_site *site,
		  struct sandbox *box, struct spawned *child, struct start_error *err)
{
	/* Not into the service's cgroup: what the kernel keeps for a network
	 * namespace would be taken off the service's memory for ever. */
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND | CLONE_NEWUTS |
			 (s->userns ? CLONE_NEWUSER : 0) |
			 (service_has_own_net(s) ? CLONE_NEWNET : 0),
		.exit_signal = SIGCHLD,
	};
	int pair[2], pidfd = 0, rc;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return start_error_set(err, STAGE_CLONE, -errno, "a socket pair");
	args.pidfd = (uintptr_t)&pidfd;
	pid = sys_clone3(&args);
	if (pid == 0) {
		/* With this end open, the child would never see its parent go. */
		close(pair[0]);
		inside_configure(&(struct recipe){ .service = s, .box = box, .ipv6 = site->ipv6,
						   .report_fd = pair[1] });
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return start_error_set(err, STAGE_CLONE, pid, NULL);
	}
	rc = equip(s, site, box, pid, err);
	if (rc == 0)
		rc = spawned_keep(child, s, pid, pidfd, pair[0], err);
	else
		spawned_give_up(pidfd, pair[0]);
	if (rc == 0 && (fcntl(child->status_fd, F_SETFL, O_NONBLOCK) < 0 ||
			send(child->status_fd, "", 1, MSG_NOSIGNAL) < 0)) {
		rc = start_error_set(err, STAGE_CLONE, -errno, "a socket pair");
		spawned_give_up(child->pidfd, child->status_fd);
	}
	if (rc < 0)
		sandbox_release_namespaces(box);
	return rc;
}

bool sandbox_has_namespaces(const struct service *s, const struct sandbox *box)
{
	return (box->user_fd || !s->userns) && (box->net_fd || !service_has_own_net(s)) &&
	       box->uts_fd;
}

void sandbox_release_namespaces(struct sandbox *box)
{
	fds_drop(&box->user_fd);
	fds_drop(&box->net_fd);
	fds_drop(&box->uts_fd);
}
