/*
 * Decides which bridges, and which addresses of bridges, are of another table.
 * Refuses to know who brought them up, and which services live.
 */
#include "network_tidy.h"

#include <endian.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "interface.h"
#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/neigh.h"
#include "netsetup/nlsock.h"
#include "netsetup/rtnl.h"
#include "service.h"
#include "table.h"

/* Removals of at most 68 bytes each: more than this has room for were not pith's. */
#define BATCH_SIZE 4096

/* One of 48 bytes and one of 60. */
#define NEIGHBOURS_SIZE 128

static const struct bridge *bridge_at(int32_t index)
{
	for (unsigned i = 0; i < board.bridge_count; i++)
		if (interface_index(board.bridges[i].address) == index)
			return &board.bridges[i];
	return NULL;
}

static bool is_of(const struct bridge *bridge, const struct rtnl_addr *addr)
{
	const uint32_t be = htobe32(bridge->address);

	if (addr->family == AF_INET)
		return addr->prefix == bridge->prefix && !memcmp(addr->address, &be, sizeof(be));
	return bridge->ipv6 && addr->prefix == 64 &&
	       !memcmp(addr->address, bridge->address6, sizeof(bridge->address6));
}

static void put_removal(struct nlmsg *m, const struct rtnl_addr *addr)
{
	uint32_t be;

	memcpy(&be, addr->address, sizeof(be));
	if (addr->family == AF_INET)
		addr_put_removal_ipv4(m, addr->index, be32toh(be), addr->prefix);
	else
		addr_put_removal_ipv6(m, addr->index, addr->address, addr->prefix);
}

/* The removals of what a dump tells so far. */
static int take(void *context, const struct rtnl_item *item)
{
	struct nlmsg *m = context;
	const struct bridge *bridge;

	if (!item) {
		nlmsg_init(m, m->buf, m->size);
	} else if (item->type == RTM_NEWLINK) {
		if (!strcmp(item->link.kind, "bridge") && interface_is_ours(item->link.index) &&
		    !bridge_at(item->link.index))
			link_put_removal_at(m, item->link.index);
	} else if (item->type == RTM_NEWADDR) {
		bridge = bridge_at(item->addr.index);
		if (bridge && item->addr.scope == RT_SCOPE_UNIVERSE && !is_of(bridge, &item->addr))
			put_removal(m, &item->addr);
	}
	return 0;
}

static int remove_rest(int route_fd)
{
	static const uint16_t kinds[] = { RTM_GETLINK, RTM_GETADDR };
	uint8_t batch[BATCH_SIZE], buffer[RTNL_BUFFER_SIZE];
	struct nlmsg m = { .buf = batch, .size = sizeof(batch) };
	struct rtnl_taker taker = { .take = take, .context = &m };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		rc = rtnl_dump(route_fd, kinds[i], AF_UNSPEC, buffer, sizeof(buffer), &taker);
		if (rc == 0 && m.len)
			rc = nlsock_send(route_fd, &m, NULL);
	}
	return rc;
}

/* Also of those that have no sandbox yet: it does not matter. */
static int put_neighbours(const struct sandbox_site *site, const struct service *s)
{
	const int32_t bridge = interface_index(board.bridges[s->bridge].address);
	uint8_t buf[NEIGHBOURS_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	neigh_put_ipv4(&m, bridge, s->address, s->mac);
	if (s->ipv6 && site->ipv6)
		neigh_put_ipv6(&m, bridge, s->address6, s->mac);
	return nlsock_send(site->route_fd, &m, NULL);
}

int network_tidy(const struct sandbox_site *site)
{
	const unsigned count = SERVICE_COUNT;
	int result = 0, rc;

	for (unsigned id = 0; id < count; id++) {
		if (services[id].net != SERVICE_NET_PRIVATE)
			continue;
		rc = put_neighbours(site, &services[id]);
		if (rc < 0)
			result = rc;
	}
	rc = remove_rest(site->route_fd);
	return rc < 0 ? rc : result;
}
