/*
 * Brings up the network of the board, as the table says, and says on the
 * console what failed.  Refuses to know of services: each brings its own
 * pair of interfaces to the bridge.
 */
#include "network.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/nlsock.h"
#include "netsetup/route.h"
#include "procfile.h"

#define BRIDGE_NAME "br0"

/* The longest batch here: four short messages. */
#define MESSAGE_SIZE 512

/* The locally administered address of the bridge.  Set, it stays the same
 * whichever port comes first; the services' own are derived from names. */
static const uint8_t bridge_mac[LINK_MAC_SIZE] = { 0x02, 'p', 'i', 't', 'h', 0 };

static int send_said(int fd, const struct nlmsg *m, const char *doing)
{
	struct nlsock_error err;
	int rc = nlsock_send(fd, m, &err);

	if (rc < 0)
		console_say("network: %s: %s%s%s", doing, strerror(-rc),
			    err.text[0] ? ": " : "", err.text);
	return rc;
}

/* Index of an interface that was just set up; 0 and a word if it is gone. */
static int index_said(int fd, const char *name)
{
	int index = nlsock_link_index(fd, name);

	if (index < 0)
		console_say("network: %s: %s", name, strerror(-index));
	return index < 0 ? 0 : index;
}

/* The table has no address of that family yet, so the board takes none from
 * its neighbours either.  A kernel without it is as good. */
static void switch_off_ipv6(void)
{
	static const char *const paths[] = {
		"/proc/sys/net/ipv6/conf/all/disable_ipv6",
		"/proc/sys/net/ipv6/conf/default/disable_ipv6",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int rc = procfile_write(paths[i], "1");

		if (rc < 0 && rc != -ENOENT)
			console_say("network: %s: %s", paths[i], strerror(-rc));
	}
}

static int bring_up_bridge(int fd)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	int index;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up(&m, "lo");
	link_put_bridge(&m, BRIDGE_NAME, bridge_mac);
	if (send_said(fd, &m, "bridge " BRIDGE_NAME) < 0)
		return 0;
	index = index_said(fd, BRIDGE_NAME);
	if (!index)
		return 0;
	nlmsg_init(&m, buf, sizeof(buf));
	addr_put_ipv4(&m, index, board.bridge_address, board.bridge_prefix);
	send_said(fd, &m, "address of " BRIDGE_NAME);
	return index;
}

static void bring_up_uplink(int fd)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	int index;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up(&m, board.uplink);
	if (send_said(fd, &m, board.uplink) < 0)
		return;
	index = index_said(fd, board.uplink);
	if (!index || !board.uplink_address)
		return;
	nlmsg_init(&m, buf, sizeof(buf));
	addr_put_ipv4(&m, index, board.uplink_address, board.uplink_prefix);
	if (board.uplink_gateway)
		route_put_default_ipv4(&m, board.uplink_gateway);
	send_said(fd, &m, "address and route of the uplink");
}

static void load_firewall(void)
{
	struct nlsock_error err = { 0 };
	int fd = nlsock_open(NETLINK_NETFILTER);
	int rc = fd < 0 ? fd : nlsock_send_bytes(fd, board.firewall, board.firewall_bytes, &err);

	if (fd >= 0)
		close(fd);
	if (rc < 0)
		console_say("network: firewall: %s%s%s", strerror(-rc),
			    err.text[0] ? ": " : "", err.text);
	/* Forwarding without the firewall would let the uplink's neighbours
	 * reach every service. */
	else if ((rc = procfile_write("/proc/sys/net/ipv4/ip_forward", "1")) < 0)
		console_say("network: forwarding: %s", strerror(-rc));
}

static bool open_route(struct sandbox_site *site)
{
	site->route_fd = nlsock_open(NETLINK_ROUTE);
	if (site->route_fd < 0)
		console_say("network: no netlink: %s", strerror(-site->route_fd));
	return site->route_fd >= 0;
}

void network_find(struct sandbox_site *site)
{
	if (open_route(site))
		site->bridge_index = index_said(site->route_fd, BRIDGE_NAME);
}

void network_bring_up(struct sandbox_site *site)
{
	if (!open_route(site))
		return;
	switch_off_ipv6();
	site->bridge_index = bring_up_bridge(site->route_fd);
	if (board.uplink)
		bring_up_uplink(site->route_fd);
	if (board.firewall)
		load_firewall();
}
