/*
 * A recipe: host name, sysctls, addresses and routes of one sandbox, by a
 * process that has every capability in it, and outside only if there is no user
 * namespace.  Refuses to know how the sandbox came to be.
 */
#include "inside.h"

#include <endian.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "has.h"
#include "interface.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/neigh.h"
#include "netsetup/route.h"
#include "procfile.h"
#include "sys.h"
#include "text.h"

/* Seven messages: one of 32 bytes, and of each family an address, a neighbour and
 * a route of at most 64. */
#define MESSAGE_SIZE 512

/* Of the user namespace: the board's own stays as it is. */
static void forbid_user_namespaces(const struct recipe *r)
{
	must(r, STAGE_SYSCTL, procfile_write("/proc/sys/user/max_user_namespaces", "0"));
}

/* Of the network namespace; what is not here follows the board's (network_settings.h).
 * Groups count as this user namespace has them. */
static void set_network(const struct recipe *r)
{
	uint32_t first = r->service->userns ? 0 : r->service->uid_base;
	char groups[24];	/* two of at most 10 digits */
	struct text t = TEXT_ON(groups);

	text_add(&t, "%u %u", first, first + SERVICE_ID_RANGE - 1);
	must(r, STAGE_SYSCTL,
	     procfile_write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0"));
	must(r, STAGE_SYSCTL, procfile_write("/proc/sys/net/ipv4/ping_group_range", groups));
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

/* Any socket will do, and netlink is not linked for this alone. */
static void bring_up_loopback(const struct recipe *r)
{
	const struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = must(r, STAGE_ADDRESS, SYS_INT(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));

	must(r, STAGE_ADDRESS, SYS_INT(SYS_ioctl, fd, SIOCSIFFLAGS, &lo));
}

static void configure_pair(const struct recipe *r)
{
	const struct service *s = r->service;
	const struct bridge *bridge = &board.bridges[s->bridge];
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	int fd = must(r, STAGE_ADDRESS, nlsock_open(NETLINK_ROUTE));

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up_at(&m, INSIDE_INDEX);
	put_ipv4(&m, s, bridge);
	if (s->ipv6 && r->ipv6)
		put_ipv6(&m, s, bridge);
	must(r, STAGE_ADDRESS, nlsock_send(fd, &m, NULL));
}

_Noreturn void inside_configure(const struct recipe *r)
{
	const struct service *s = r->service;
	char go;

	/* Its parent has gone, or failed: nothing to report, to nobody. */
	if (read(r->report_fd, &go, sizeof(go)) != sizeof(go))
		_exit(RECIPE_EXIT);
	must(r, STAGE_HOSTNAME, SYS_INT(SYS_sethostname, s->hostname, strlen(s->hostname)));
	if (s->userns)
		forbid_user_namespaces(r);
	if (service_has_own_net(s)) {
		set_network(r);
		bring_up_loopback(r);
	}
	if (has_pair(s))
		configure_pair(r);
	_exit(0);
}
