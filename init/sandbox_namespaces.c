/*
 * The namespaces of a sandbox: how they are made (inside.h), held, given their ids
 * and tied to a bridge.  Refuses to know what of them a run then joins.
 */
#include "sandbox.h"

#include <string.h>

#include "fds.h"
#include "has.h"
#include "inside.h"
#include "interface.h"
#include "netsetup/link.h"
#include "netsetup/neigh.h"
#include "procfile.h"
#include "sys.h"
#include "text.h"

/* The pair's message is below 260 bytes, with two names, MACs and MTUs; those about
 * its port and the ways to it are below 220 together. */
#define MESSAGE_SIZE 512

/* "/proc/", a pid of at most 7 digits, and "/uid_map". */
#define PROC_PATH_SIZE 40

static int hold_namespaces(struct inside *in, struct sandbox *box)
{
	const struct {
		const char *name;
		enum fd_kind kind;
		int *from, *to;
	} rows[] = {
		{ "user", FD_USER, &in->user_fd, &box->user_fd },
		{ "net", FD_NET, &in->net_fd, &box->net_fd },
		{ "uts", FD_UTS, &in->uts_fd, &box->uts_fd },
	};
	const uint16_t id = (uint16_t)(in->service - services);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = *rows[i].from;

		*rows[i].from = 0;
		if (!fd)
			continue;
		fd = fds_keep(fd, fds_number(id, rows[i].kind));
		if (fd < 0)
			return start_error_set(in->err, STAGE_NAMESPACE_FD, fd, rows[i].name);
		*rows[i].to = fd;
	}
	return 0;
}

/* Of a child that is ours until it is reaped: until then it has its namespace. */
static int map_ids(const struct service *s, pid_t pid, struct start_error *err)
{
	static const char *const files[] = { "uid_map", "gid_map" };
	char map[32];
	struct text t = TEXT_ON(map);

	text_add(&t, "0 %u %u", s->uid_base, SERVICE_ID_RANGE);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char path[PROC_PATH_SIZE];
		struct text at = TEXT_ON(path);
		int rc;

		text_add(&at, "/proc/%d/%s", pid, files[i]);
		rc = procfile_write(path, map);
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

static int equip(struct inside *in, const struct sandbox_site *site, struct sandbox *box,
		 pid_t pid)
{
	const struct service *s = in->service;
	int rc = s->userns ? map_ids(s, pid, in->err) : 0;

	inside_reap(pid);
	if (rc == 0)
		rc = hold_namespaces(in, box);
	if (rc == 0 && has_pair(s))
		rc = connect_bridge(s, site, box, in->err);
	if (rc == 0)
		rc = inside_configure(in, site->ipv6);
	inside_close(in);
	return rc;
}

int sandbox_make_namespaces(const struct service *s, const struct sandbox_site *site,
			    struct sandbox *box, struct start_error *err)
{
	struct inside in = { .service = s, .err = err };
	pid_t pid = inside_make(&in);
	int rc = pid < 0 ? pid : equip(&in, site, box, pid);

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
	sandbox_drop_view(box);
	fds_drop(&box->user_fd);
	fds_drop(&box->net_fd);
	fds_drop(&box->uts_fd);
}
