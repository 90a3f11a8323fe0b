/*
 * What PID 1 makes of its uplinks, with a kernel that has the interfaces that a test
 * says, and remembers what it was told to do.  Time is an argument.
 *
 * links: init/sys.c init/uplinks.c init/uplink_act.c init/uplink_plan.c init/uplink_sweep.c init/uplink_tell.c
 * links: init/uplink_words.c init/lease.c init/text.c init/watch.c init/fds.c
 * links: init/order.c init/step.c init/timers.c
 * links: netsetup/link.c netsetup/addr.c netsetup/route.c netsetup/nlmsg.c netsetup/nlread.c
 */
#include <errno.h>
#include <linux/if.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/console.h"
#include "init/network_settings.h"
#include "init/procfile.h"
#include "init/uplink_resolv.h"
#include "init/uplink_tell.h"
#include "init/uplinks.h"
#include "netlink_words.h"
#include "netsetup/nlsock.h"

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

enum { ASKS, NEEDS, PLAIN, COUNT };

const struct service services[COUNT] = {
	[ASKS] = { .name = "dhcp-eth0", .lease_of = 1 },
	[NEEDS] = { .name = "needs", .after_network = true },
	[PLAIN] = { .name = "plain" },
};
static const struct bridge bridges[] = {
	{ .name = "br0", .address = IP(10, 77, 0, 1), .prefix = 24 },
};
static const struct uplink uplinks[] = {
	{ .name = "eth0", .dhcp = true, .dhcp_service = ASKS, .metric = 100 },
	{ .name = "eth1", .metric = 200, .address = IP(192, 168, 7, 2), .prefix = 24,
	  .gateway = IP(192, 168, 7, 1) },
	{ .name = "eth0.5", .parent = "eth0", .vlan = 5, .metric = 300,
	  .address = IP(192, 168, 8, 2), .prefix = 24 },
};
const struct board board = {
	.bridges = bridges, .bridge_count = 1, .uplinks = uplinks, .uplink_count = 3,
};

/* --- What is around it --------------------------------------------------------------- */

static struct supervisor sup;
static struct order_slot slots[COUNT];
static struct timers_slot timers[COUNT];
static struct run runs[COUNT];
static struct state kept;
struct state *state = &kept;

/* The kernel's interfaces, and what it has to tell of them. */
static struct rtnl_item links[4], news[8];
static unsigned link_count, news_count;
static struct rtnl_addr addrs[8];
static unsigned addr_count;
static int dump_fails, news_fail, send_fails;
static char done[4096], said[2048];
static unsigned signals, resolv_writes;
static int events_end;

struct run *run_of(uint16_t id)
{
	return &runs[id];
}

uint64_t run_event(struct supervisor *to, uint16_t id, enum step_event event)
{
	order_event(&to->order, id, event, 7);
	return 7;
}

void console_say(const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list args;

	va_start(args, fmt);
	len += (size_t)vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
	snprintf(said + len, sizeof(said) - len, "\n");
}

void console_say_of(const char *name, const char *fmt, ...)
{
	size_t len = strlen(said);
	va_list args;

	len += (size_t)snprintf(said + len, sizeof(said) - len, "%s: ", name);
	va_start(args, fmt);
	len += (size_t)vsnprintf(said + len, sizeof(said) - len, fmt, args);
	va_end(args);
	snprintf(said + len, sizeof(said) - len, "\n");
}

static char sysctls[2048];

int procfile_write(const char *path, const char *text)
{
	size_t len = strlen(sysctls);

	snprintf(sysctls + len, sizeof(sysctls) - len, "%s=%s\n", path + strlen("/proc/sys/net/"),
		 text);
	return 0;
}

void network_forward_from(const char *interface)
{
	size_t len = strlen(sysctls);

	snprintf(sysctls + len, sizeof(sysctls) - len, "forward from %s\n", interface);
}

int uplink_resolv_write(const struct uplink *of, const struct state_uplink *is, unsigned count)
{
	assert_ptr_equal(of, uplinks);
	assert_non_null(is);
	assert_int_equal(count, 3);
	resolv_writes++;
	return 0;
}

int nlsock_open(int protocol)
{
	int ends[2];

	(void)protocol;
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 0);
	events_end = ends[1];
	return ends[0];
}

int nlsock_send(int fd, const struct nlmsg *m, struct nlsock_error *err)
{
	assert_int_equal(fd, sup.site.route_fd);
	if (err)
		*err = (struct nlsock_error){ .text = "" };
	sprintf(done + strlen(done), "%s\n", netlink_words(m));
	return send_fails;
}

int rtnl_subscribe(int fd, uint32_t group)
{
	assert_int_equal(group, RTNLGRP_LINK);
	return fd < 0;
}

int rtnl_dump(int fd, uint16_t type, uint8_t family, void *buf, size_t size,
	      const struct rtnl_taker *taker)
{
	assert_int_equal(fd, sup.site.route_fd);
	assert_int_equal(family, AF_UNSPEC);
	assert_non_null(buf);
	assert_int_equal(size, RTNL_BUFFER_SIZE);
	for (int tries = 0; tries < 2; tries++) {	/* the first one is interrupted */
		assert_int_equal(taker->take(taker->context, NULL), 0);
		for (unsigned i = 0; type == RTM_GETLINK && i < link_count; i++)
			assert_int_equal(taker->take(taker->context, &links[i]), 0);
		for (unsigned i = 0; type == RTM_GETADDR && i < addr_count; i++) {
			struct rtnl_item item = { .type = RTM_NEWADDR, .addr = addrs[i] };

			assert_int_equal(taker->take(taker->context, &item), 0);
		}
	}
	return dump_fails;
}

int rtnl_take_events(int fd, void *buf, size_t size, const struct rtnl_taker *taker)
{
	assert_true(fd > 0);
	assert_non_null(buf);
	assert_int_equal(size, RTNL_BUFFER_SIZE);
	for (unsigned i = 0; i < news_count; i++)
		assert_int_equal(taker->take(taker->context, &news[i]), 0);
	news_count = 0;
	return news_fail;
}

static void note_signal(int number)
{
	(void)number;
	signals++;
}

/* --- Shorter ------------------------------------------------------------------------- */

#define ON (IFF_UP)
#define CABLE (IFF_UP | IFF_LOWER_UP)

static struct rtnl_item item_of(uint16_t type, const char *name, int32_t index, uint32_t flags)
{
	struct rtnl_item item = { .type = type, .link = { .index = index, .flags = flags } };

	strcpy(item.link.name, name);
	return item;
}

static void there_is(const char *name, int32_t index, uint32_t flags)
{
	links[link_count++] = item_of(RTM_NEWLINK, name, index, flags);
}

static void happens(uint16_t type, const char *name, int32_t index, uint32_t flags)
{
	news[news_count++] = item_of(type, name, index, flags);
}

static void take_news(uint64_t now_ms)
{
	assert_true(uplinks_part.happened(&sup, SOURCE_LINK, 0, now_ms));
}

static const char *taken(char *text, size_t size)
{
	static char copy[4096];

	assert_true(size <= sizeof(copy));
	memcpy(copy, text, size);
	text[0] = '\0';
	return copy;
}

#define DONE() taken(done, sizeof(done))
#define SAID() taken(said, sizeof(said))

/* "s0 s2" starts the first and the third. */
static const char *actions(void)
{
	static char text[64];
	enum step_action action;
	uint16_t id;

	text[0] = '\0';
	while (order_next(&sup.order, &id, &action)) {
		sprintf(text + strlen(text), "%s%c%u", text[0] ? " " : "",
			action == STEP_SPAWN ? 's' : action == STEP_TERMINATE ? 't' : '?', id);
		if (action == STEP_SPAWN)
			order_event(&sup.order, id, STEP_EXECUTED, 5);
	}
	return text;
}

static void boot(const struct state_board *was, enum state_origin origin, uint64_t now_ms)
{
	order_init(&sup.order, services, COUNT, slots, timers);
	uplinks_part.take_up(&sup, was, origin, now_ms);
	uplinks_part.open(&sup, origin, false);
	order_start_all(&sup.order, now_ms);
}

static void boot_first(void)
{
	boot(&(struct state_board){ 0 }, STATE_FRESH, 1000);
}

/* What another PID 1 would find. */
static struct state_board save(void)
{
	struct state_board to = { 0 };

	uplinks_part.save(&to);
	return to;
}

static const struct lease a_lease = {
	.version = LEASE_VERSION, .prefix = 24, .dns_count = 1, .address = IP(10, 0, 2, 15),
	.gateway = IP(10, 0, 2, 2), .seconds = 600, .dns = { IP(10, 0, 2, 3) },
};

static bool tell(const struct lease *lease, uint64_t now_ms)
{
	return uplinks_part.told(&sup, ASKS, lease, sizeof(*lease), now_ms);
}

#define UP0 "up eth0\n"
#define LEASED "+10.0.2.15/24 dev 2; +default via 10.0.2.2 dev 2 metric 100"
#define UP1 "up eth1; +192.168.7.2/24 dev 3; +default via 192.168.7.1 dev 3 metric 200\n"

static int set_up(void **unused)
{
	(void)unused;
	memset(&sup, 0, sizeof(sup));
	memset(runs, 0, sizeof(runs));
	sup.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	sup.site.route_fd = 77;
	link_count = news_count = addr_count = 0;
	dump_fails = news_fail = send_fails = 0;
	done[0] = said[0] = sysctls[0] = '\0';
	signals = resolv_writes = 0;
	kept.network_kept = true;
	return 0;
}

static int tear_down(void **unused)
{
	(void)unused;
	close(events_end);
	close(sup.epoll_fd);
	return 0;
}

/* --- From boot on ------------------------------------------------------------------------ */

static void what_is_there_is_set_up_at_once(void **unused)
{
	(void)unused;
	there_is("lo", 1, CABLE);
	there_is("eth0", 2, 0);
	there_is("eth1", 3, ON);
	boot_first();
	assert_string_equal(DONE(), UP0 UP1 "up on 2 eth0.5\n");
	assert_non_null(strstr(sysctls, "ipv4/conf/eth0/promote_secondaries=1\n"));
	assert_non_null(strstr(sysctls, "ipv6/conf/eth1/accept_ra=0\n"));
	assert_non_null(strstr(sysctls, "ipv6/conf/eth1/disable_ipv6=1\n"));
	assert_non_null(strstr(sysctls, "forward from eth1\n"));
	assert_string_equal(actions(), "s0 s2");
	assert_int_equal(slots[NEEDS].step.state, STEP_WAITING);
	assert_true(resolv_writes);
	assert_string_equal(SAID(), "");
}

static void boot_waits_for_nothing(void **unused)
{
	(void)unused;
	boot_first();
	assert_string_equal(DONE(), "");
	assert_string_equal(actions(), "s2");
	assert_int_equal(slots[ASKS].step.state, STEP_WAITING);
	assert_int_equal(uplinks_part.deadline() > 0, true);
	assert_false(uplinks_part.tick(&sup, uplinks_part.deadline()));
	assert_string_equal(SAID(), "uplink eth0: there is no such interface\n"
			    "uplink eth1: there is no such interface\n"
			    "uplink eth0.5: there is no such interface\n");
	assert_int_equal(uplinks_part.deadline(), 0);
}

static void an_interface_may_come_late(void **unused)
{
	(void)unused;
	boot_first();
	actions();
	happens(RTM_NEWLINK, "eth0", 2, 0);
	take_news(90000);
	assert_string_equal(DONE(), UP0 "up on 2 eth0.5\n");
	assert_string_equal(actions(), "s0");
	happens(RTM_NEWLINK, "eth0.5", 4, ON);
	happens(RTM_NEWLINK, "eth0", 2, CABLE);
	take_news(90010);
	assert_string_equal(DONE(), "up eth0.5; +192.168.8.2/24 dev 4\n");
	assert_string_equal(actions(), "");
}

static void the_first_that_is_online_is_the_network(void **unused)
{
	(void)unused;
	there_is("eth0", 2, 0);
	there_is("eth1", 3, ON);
	boot_first();
	assert_string_equal(actions(), "s0 s2");
	happens(RTM_NEWLINK, "eth1", 3, CABLE);
	take_news(2000);
	assert_string_equal(actions(), "s1");
	assert_string_equal(SAID(), "uplink eth1: link is up\n");
}

static void without_any_those_that_need_it_are_held_again(void **unused)
{
	(void)unused;
	there_is("eth1", 3, CABLE);
	boot_first();
	assert_string_equal(actions(), "s1 s2");
	happens(RTM_NEWLINK, "eth1", 3, ON);
	take_news(2000);
	order_event(&sup.order, NEEDS, STEP_STOP, 2010);
	order_event(&sup.order, NEEDS, STEP_EXITED, 2020);
	order_event(&sup.order, NEEDS, STEP_EMPTY, 2030);
	order_event(&sup.order, NEEDS, STEP_START, 2040);
	while (actions()[0])
		;
	assert_int_equal(slots[NEEDS].step.state, STEP_WAITING);
	happens(RTM_NEWLINK, "eth1", 3, CABLE);
	take_news(3000);
	assert_string_equal(actions(), "s1");
}

static void who_switches_it_off_may_switch_it_on(void **unused)
{
	(void)unused;
	there_is("eth1", 3, CABLE);
	boot_first();
	DONE();
	happens(RTM_NEWLINK, "eth1", 3, 0);
	take_news(2000);
	assert_string_equal(DONE(), "");
	happens(RTM_NEWLINK, "eth1", 3, CABLE);
	take_news(3000);
	assert_string_equal(DONE(), UP1);	/* its route went with it */
	happens(RTM_NEWLINK, "eth1", 3, 0);
	happens(RTM_NEWLINK, "eth1", 3, CABLE);
	take_news(4000);
	assert_string_equal(DONE(), UP1);
	happens(RTM_NEWLINK, "eth1", 3, CABLE);
	take_news(5000);
	assert_string_equal(DONE(), "");
}

static void others_are_not_touched(void **unused)
{
	(void)unused;
	boot_first();
	happens(RTM_NEWLINK, "eth2", 9, CABLE);
	happens(RTM_DELLINK, "web", 10001, 0);
	take_news(2000);
	assert_string_equal(DONE(), "");
	assert_false(uplinks_part.happened(&sup, SOURCE_UEVENT, 0, 2000));
}

static void what_was_lost_is_looked_for(void **unused)
{
	(void)unused;
	boot_first();
	there_is("eth1", 3, ON);
	news_fail = -ENOBUFS;
	take_news(2000);
	assert_string_equal(DONE(), UP1);
	/* More of them is no loss. */
	link_count = 0;
	news_fail = -EAGAIN;
	take_news(3000);
	assert_int_equal(save().uplink[1].index, 3);
}

static void a_look_that_fails_is_made_again(void **unused)
{
	(void)unused;
	dump_fails = -EINTR;
	there_is("eth1", 3, ON);
	boot_first();
	assert_string_equal(DONE(), "");
	assert_non_null(strstr(SAID(), "looking for the uplinks: Interrupted"));
	dump_fails = 0;
	assert_true(uplinks_part.tick(&sup, uplinks_part.deadline()));
	assert_string_equal(DONE(), UP1);
}

static void an_error_is_said(void **unused)
{
	(void)unused;
	send_fails = -ENETDOWN;
	there_is("eth1", 3, ON);
	boot_first();
	assert_string_equal(SAID(), "uplink eth1: setting it up: Network is down\n");
}

/* --- Leases --------------------------------------------------------------------------------- */

static void boot_with_cable(void)
{
	there_is("eth0", 2, CABLE);
	there_is("eth0.5", 4, ON);
	boot_first();
	actions();
	uplinks_part.tick(&sup, 1000 + UPLINK_SETTLE_MS);
	DONE();
	SAID();
}

static void a_lease_makes_it_online(void **unused)
{
	(void)unused;
	boot_with_cable();
	resolv_writes = 0;
	assert_true(tell(&a_lease, 2000));
	assert_string_equal(DONE(), LEASED "\n");
	assert_string_equal(SAID(), "uplink eth0: 10.0.2.15/24 from DHCP, gateway 10.0.2.2, for "
			    "10 min\n");
	assert_string_equal(actions(), "s1");
	assert_int_equal(resolv_writes, 1);
	assert_int_equal(save().uplink[0].lease_ends_ms, 602000);
}

static void a_renewed_lease_moves_its_end(void **unused)
{
	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	DONE();
	SAID();
	assert_true(tell(&a_lease, 302000));
	/* It changes nothing, and mends what somebody took away. */
	assert_string_equal(DONE(), LEASED "\n");
	assert_string_equal(SAID(), "");
	assert_int_equal(uplinks_part.deadline(), 902000);
	assert_false(uplinks_part.tick(&sup, 901999));
	assert_string_equal(DONE(), "");
}

static void a_lease_ends_by_its_own_time(void **unused)
{
	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	assert_string_equal(actions(), "s1");
	DONE();
	SAID();
	resolv_writes = 0;
	assert_true(uplinks_part.tick(&sup, uplinks_part.deadline()));
	assert_string_equal(DONE(), "-default dev 2 metric 100; -10.0.2.15/24 dev 2\n");
	assert_string_equal(SAID(), "uplink eth0: its lease has ended\n");
	assert_int_equal(resolv_writes, 1);
	assert_int_equal(uplinks_part.deadline(), 0);
	assert_int_equal(slots[NEEDS].held, 1);
}

static void a_lease_for_ever_has_no_end(void **unused)
{
	struct lease lease = a_lease;

	(void)unused;
	boot_with_cable();
	lease.seconds = LEASE_FOR_EVER;
	tell(&lease, 2000);
	assert_int_equal(uplinks_part.deadline(), 0);
	assert_false(uplinks_part.tick(&sup, UINT64_C(1) << 50));
	assert_non_null(strstr(SAID(), "for ever"));
}

static void another_address_is_there_before_the_old_one_goes(void **unused)
{
	struct lease next = a_lease;

	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	DONE();
	next.address++;
	next.gateway = 0;
	tell(&next, 3000);
	assert_string_equal(DONE(), "+10.0.2.16/24 dev 2; -default dev 2 metric 100; "
			    "-10.0.2.15/24 dev 2\n");
	assert_non_null(strstr(SAID(), "10.0.2.16/24 from DHCP, no gateway, for"));
}

static void what_the_server_takes_back_goes(void **unused)
{
	struct lease end = LEASE_END;

	(void)unused;
	boot_with_cable();
	tell(&end, 1500);
	assert_string_equal(DONE(), "");
	tell(&a_lease, 2000);
	DONE();
	SAID();
	tell(&end, 3000);
	assert_string_equal(DONE(), "-default dev 2 metric 100; -10.0.2.15/24 dev 2\n");
	assert_string_equal(SAID(), "uplink eth0: the server has taken its address back\n");
}

static void what_is_no_lease_changes_nothing(void **unused)
{
	struct lease lease = a_lease;

	(void)unused;
	boot_with_cable();
	lease.address = IP(10, 77, 0, 5);
	tell(&lease, 2000);
	assert_true(uplinks_part.told(&sup, ASKS, "", 1, 2000));
	assert_string_equal(DONE(), "");
	assert_string_equal(SAID(), "uplink eth0: what DHCP gives it is no lease for this board\n"
			    "uplink eth0: what DHCP gives it is no lease for this board\n");
	assert_false(uplinks_part.told(&sup, PLAIN, &a_lease, sizeof(a_lease), 2000));
	assert_string_equal(DONE(), "");
	assert_int_equal(save().uplink[0].lease.address, 0);
}

static void a_service_that_floods_says_little(void **unused)
{
	(void)unused;
	boot_with_cable();
	for (unsigned i = 0; i < 1000; i++) {
		struct lease lease = a_lease;

		lease.address += i % 8;
		tell(&lease, 2000);
		done[0] = '\0';
	}
	assert_true(strlen(said) < UPLINK_LINES * 100);
}

static void a_carrier_is_told_to_who_asks(void **unused)
{
	(void)unused;
	boot_with_cable();
	signal(SIGUSR1, note_signal);
	runs[ASKS].child.pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	happens(RTM_NEWLINK, "eth0", 2, ON);
	happens(RTM_NEWLINK, "eth0", 2, CABLE);
	take_news(2000);	/* it was so short that nobody lost anything */
	happens(RTM_NEWLINK, "eth0", 2, ON);
	take_news(2100);
	happens(RTM_NEWLINK, "eth0", 2, CABLE);
	take_news(2200);
	assert_int_equal(signals, 0);	/* it does not run */
	runs[ASKS].is.phase = PHASE_RUN;
	happens(RTM_NEWLINK, "eth0", 2, ON);
	take_news(2300);
	assert_int_equal(signals, 0);
	happens(RTM_NEWLINK, "eth0", 2, CABLE);
	take_news(2400);
	assert_int_equal(signals, 1);
	close(runs[ASKS].child.pidfd);
}

static void a_lease_goes_with_its_interface(void **unused)
{
	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	actions();
	DONE();
	happens(RTM_DELLINK, "eth0", 2, 0);
	take_news(3000);
	assert_string_equal(DONE(), "");
	assert_int_equal(save().uplink[0].lease.address, 0);
	assert_string_equal(actions(), "t0");	/* it has sockets on what is gone */
	order_event(&sup.order, ASKS, STEP_EXITED, 3010);
	actions();
	order_event(&sup.order, ASKS, STEP_EMPTY, 3020);
	assert_string_equal(actions(), "");
	assert_int_equal(slots[ASKS].step.state, STEP_WAITING);
	happens(RTM_NEWLINK, "eth0", 6, 0);
	take_news(4000);
	/* That the VLAN is gone as well, nobody has said. */
	assert_string_equal(DONE(), "up eth0\n");
	assert_string_equal(actions(), "s0");
}

static void another_of_its_name_is_another(void **unused)
{
	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	actions();
	DONE();
	happens(RTM_DELLINK, "eth0", 2, 0);
	happens(RTM_NEWLINK, "eth0", 6, CABLE);
	take_news(3000);
	assert_string_equal(DONE(), "up eth0\n");
	assert_string_equal(actions(), "t0");
	assert_int_equal(slots[ASKS].held, 0);
	/* Late news of the first one. */
	happens(RTM_DELLINK, "eth0", 2, 0);
	take_news(4000);
	assert_int_equal(save().uplink[0].index, 6);
	assert_true(save().uplink[0].carrier);
}

/* --- After PID 1 was executed anew --------------------------------------------------------- */

static void a_lease_outlives_pid_1(void **unused)
{
	struct state_board was;

	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	was = save();
	DONE();
	SAID();
	boot(&was, STATE_KEPT, 9000);
	assert_string_equal(DONE(), "up eth0; " LEASED "\nup eth0.5; +192.168.8.2/24 dev 4\n");
	assert_string_equal(SAID(), "");
	assert_int_equal(uplinks_part.deadline(), 602000);
	assert_int_equal(slots[NEEDS].held, 0);
	assert_int_equal(slots[ASKS].held, 0);
}

static void what_happened_meanwhile_is_seen(void **unused)
{
	struct state_board was;

	(void)unused;
	boot_with_cable();
	tell(&a_lease, 2000);
	was = save();
	DONE();
	SAID();
	link_count = 0;
	boot(&was, STATE_KEPT, 9000);
	assert_string_equal(DONE(), "");
	assert_int_equal(save().uplink[0].lease.address, 0);
	assert_int_equal(slots[NEEDS].held, 1);
	assert_int_equal(slots[ASKS].held, 1);
}

static void add_addr(int32_t index, uint32_t address, uint8_t prefix)
{
	struct rtnl_addr *addr = &addrs[addr_count++];

	*addr = (struct rtnl_addr){ .family = AF_INET, .prefix = prefix, .index = index };
	address = htonl(address);
	memcpy(addr->address, &address, sizeof(address));
}

/* Its uplinks were eth7, eth0 in another place, and a VLAN. */
static void of_another_table_goes_what_is_not_this_ones(void **unused)
{
	struct state_board was = { .uplink = {
		{ .name = "eth7", .index = 7, .carrier = true },
		{ .name = "eth0", .index = 2, .carrier = true, .lease = a_lease,
		  .lease_ends_ms = 602000 },
		{ .name = "eth7.9", .index = 8, .carrier = true },
	} };

	(void)unused;
	there_is("eth0", 2, CABLE);
	there_is("eth0.5", 4, ON);
	there_is("eth7", 7, CABLE);
	add_addr(7, IP(172, 20, 0, 2), 16);
	add_addr(2, IP(10, 0, 2, 15), 24);
	add_addr(2, IP(10, 0, 2, 99), 24);
	add_addr(1, IP(127, 0, 0, 1), 8);
	kept.network_kept = false;
	boot(&was, STATE_MOVED, 9000);
	assert_string_equal(DONE(), "-172.20.0.2/16 dev 7; -10.0.2.99/24 dev 2\n"
			    "-default dev 2\n-default6 dev 2\n"
			    "-default dev 7\n-default6 dev 7\n"
			    "-default dev 4\n-default6 dev 4\n"
			    "-default dev 8\n-default6 dev 8\nremove eth7.9\n"
			    "up eth0; " LEASED "\nup eth0.5; +192.168.8.2/24 dev 4\n");
	assert_int_equal(save().uplink[0].lease_ends_ms, 602000);
	kept.network_kept = true;
	boot(&was, STATE_MOVED, 9000);
	assert_null(strchr(DONE(), '-'));
}

static void a_system_that_ends_looks_at_nothing(void **unused)
{
	(void)unused;
	there_is("eth1", 3, ON);
	order_init(&sup.order, services, COUNT, slots, timers);
	uplinks_part.take_up(&sup, &(struct state_board){ 0 }, STATE_KEPT, 1000);
	uplinks_part.open(&sup, STATE_KEPT, true);
	assert_string_equal(DONE(), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_there_is_set_up_at_once),
		TEST(boot_waits_for_nothing),
		TEST(an_interface_may_come_late),
		TEST(the_first_that_is_online_is_the_network),
		TEST(without_any_those_that_need_it_are_held_again),
		TEST(who_switches_it_off_may_switch_it_on),
		TEST(others_are_not_touched),
		TEST(what_was_lost_is_looked_for),
		TEST(a_look_that_fails_is_made_again),
		TEST(an_error_is_said),
		TEST(a_lease_makes_it_online),
		TEST(a_renewed_lease_moves_its_end),
		TEST(a_lease_ends_by_its_own_time),
		TEST(a_lease_for_ever_has_no_end),
		TEST(another_address_is_there_before_the_old_one_goes),
		TEST(what_the_server_takes_back_goes),
		TEST(what_is_no_lease_changes_nothing),
		TEST(a_service_that_floods_says_little),
		TEST(a_carrier_is_told_to_who_asks),
		TEST(a_lease_goes_with_its_interface),
		TEST(another_of_its_name_is_another),
		TEST(a_lease_outlives_pid_1),
		TEST(what_happened_meanwhile_is_seen),
		TEST(of_another_table_goes_what_is_not_this_ones),
		TEST(a_system_that_ends_looks_at_nothing),
	};

	return cmocka_run_group_tests_name("uplinks", tests, NULL, NULL);
}
