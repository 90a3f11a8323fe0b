/*
 * Brings up the network of the board, as the table says, and says on the
 * console what failed.  Refuses to know of the ways out (uplinks.h), and of
 * services: each brings its own pair of interfaces to its bridge.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "console.h"
#include "interface.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/nlsock.h"
#include "network_settings.h"
#include "network_tidy.h"
#include "part.h"
#include "state.h"
#include "table.h"
#include "unpack.h"

/* The longest batch here: a bridge of at most 110 bytes, and two addresses. */
#define MESSAGE_SIZE 512

/* Whether anybody is to have an address of it. */
static bool wants_ipv6(void)
{
	for (unsigned i = 0; i < board.bridge_count; i++)
		if (board.bridges[i].ipv6)
			return true;
	for (unsigned i = 0; i < board.uplink_count; i++)
		if (board.uplinks[i].ipv6)
			return true;
	return false;
}

static void say(const char *doing, int rc, const struct nlsock_error *err)
{
	if (rc < 0)
		console_say("network: %s: %s%s%s", doing, strerror(-rc),
			    err->text[0] ? ": " : "", err->text);
}

static void bring_up_loopback(int fd)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlsock_error err;
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up_at(&m, LOOPBACK_INDEX);
	say("lo", nlsock_send(fd, &m, &err), &err);
}

/* Of an older table, or of another program: it has the name, or the address under
 * another name. */
static void remove_bridge(int fd, const struct bridge *bridge)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_removal(&m, bridge->name);
	link_put_removal_at(&m, interface_index(bridge->address));
	nlsock_send(fd, &m, NULL);
}

static void bring_up_bridge(const struct sandbox_site *site, const struct bridge *bridge)
{
	const int32_t index = interface_index(bridge->address);
	uint8_t buf[MESSAGE_SIZE];
	struct nlsock_error err;
	struct nlmsg m;
	int rc;
	bool is_there = nlsock_link_index(site->route_fd, bridge->name) == index;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_bridge(&m, &(struct link_bridge){
		.name = is_there ? NULL : bridge->name, .index = index, .mac = bridge->mac,
		.mtu_bytes = board.mtu_bytes,
	});
	addr_put_ipv4(&m, index, bridge->address, bridge->prefix);
	if (bridge->ipv6 && site->ipv6)
		addr_put_ipv6(&m, index, bridge->address6, 64, ADDR_NODAD);
	rc = nlsock_send(site->route_fd, &m, &err);
	if (rc < 0 && err.seq == 1 && !is_there) {
		remove_bridge(site->route_fd, bridge);
		rc = nlsock_send(site->route_fd, &m, &err);
	}
	say(bridge->name, rc, &err);
}

static int send_firewall(const uint8_t *bytes, struct nlsock_error *err)
{
	int fd = nlsock_open(NETLINK_NETFILTER), rc;

	if (fd < 0)
		return fd;
	rc = nlsock_send_bytes(fd, bytes, board.firewall_bytes, err);
	close(fd);
	return rc;
}

/* Unpacked it is needed this once. */
static int load_firewall(void)
{
	struct nlsock_error err = { 0 };
	uint8_t *bytes = mmap(NULL, board.firewall_bytes, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int rc;

	if (bytes == MAP_FAILED) {
		rc = -errno;
	} else {
		rc = unpack(board.firewall, board.firewall_packed, bytes, board.firewall_bytes);
		if (rc == 0)
			rc = send_firewall(bytes, &err);
		munmap(bytes, board.firewall_bytes);
	}
	say("firewall", rc, &err);
	if (rc == 0)
		network_set_flows();
	return rc;
}

static bool anybody_is_routed(void)
{
	const unsigned count = SERVICE_COUNT;

	for (unsigned id = 0; id < count; id++)
		if (services[id].net == SERVICE_NET_PRIVATE)
			return true;
	return false;
}

static void find(struct sandbox_site *site)
{
	site->ipv6 = network_has_ipv6();
	site->route_fd = nlsock_open(NETLINK_ROUTE);
	if (site->route_fd < 0)
		console_say("network: no netlink: %s", strerror(-site->route_fd));
}

static void bring_up(struct sandbox_site *site)
{
	find(site);
	if (site->route_fd < 0)
		return;
	if (!site->ipv6 && wants_ipv6())
		console_say("network: no IPv6: the kernel has none, or its command line "
			    "switches it off");
	network_set(site->ipv6);
	bring_up_loopback(site->route_fd);
	state->network_closed = board.firewall && load_firewall() < 0;
	if (state->network_closed) {
		/* Services and neighbours of the uplinks would reach what they may not. */
		console_say("network: stays closed without its firewall: no bridge, no uplink");
		network_stop_forwarding(site->ipv6);
		return;
	}
	for (unsigned i = 0; i < board.bridge_count; i++)
		bring_up_bridge(site, &board.bridges[i]);
	if (!board.firewall || !anybody_is_routed()) {
		network_stop_forwarding(site->ipv6);
		return;
	}
	network_forward(site->ipv6);
	for (unsigned i = 0; i < board.bridge_count; i++)
		network_forward_from(board.bridges[i].name);
}

static void take_over(struct sandbox_site *site)
{
	static const struct nlsock_error wordless;

	bring_up(site);
	if (site->route_fd >= 0)
		say("what an earlier table left", network_tidy(site), &wordless);
}

static void boot(struct sandbox_site *site, enum state_origin origin)
{
	if (origin == STATE_FRESH)
		bring_up(site);
	else if (origin == STATE_KEPT || state->network_kept)
		find(site);
	else
		take_over(site);
}

const struct part network_part = { .boot = boot };
