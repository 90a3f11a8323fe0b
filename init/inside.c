/*
 * Host name, sysctls, addresses and routes of one sandbox.
 *
 * The child that makes the namespaces shares memory and files with PID 1, which
 * stands still until it has ended: so nothing is copied, nobody has to be told
 * anything, and what it opens is PID 1's.  It has every capability in the
 * namespaces, and outside only if there is no user namespace.  PID 1 itself never
 * joins them: hit there by a fault it would go on in them.  Refuses to know how
 * ids are mapped, and what is outside.
 */
#include "inside.h"

#include <endian.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "has.h"
#include "interface.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/neigh.h"
#include "netsetup/route.h"
#include "procfile.h"
#include "sys.h"
#include "text.h"

/* Eight messages: two of 32 bytes, and of each family an address, a neighbour and
 * a route of at most 64. */
#define MESSAGE_SIZE 512

/* The child's: a few frames of small calls, none with a buffer of its own. */
#define STACK_SIZE 4096

static int set(const struct inside *in, const char *path, const char *value)
{
	int rc = procfile_write(path, value);

	return rc < 0 ? start_error_set(in->err, STAGE_SYSCTL, rc, NULL) : 0;
}

/* Passes on what a call returned, as the fd if it is one. */
static int keep(const struct inside *in, enum stage stage, int rc, int *fd)
{
	if (rc < 0)
		return start_error_set(in->err, stage, -errno, NULL);
	*fd = rc;
	return 0;
}

/* --- In the child ------------------------------------------------------------- */

/* Of the user namespace: the board's own stays as it is. */
static int forbid_user_namespaces(const struct inside *in)
{
	return set(in, "/proc/sys/user/max_user_namespaces", "0");
}

/* Any socket will do, and netlink is not linked for this alone. */
static int bring_up_loopback(const struct inside *in, int any)
{
	const struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	return ioctl(any, SIOCSIFFLAGS, &lo) < 0 ?
	       start_error_set(in->err, STAGE_ADDRESS, -errno, "lo") : 0;
}

/* A socket knows its network namespace: that costs less than a path in /proc. */
static int open_by_route(struct inside *in)
{
	int fd = nlsock_open(NETLINK_ROUTE);

	if (fd < 0)
		return start_error_set(in->err, STAGE_ADDRESS, fd, NULL);
	in->route_fd = fd;
	return keep(in, STAGE_NAMESPACE_FD, ioctl(fd, SIOCGSKNS), &in->net_fd);
}

static int open_by_any(struct inside *in)
{
	int any = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), rc;

	if (any < 0)
		return start_error_set(in->err, STAGE_ADDRESS, -errno, NULL);
	rc = keep(in, STAGE_NAMESPACE_FD, ioctl(any, SIOCGSKNS), &in->net_fd);
	if (rc == 0)
		rc = bring_up_loopback(in, any);
	close(any);
	return rc;
}

/* Of the network namespace; what is not here follows the board's (network_settings.h). */
static int enter_network(struct inside *in)
{
	int rc = set(in, "/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");

	if (rc == 0)
		rc = keep(in, STAGE_SYSCTL, open("/proc/sys/net/ipv4/ping_group_range",
						 O_WRONLY | O_CLOEXEC), &in->groups_fd);
	if (rc == 0)
		rc = has_pair(in->service) ? open_by_route(in) : open_by_any(in);
	return rc;
}

/* Its exit status is nobody's business: PID 1 sees what it has written. */
static int be_inside(void *inside)
{
	struct inside *in = inside;
	const struct service *s = in->service;
	int rc = keep(in, STAGE_NAMESPACE_FD, open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC),
		      &in->uts_fd);

	if (rc == 0 && sethostname(s->hostname, strlen(s->hostname)) < 0)
		rc = start_error_set(in->err, STAGE_HOSTNAME, -errno, NULL);
	/* The user namespace is the other one's owner. */
	if (rc == 0 && s->userns)
		rc = keep(in, STAGE_NAMESPACE_FD, ioctl(in->uts_fd, NS_GET_USERNS), &in->user_fd);
	if (rc == 0 && s->userns)
		rc = forbid_user_namespaces(in);
	if (rc == 0 && service_has_own_net(s))
		rc = enter_network(in);
	in->made = rc == 0;
	return rc < 0;
}

/* --- In PID 1 ----------------------------------------------------------------- */

pid_t inside_make(struct inside *in)
{
	const struct service *s = in->service;
	/* Not into the service's cgroup: what the kernel keeps for a network
	 * namespace would be taken off the service's memory for ever. */
	const int flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_NEWUTS | SIGCHLD |
			  (s->userns ? CLONE_NEWUSER : 0) |
			  (service_has_own_net(s) ? CLONE_NEWNET : 0);
	uint8_t stack[STACK_SIZE] __attribute__((aligned(16)));
	sigset_t all, before;
	pid_t pid;

	/* A fault in the child, blocked, kills the child: PID 1's handler would
	 * take it for its own. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = clone(be_inside, stack + sizeof(stack), flags, in);
	if (pid < 0)
		pid = -errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid < 0)
		return start_error_set(in->err, STAGE_CLONE, pid, NULL);
	if (in->made)
		return pid;
	inside_reap(pid);
	inside_close(in);
	if (!in->err->error)
		start_error_set(in->err, STAGE_CLONE, -ECHILD, NULL);
	return in->err->error;
}

/* It has given its memory back, and is on its way out: nothing of it waits for
 * anybody. */
void inside_reap(pid_t pid)
{
	siginfo_t end;

	waitid(P_PID, (id_t)pid, &end, WEXITED);
}

static int set_groups(const struct inside *in)
{
	const uint32_t first = in->service->uid_base;
	char groups[24];	/* two of at most 10 digits */
	struct text t = TEXT_ON(groups);

	text_add(&t, "%u %u", first, first + SERVICE_ID_RANGE - 1);
	if (write(in->groups_fd, groups, t.len) < 0)
		return start_error_set(in->err, STAGE_SYSCTL, -errno, NULL);
	return 0;
}

/* All that is not the service's own goes by its bridge, which is there whatever
 * the addresses say; its MAC is known, so that nobody is asked for it. */
static void put_ipv4(struct nlmsg *m, const struct service *s, const struct bridge *bridge)
{
	const uint32_t gateway = htobe32(bridge->address);

	addr_put_ipv4(m, INSIDE_INDEX, s->address, 32);
	neigh_put_ipv4(m, INSIDE_INDEX, bridge->address, bridge->mac);
	route_put(m, &(struct route){
		.family = AF_INET, .gateway = (const uint8_t *)&gateway,
		.onlink = true, .index = INSIDE_INDEX,
	});
}

static void put_ipv6(struct nlmsg *m, const struct service *s, const struct bridge *bridge)
{
	addr_put_ipv6(m, INSIDE_INDEX, s->address6, 128, ADDR_NODAD);
	neigh_put_ipv6(m, INSIDE_INDEX, bridge->address6, bridge->mac);
	route_put(m, &(struct route){
		.family = AF_INET6, .gateway = bridge->address6,
		.onlink = true, .index = INSIDE_INDEX,
	});
}

static int configure_pair(const struct inside *in, bool ipv6)
{
	const struct service *s = in->service;
	const struct bridge *bridge = &board.bridges[s->bridge];
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	int rc;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up_at(&m, LOOPBACK_INDEX);
	link_put_up_at(&m, INSIDE_INDEX);
	put_ipv4(&m, s, bridge);
	if (s->ipv6 && ipv6)
		put_ipv6(&m, s, bridge);
	rc = nlsock_send(in->route_fd, &m, NULL);
	return rc < 0 ? start_error_set(in->err, STAGE_ADDRESS, rc, NULL) : 0;
}

int inside_configure(const struct inside *in, bool ipv6)
{
	int rc = in->groups_fd ? set_groups(in) : 0;

	if (rc == 0 && has_pair(in->service))
		rc = configure_pair(in, ipv6);
	return rc;
}

void inside_close(struct inside *in)
{
	int *const fds[] = {
		&in->user_fd, &in->net_fd, &in->uts_fd, &in->route_fd, &in->groups_fd,
	};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] > 0)
			close(*fds[i]);
		*fds[i] = 0;
	}
}
