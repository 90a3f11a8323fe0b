/*
 * Decides when to look at the uplinks, and what they are to the services.  Refuses to
 * know what is done for each of them (uplink_act.c).
 */
#include "uplinks.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "console.h"
#include "netsetup/nlsock.h"
#include "uplink_act.h"
#include "uplink_resolv.h"
#include "uplink_sweep.h"
#include "watch.h"

/* After what could not be read: the kernel was out of memory, or too busy. */
#define LOOK_AGAIN_MS 1000

static int events;			/* a socket that tells of their links, or 0 */
static bool online;			/* one of them is */
static uint64_t look_ms;		/* when to look at all of them; 0: when one changes */
static struct state_uplink was[UPLINKS_MAX];	/* as an earlier PID 1 left them */
static bool sweeps;			/* and not all of that is this table's */
static uint64_t taken_up_ms;
static uint8_t buffer[RTNL_BUFFER_SIZE];

/* --- What they are to the services ------------------------------------------------------- */

/* Holds or releases those AFTER network-online. */
static void hold_services(struct supervisor *sup, bool hold, uint64_t now_ms)
{
	for (uint16_t id = 0; id < sup->order.count; id++) {
		if (!services[id].after_network)
			continue;
		if (hold)
			order_hold(&sup->order, id);
		else
			order_release(&sup->order, id, now_ms);
	}
}

static bool one_is_online(void)
{
	for (unsigned i = 0; i < board.uplink_count; i++)
		if (uplink_is_online(&board.uplinks[i], &uplink_states()[i]))
			return true;
	return false;
}

static void write_resolv_conf(void)
{
	int rc;

	if (board.resolv_conf)
		return;	/* it is in the services' roots */
	rc = uplink_resolv_write(board.uplinks, uplink_states(), board.uplink_count);
	if (rc < 0)
		console_say("network: writing " UPLINKS_RESOLV_CONF ": %s", strerror(-rc));
}

/* After any change.  They find the name servers when they are released. */
static void settle(struct supervisor *sup, uint64_t now_ms)
{
	bool was_online = online;

	write_resolv_conf();
	online = one_is_online();
	if (online != was_online)
		hold_services(sup, !online, now_ms);
}

/* --- Their links --------------------------------------------------------------------------- */

struct sight {
	struct uplink_seen at[UPLINKS_MAX];
	bool touched[UPLINKS_MAX];
};

static void see(struct uplink_seen *seen, const struct rtnl_item *item)
{
	const struct rtnl_link *link = &item->link;

	if (item->type == RTM_DELLINK && seen->index == link->index)
		*seen = (struct uplink_seen){ .fell = true };
	if (item->type != RTM_NEWLINK)
		return;
	seen->fell |= !(link->flags & IFF_UP);
	seen->index = link->index;
	seen->up = link->flags & IFF_UP;
	seen->carrier = link->flags & IFF_LOWER_UP;
}

static int take(void *context, const struct rtnl_item *item)
{
	struct sight *sight = context;

	for (unsigned i = 0; i < board.uplink_count; i++) {
		if (!item) {
			sight->at[i] = (struct uplink_seen){ 0 };
			sight->touched[i] = true;
		} else if (!strcmp(item->link.name, board.uplinks[i].name)) {
			see(&sight->at[i], item);
			sight->touched[i] = true;
		}
	}
	return 0;
}

static void note(struct supervisor *sup, const struct sight *sight, uint64_t now_ms)
{
	bool set_up[UPLINKS_MAX] = { false };

	for (unsigned i = 0; i < board.uplink_count; i++)
		if (sight->touched[i])
			set_up[i] = uplink_note(sup, i, &sight->at[i], now_ms);
	for (unsigned i = 0; i < board.uplink_count; i++)
		if (set_up[i])
			uplink_make_vlans(sup, i, now_ms);
	settle(sup, now_ms);
}

static void sweep(const struct supervisor *sup, const struct sight *sight)
{
	struct state_uplink now[UPLINKS_MAX];
	int rc;

	memcpy(now, uplink_states(), sizeof(now));
	for (unsigned i = 0; i < board.uplink_count; i++)
		now[i].index = sight->at[i].index;
	rc = uplink_sweep(sup->site.route_fd, now, was, buffer);
	if (rc < 0)
		console_say("network: removing what is no uplink's any more: %s", strerror(-rc));
	sweeps = false;
}

/* Nothing is sent before the dump is at its end: it comes by the same socket. */
static void look(struct supervisor *sup, uint64_t now_ms)
{
	struct sight sight = { 0 };
	struct rtnl_taker taker = { .take = take, .context = &sight };
	int rc = rtnl_dump(sup->site.route_fd, RTM_GETLINK, AF_UNSPEC, buffer, sizeof(buffer),
			   &taker);

	look_ms = rc < 0 ? now_ms + LOOK_AGAIN_MS : 0;
	if (rc < 0) {
		console_say("network: looking for the uplinks: %s", strerror(-rc));
		return;
	}
	if (sweeps)
		sweep(sup, &sight);
	note(sup, &sight, now_ms);
}

static void take_events(struct supervisor *sup, uint64_t now_ms)
{
	struct sight sight = { 0 };
	struct rtnl_taker taker = { .take = take, .context = &sight };
	int rc;

	for (unsigned i = 0; i < board.uplink_count; i++) {
		sight.at[i].index = uplink_states()[i].index;
		sight.at[i].carrier = uplink_states()[i].carrier;
	}
	rc = rtnl_take_events(events, buffer, sizeof(buffer), &taker);
	note(sup, &sight, now_ms);
	/* Some were lost. */
	if (rc < 0 && rc != -EAGAIN)
		look(sup, now_ms);
}

static int subscribe(const struct supervisor *sup)
{
	struct sock_filter filter[UPLINK_FILTER_MAX];
	struct sock_fprog program = { .filter = filter };
	int rc;

	events = nlsock_open(NETLINK_ROUTE);
	if (events < 0)
		return events;
	program.len = (unsigned short)uplink_filter(filter, board.uplinks, board.uplink_count);
	if (setsockopt(events, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) < 0)
		return -errno;
	rc = rtnl_subscribe(events, RTNLGRP_LINK);
	return rc < 0 ? rc : watch_add(sup->epoll_fd, events, SOURCE_LINK, 0, EPOLLIN);
}

/* --- As a part of PID 1 ----------------------------------------------------------------------- */

static const struct state_uplink *find(const struct state_board *in, const char *name)
{
	static const struct state_uplink none;

	for (unsigned i = 0; i < UPLINKS_MAX; i++)
		if (!strcmp(in->uplink[i].name, name))
			return &in->uplink[i];
	return &none;
}

static void take_up(struct supervisor *sup, const struct state_board *left,
		    enum state_origin origin, uint64_t now_ms)
{
	taken_up_ms = now_ms;
	look_ms = 0;
	memcpy(was, left->uplink, sizeof(was));
	sweeps = origin == STATE_BROKEN || (origin == STATE_MOVED && !state->network_kept);
	for (unsigned i = 0; i < board.uplink_count; i++)
		uplink_take_up(sup, i, find(left, board.uplinks[i].name));
	online = one_is_online();
	if (!online)
		hold_services(sup, true, now_ms);
	write_resolv_conf();
}

static void open_all(struct supervisor *sup, enum state_origin origin, bool ending)
{
	int rc;

	(void)origin;
	if (state->network_closed)
		return;
	rc = subscribe(sup);
	if (rc < 0)
		console_say("network: changes of the uplinks will not be seen: %s",
			    strerror(-rc));
	if (!ending)
		look(sup, taken_up_ms);
}

static void save(struct state_board *to)
{
	memcpy(to->uplink, uplink_states(), sizeof(to->uplink));
}

static bool happened(struct supervisor *sup, enum source source, uint16_t id, uint64_t now_ms)
{
	(void)id;
	if (source != SOURCE_LINK)
		return false;
	take_events(sup, now_ms);
	return true;
}

static bool told(struct supervisor *sup, uint16_t id, const void *bytes, size_t len,
		 uint64_t now_ms)
{
	unsigned of = services[id].lease_of;

	if (!of || of > board.uplink_count || !board.uplinks[of - 1].dhcp)
		return false;
	uplink_hear(sup, of - 1, bytes, len, now_ms);
	settle(sup, now_ms);
	return true;
}

static bool tick(struct supervisor *sup, uint64_t now_ms)
{
	bool changed = false;

	for (unsigned i = 0; i < board.uplink_count; i++)
		changed |= uplink_tick(sup, i, now_ms);
	if (changed)
		settle(sup, now_ms);
	if (look_ms && look_ms <= now_ms) {
		look(sup, now_ms);
		changed = true;
	}
	return changed;
}

static uint64_t deadline(void)
{
	uint64_t first = look_ms;

	for (unsigned i = 0; i < board.uplink_count; i++) {
		uint64_t other = uplink_deadline(i);

		if (other && (!first || other < first))
			first = other;
	}
	return first;
}

const struct part uplinks_part = {
	.take_up = take_up, .open = open_all, .save = save, .happened = happened,
	.told = told, .tick = tick, .deadline = deadline,
};
