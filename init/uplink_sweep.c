/*
 * Decides which addresses and routes are nobody's any more.  Refuses to know what
 * takes their place.
 */
#include "uplink_sweep.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "netsetup/addr.h"
#include "netsetup/nlsock.h"
#include "netsetup/route.h"
#include "uplink_plan.h"

/* Removals of at most 68 bytes each: more addresses than this has room for were not
 * ours. */
#define BATCH_SIZE 4096

struct sweep {
	const struct state_uplink *is, *was;
	struct nlmsg m;
};

static uint32_t ipv4_of(const struct rtnl_addr *addr)
{
	return (uint32_t)addr->address[0] << 24 | (uint32_t)addr->address[1] << 16 |
	       (uint32_t)addr->address[2] << 8 | addr->address[3];
}

static const struct state_uplink *find(const struct state_uplink *in, int32_t index)
{
	for (unsigned i = 0; i < UPLINKS_MAX; i++)
		if (in[i].index == index)
			return &in[i];
	return NULL;
}

static bool is_stale(const struct sweep *s, const struct rtnl_addr *addr)
{
	const struct state_uplink *is = find(s->is, addr->index);

	if (!is)
		return find(s->was, addr->index);
	return !uplink_has_address(&board.uplinks[is - s->is], &is->lease, addr->family,
				   addr->address, addr->prefix);
}

/* What the kernel makes up for the link itself (fe80::) is not meant. */
static int take(void *context, const struct rtnl_item *item)
{
	struct sweep *s = context;
	const struct rtnl_addr *addr;

	if (!item) {
		nlmsg_init(&s->m, s->m.buf, s->m.size);
		return 0;
	}
	addr = &item->addr;
	if (item->type != RTM_NEWADDR || addr->scope >= RT_SCOPE_LINK || !is_stale(s, addr))
		return 0;
	if (addr->family == AF_INET)
		addr_put_removal_ipv4(&s->m, addr->index, ipv4_of(addr), addr->prefix);
	else
		addr_put_removal_ipv6(&s->m, addr->index, addr->address, addr->prefix);
	return 0;
}

/* There may be none (-ESRCH), or no IPv6. */
static void remove_routes(int route_fd, int32_t index)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	uint8_t bytes[UPLINK_MESSAGE_SIZE];
	struct nlmsg m;

	for (size_t i = 0; i < sizeof(families); i++) {
		nlmsg_init(&m, bytes, sizeof(bytes));
		route_put_removal(&m, &(struct route){ .family = families[i], .index = index });
		nlsock_send(route_fd, &m, NULL);
	}
}

static bool is_in_table(const char *name)
{
	for (unsigned i = 0; i < board.uplink_count; i++)
		if (!strcmp(board.uplinks[i].name, name))
			return true;
	return false;
}

/* No other interface of the table has a dot in its name. */
static void remove_vlan(int route_fd, const char *name)
{
	uint8_t bytes[UPLINK_MESSAGE_SIZE];
	struct nlmsg m;

	if (!strchr(name, '.') || is_in_table(name))
		return;
	nlmsg_init(&m, bytes, sizeof(bytes));
	link_put_removal(&m, name);
	nlsock_send(route_fd, &m, NULL);
}

int uplink_sweep(int route_fd, const struct state_uplink *is, const struct state_uplink *was,
		 void *buffer)
{
	uint8_t bytes[BATCH_SIZE];
	struct sweep s = { .is = is, .was = was, .m = { .buf = bytes, .size = sizeof(bytes) } };
	struct rtnl_taker taker = { .take = take, .context = &s };
	int rc = rtnl_dump(route_fd, RTM_GETADDR, AF_UNSPEC, buffer, RTNL_BUFFER_SIZE, &taker);

	if (rc == 0 && s.m.len)
		rc = nlsock_send(route_fd, &s.m, NULL);
	for (unsigned i = 0; i < UPLINKS_MAX; i++) {
		if (is[i].index)
			remove_routes(route_fd, is[i].index);
		if (was[i].index && !find(is, was[i].index))
			remove_routes(route_fd, was[i].index);
		remove_vlan(route_fd, was[i].name);
	}
	return rc;
}
