/*
 * pith why NAME:PORT: what is understood, what was planned, and what stops a connection,
 * for each thing that can.
 *
 * links: init/client/reach_plan.c init/client/reach_judge.c init/client/ports.c
 * links: init/client/listeners.c init/client/files.c init/client/ways.c init/client/rules.c
 * links: init/uplink_words.c init/state_read.c init/step.c init/text.c
 * links: netsetup/nft_read.c netsetup/nft_read_parse.c netsetup/nldump.c
 * links: netsetup/nldump_parse.c netsetup/nlsock.c netsetup/nlsock_parse.c
 * links: netsetup/nlread.c netsetup/nlmsg.c
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "init/client/reach.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* The first three are all that the table has; the others are there to be asked for. */
enum { WEB, BROKER, SHARER, NONE, BOARD, BOARD2, LEASE, SERVICES };

static const struct service_publish web_publishes[] = {
	{ 8080, 80, IPPROTO_TCP }, { 80, 8000, IPPROTO_TCP }, { 5353, 53, IPPROTO_UDP },
};
static const struct service_publish broker_publishes[] = { { 1883, 1883, IPPROTO_TCP } };
static const struct service_publish board_publishes[] = { { 22, 22, IPPROTO_TCP } };
static const struct service_allow web_allows[] = {
	{ BROKER, 0, 0, "/run/broker.sock" }, { BROKER, 1883, IPPROTO_TCP, NULL },
};
static const struct service_allow broker_allows[] = { { SHARER, 9000, IPPROTO_TCP, NULL } };
static const struct service_allow board_allows[] = { { WEB, 80, IPPROTO_TCP, NULL } };
static const struct service_listen sharer_listens[] = {
	{ 443, IPPROTO_TCP, NULL }, { 0, 0, "/run/x.sock" },
};

const struct service services[SERVICES] = {
	[WEB] = {
		.name = "web", .net = SERVICE_NET_PRIVATE, .address = 0x0a4d0004, .ipv6 = true,
		.address6 = { 0xfd, [15] = 4 }, .published = web_publishes, .published_count = 3,
		.allow = web_allows, .allow_count = 2,
	},
	[BROKER] = {
		.name = "broker", .net = SERVICE_NET_PRIVATE, .address = 0x0a4d0002,
		.published = broker_publishes, .published_count = 1, .allow = broker_allows,
		.allow_count = 1,
	},
	[SHARER] = {
		.name = "web-files", .net = SERVICE_NET_SHARE, .net_of = WEB,
		.listen = sharer_listens, .listen_count = 2,
	},
	[NONE] = { .name = "no-net", .net = SERVICE_NET_NONE },
	[BOARD] = {
		.name = "ssh", .net = SERVICE_NET_HOST, .published = board_publishes,
		.published_count = 1, .allow = board_allows, .allow_count = 1,
	},
	[BOARD2] = { .name = "ntp", .net = SERVICE_NET_HOST },
	[LEASE] = { .name = "my-dhcp-eth1", .net = SERVICE_NET_HOST, .lease_of = 2 },
};

static const struct bridge bridges[] = { { .name = "br0", .address = 0x0a4d0001, .prefix = 24 } };
static struct uplink uplinks[] = {
	{ .name = "eth0", .address = 0x0a00020f, .prefix = 24 },
	{ .name = "eth1", .dhcp = true, .dhcp_service = BROKER },
};
static const struct uplink first_uplink = { .name = "eth0", .address = 0x0a00020f, .prefix = 24 };
static const struct service_listen opens[] = { { 123, IPPROTO_UDP, NULL } };
const struct board board = {
	.open = opens, .open_count = 1,
	.bridges = bridges, .bridge_count = 1, .uplinks = uplinks, .uplink_count = 2,
};

/* --- What is typed --------------------------------------------------------------- */

static const struct word {
	const char *word, *name;	/* name NULL: it is none */
	uint16_t port;
	uint8_t protocol;
} typed[] = {
	{ "web:8080", "web", 8080, 0 },
	{ "web:1/tcp", "web", 1, IPPROTO_TCP },
	{ "a-b:65535/udp", "a-b", 65535, IPPROTO_UDP },
	{ "a-name-that-is-longer:80", "a-name-that-is-l", 80, 0 },
	{ "web", NULL, 0, 0 }, { "web:", NULL, 0, 0 }, { ":80", NULL, 0, 0 }, { ":", NULL, 0, 0 },
	{ "web:0", NULL, 0, 0 }, { "web:65536", NULL, 0, 0 }, { "web:http", NULL, 0, 0 },
	{ "web:80/", NULL, 0, 0 }, { "web:80/sctp", NULL, 0, 0 }, { "web:80/tcp ", NULL, 0, 0 },
	{ "web:-80", NULL, 0, 0 }, { "web:80:80", NULL, 0, 0 }, { "web:/tcp", NULL, 0, 0 },
	{ "web:18446744073709551696", NULL, 0, 0 },
};

static void words_are_a_name_and_a_port(void **row_of)
{
	(void)row_of;
	for (size_t i = 0; i < COUNT(typed); i++) {
		char name[SERVICE_NAME_SIZE + 1];
		uint16_t port;
		uint8_t protocol;
		bool is = reach_parse(typed[i].word, name, &port, &protocol);

		assert_int_equal(is, typed[i].name != NULL);
		if (!is)
			continue;
		assert_string_equal(name, typed[i].name);
		assert_int_equal(port, typed[i].port);
		assert_int_equal(protocol, typed[i].protocol);
	}
}

/* --- What was planned ------------------------------------------------------------ */

#define OUTSIDE (-1)

static const struct plan {
	int to, from;
	uint16_t port;
	uint8_t protocol;
	const char *understood, *row;	/* row NULL: none */
	int keeper;			/* -1: none */
} plans[] = {
	{ WEB, OUTSIDE, 8080, 0, "8080/tcp of the board, which leads to 80/tcp of web",
	  "outside:8080>web:80/tcp", -1 },
	/* Both a port of the board and one of the service. */
	{ WEB, OUTSIDE, 80, 0, "80/tcp of the board, which leads to 8000/tcp of web",
	  "outside:80>web:8000/tcp", -1 },
	{ WEB, OUTSIDE, 8000, 0, "8000/tcp of web, which is 80/tcp of the board",
	  "outside:80>web:8000/tcp", -1 },
	{ WEB, OUTSIDE, 5353, 0, "5353/udp of the board, which leads to 53/udp of web",
	  "outside:5353>web:53/udp", -1 },
	{ WEB, OUTSIDE, 5353, IPPROTO_TCP, "5353/tcp of the board", NULL, -1 },
	{ WEB, OUTSIDE, 1234, 0, "1234/tcp of the board", NULL, -1 },
	{ WEB, OUTSIDE, 443, 0, "443/tcp of the board", NULL, SHARER },
	{ SHARER, OUTSIDE, 8080, 0, "8080/tcp of the board, which leads to 80/tcp of web-files",
	  "outside:8080>web:80/tcp", -1 },
	{ BOARD, OUTSIDE, 22, 0, "22/tcp of the board, which leads to 22/tcp of ssh",
	  "outside:22>ssh:22/tcp", -1 },
	{ BROKER, WEB, 1883, 0, "1883/tcp of broker", "web>broker:1883/tcp", -1 },
	{ BROKER, WEB, 1884, 0, "1884/tcp of broker", NULL, -1 },
	{ BROKER, WEB, 1883, IPPROTO_UDP, "1883/udp of broker", NULL, -1 },
	{ BROKER, SHARER, 1883, 0, "1883/tcp of broker", "web>broker:1883/tcp", -1 },
	/* Whom ALLOW names has another's network. */
	{ WEB, BROKER, 9000, 0, "9000/tcp of web", "broker>web:9000/tcp", -1 },
	{ SHARER, BROKER, 443, 0, "443/tcp of web-files", NULL, SHARER },
	/* Between services, one of the service; of the board if it is nothing else. */
	{ WEB, BOARD, 80, 0, "80/tcp of web", "ssh>web:80/tcp", -1 },
	{ WEB, BOARD, 8080, 0, "8080/tcp of the board, which is 80/tcp of web", "ssh>web:80/tcp",
	  -1 },
	{ WEB, BROKER, 5353, 0, "5353/udp of the board, which is 53/udp of web", NULL, -1 },
	{ WEB, SHARER, 80, 0, "80/tcp of web", NULL, -1 },
	{ BOARD2, BOARD, 123, 0, "123/udp of ntp", NULL, -1 },
	{ BOARD2, OUTSIDE, 123, 0, "123/udp of the board", NULL, -1 },
};

static void plan(struct reach *r, int to, int from, uint16_t port, uint8_t protocol)
{
	*r = (struct reach){
		.to = &services[to], .from = from == OUTSIDE ? NULL : &services[from],
		.asked = port,
	};
	reach_plan(r, protocol);
}

static void ports_are_found_in_the_table(void **row_of)
{
	(void)row_of;
	for (size_t i = 0; i < COUNT(plans); i++) {
		char words[128] = "", row[128] = "";
		struct text t = TEXT_ON(words), name = TEXT_ON(row);
		struct reach r;

		plan(&r, plans[i].to, plans[i].from, plans[i].port, plans[i].protocol);
		reach_add_understood(&t, &r);
		assert_string_equal(words, plans[i].understood);
		assert_int_equal(reach_add_rule(&name, &r), plans[i].row != NULL);
		assert_string_equal(row, plans[i].row ? plans[i].row : "");
		assert_ptr_equal(r.keeper, plans[i].keeper < 0 ? NULL :
						   &services[plans[i].keeper]);
	}
}

/* --- What stops it ---------------------------------------------------------------- */

/* Open from the outside to web:8080 unless a row says otherwise. */
static struct reach open_connection(int to, int from, uint16_t port)
{
	struct reach r;

	plan(&r, to, from, port, 0);
	r.ways.is[0] = (struct state_uplink){ .name = "eth0", .index = 2, .carrier = true };
	r.rules = 20;
	r.passed = 12;
	r.spoofed = 0;
	r.forwards = 1;
	r.is = (struct state_service){ .step.state = STEP_UP, .phase = PHASE_RUN, .pid = 100 };
	strcpy(r.why, "its program runs");
	r.looked = true;
	r.listeners = (struct listeners){
		.port = r.inside, .protocol = r.protocol, .reach = LISTENERS_ANY,
		.best = { .port = r.inside, .protocol = r.protocol },
	};
	return r;
}

static void no_carrier(struct reach *r) { r->ways.is[0].carrier = false; }
static void no_interface(struct reach *r) { r->ways.is[0].index = 0; }
static void no_lease(struct reach *r)
{
	r->ways.is[0].index = 0;
	r->ways.is[1] = (struct state_uplink){ .name = "eth1", .index = 3, .carrier = true };
}
static void other_uplink(struct reach *r)
{
	no_lease(r);
	r->ways.is[1].lease.address = 0x0a000003;
}
static const struct uplink only_ipv6 = { .name = "eth0", .ipv6 = true };

/* For the one row: restore_uplinks(). */
static void with_ipv6(struct reach *r) { uplinks[0] = only_ipv6; (void)r; }
static void also_leased(struct reach *r)
{
	with_ipv6(r);
	r->ways.is[0].lease.address = 0x0a000003;
}

/* As if it listened there and nowhere else. */
static void listens_on(struct reach *r, const char *address)
{
	struct listeners_socket is = { .port = r->inside, .protocol = r->protocol };

	if (strchr(address, ':')) {
		assert_int_equal(inet_pton(AF_INET6, address, is.address), 1);
	} else {
		memset(is.address + 10, 0xff, 2);
		assert_int_equal(inet_pton(AF_INET, address, is.address + 12), 1);
	}
	r->listeners.families = reach_families(r);
	listeners_add(&r->listeners, &is);
}

static void only_on(struct reach *r, const char *address)
{
	r->listeners.reach = LISTENERS_NONE;
	listens_on(r, address);
}

static void on_ipv4(struct reach *r) { only_on(r, "0.0.0.0"); }
static void on_ipv4_by_ipv6(struct reach *r) { with_ipv6(r); only_on(r, "0.0.0.0"); }
static void on_ipv4_by_both(struct reach *r) { also_leased(r); only_on(r, "0.0.0.0"); }
static void on_ipv6_by_ipv6(struct reach *r) { with_ipv6(r); only_on(r, "::"); }
static void on_both_by_ipv6(struct reach *r) { on_ipv4_by_ipv6(r); listens_on(r, "::"); }
static void on_ipv6_by_both(struct reach *r) { also_leased(r); only_on(r, "::"); }
static void on_ipv6(struct reach *r) { only_on(r, "::"); }
static void on_both(struct reach *r) { on_ipv6(r); listens_on(r, "0.0.0.0"); }
static void on_an_ipv6_address(struct reach *r) { only_on(r, "fd00::4"); }
static void no_firewall(struct reach *r) { r->rules = 0; }
static void no_root(struct reach *r) { r->rules = -EPERM; }
static void no_row(struct reach *r) { r->passed = -1; }
static void not_used_yet(struct reach *r) { r->passed = 0; }
static void spoofs(struct reach *r) { r->passed = 0; r->spoofed = 7; }
static void spoofed_once(struct reach *r) { r->spoofed = 1; }
static void no_forwarding(struct reach *r) { r->forwards = 0; }
static void forwarding_unknown(struct reach *r) { r->forwards = -1; }

static void down(struct reach *r, enum step_state step, const char *why)
{
	r->is = (struct state_service){ .step.state = step };
	strcpy(r->why, why);
	r->looked = false;
}

static void backs_off(struct reach *r) { down(r, STEP_BACKOFF, "starts again in 2.0 s"); }
static void was_stopped(struct reach *r) { down(r, STEP_OFF, "was stopped"); }
static void gave_up(struct reach *r) { down(r, STEP_GIVEN_UP, "reached START_LIMIT"); }
static void frozen(struct reach *r)
{
	r->is.shed = SHED_FROZEN;
	strcpy(r->why, "frozen for memory pressure");
}
static void shed(struct reach *r)
{
	down(r, STEP_OFF, "stopped for memory pressure");
	r->is.shed = SHED_STOPPED;
}
static void readying(struct reach *r)
{
	r->is.step.state = STEP_READYING;
	strcpy(r->why, "has not said READY=1");
}
static void silent(struct reach *r) { r->listeners.reach = LISTENERS_NONE; }
static void not_ready_and_silent(struct reach *r) { readying(r); silent(r); }
static void elsewhere(struct reach *r)
{
	silent(r);
	r->listeners.other_count = 2;
	r->listeners.other[0] = (struct listeners_socket){ .port = 53, .protocol = IPPROTO_UDP };
	r->listeners.other[1] = (struct listeners_socket){ .port = 8888, .protocol = IPPROTO_TCP };
}
static void elsewhere_on_loopback(struct reach *r)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	elsewhere(r);
	memcpy(r->listeners.other[1].address, loopback, sizeof(loopback));
}
static void strangers(struct reach *r) { silent(r); r->listeners.strangers = true; }
static void on_loopback(struct reach *r)
{
	r->listeners.reach = LISTENERS_LOOPBACK;
	memcpy(r->listeners.best.address, "\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\1", 16);
}
static void on_udp(struct reach *r) { reach_plan(r, IPPROTO_UDP); }
static void not_looked(struct reach *r) { r->looked = false; }

static const struct stop {
	const char *name;
	int to, from;
	uint16_t port;
	void (*change)(struct reach *r);
	enum reach_step step;		/* that stops it; REACH_STEPS: none */
	const char *words, *remedy;	/* parts of its texts */
	enum reach_step unknown;	/* 0: none */
} stops[] = {
	{ "open_from_outside", WEB, OUTSIDE, 8080, NULL, REACH_STEPS, NULL, NULL, 0 },
	{ "open_from_a_service", BROKER, WEB, 1883, NULL, REACH_STEPS, NULL, NULL, 0 },
	{ "open_to_the_board", BOARD, OUTSIDE, 22, NULL, REACH_STEPS, NULL, NULL, 0 },
	{ "open_and_not_used_yet", WEB, OUTSIDE, 8080, not_used_yet, REACH_STEPS, NULL, NULL, 0 },
	{ "open_through_the_other_uplink", WEB, OUTSIDE, 8080, other_uplink, REACH_STEPS, NULL,
	  NULL, 0 },
	{ "open_while_it_is_not_ready", WEB, OUTSIDE, 8080, readying, REACH_STEPS, NULL, NULL, 0 },
	{ "open_to_everybody", BOARD2, OUTSIDE, 123, NULL, REACH_STEPS, NULL, NULL, 0 },
	{ "open_to_everybody_and_silent", BOARD2, WEB, 123, silent, REACH_LISTENER,
	  "nothing of ntp listens on 123/udp", NULL, 0 },
	{ "open_is_of_the_board_alone", WEB, OUTSIDE, 123, NULL, REACH_PLAN, NULL, NULL, 0 },
	{ "dns_of_the_board", BOARD2, WEB, 53, NULL, REACH_STEPS, NULL, NULL, 0 },
	{ "dns_of_the_board_from_outside", BOARD2, OUTSIDE, 53, NULL, REACH_PLAN, NULL, NULL, 0 },
	{ "dhcp_of_the_board", BOARD2, WEB, 67, NULL, REACH_STEPS, NULL, NULL, 0 },
	{ "no_network", NONE, OUTSIDE, 80, NULL, REACH_NETWORK, "no-net has no network (NET=none)",
	  "set SVC_NO_NET_NET to private", 0 },
	{ "no_network_of_the_caller", WEB, NONE, 80, NULL, REACH_NETWORK,
	  "no-net has no network (NET=none)", "SVC_NO_NET_NET", 0 },
	{ "not_published", WEB, OUTSIDE, 1234, NULL, REACH_PLAN,
	  "web does not publish 1234/tcp; web publishes 8080:80/tcp, 80:8000/tcp, 5353:53/udp",
	  "add 1234:1234/tcp to SVC_WEB_PUBLISH", 0 },
	{ "not_published_and_listens_elsewhere", WEB, OUTSIDE, 1234, elsewhere, REACH_PLAN, NULL,
	  "add 1234:8888/tcp to SVC_WEB_PUBLISH", 0 },
	{ "published_by_another", WEB, OUTSIDE, 1883, NULL, REACH_PLAN,
	  "web does not publish 1883/tcp; that port leads to 1883/tcp of broker",
	  "publish another port, or ask for broker:1883", 0 },
	{ "open_on_the_board", WEB, OUTSIDE, 123, on_udp, REACH_PLAN, "web does not publish 123/udp",
	  "publish another port: OPEN has that one", 0 },
	{ "made_for_an_uplink", LEASE, OUTSIDE, 68, NULL, REACH_PLAN, NULL,
	  "add 68:68/tcp to SVC_MY_DHCP_PUBLISH", 0 },
	{ "listens_elsewhere_on_loopback", WEB, OUTSIDE, 1234, elsewhere_on_loopback, REACH_PLAN,
	  NULL, "add 1234:1234/tcp to SVC_WEB_PUBLISH", 0 },
	{ "nothing_published_by_it", BOARD2, OUTSIDE, 124, NULL, REACH_PLAN,
	  "ntp does not publish 124/tcp; web publishes 8080:80/tcp, 80:8000/tcp, 5353:53/udp; "
	  "broker publishes 1883:1883/tcp", "add 124:124/tcp to SVC_NTP_PUBLISH", 0 },
	{ "published_by_whose_network_it_has", SHARER, OUTSIDE, 1234, NULL, REACH_PLAN,
	  "web does not publish 1234/tcp", "SVC_WEB_PUBLISH", 0 },
	{ "not_allowed", WEB, BROKER, 80, NULL, REACH_PLAN,
	  "broker may not reach web:80/tcp; it may reach web-files:9000/tcp",
	  "add web:80/tcp to SVC_BROKER_ALLOW", 0 },
	{ "not_allowed_of_whose_network_it_has", BROKER, SHARER, 1884, NULL, REACH_PLAN,
	  "web may not reach broker:1884/tcp; it may reach broker:1883/tcp",
	  "add broker:1884/tcp to SVC_WEB_ALLOW", 0 },
	{ "uplink_without_carrier", WEB, OUTSIDE, 8080, no_carrier, REACH_UPLINK,
	  "eth0 has no carrier, there is no eth1", "plug the cable of eth0 in", 0 },
	{ "uplink_absent", WEB, OUTSIDE, 8080, no_interface, REACH_UPLINK, "there is no eth0",
	  "load the driver of eth0", 0 },
	{ "uplink_without_a_lease", WEB, OUTSIDE, 8080, no_lease, REACH_UPLINK,
	  "there is no eth0, eth1 has no address from DHCP", "`pith why broker`", 0 },
	{ "uplink_of_a_family_that_it_has_not", BROKER, OUTSIDE, 1883, with_ipv6, REACH_UPLINK,
	  "eth0 online with IPv6 alone, which broker has not",
	  "give broker IPv6 with BRIDGE_PREFIX6, or eth0 an IPv4 address", 0 },
	{ "uplink_of_a_family_that_it_has", WEB, OUTSIDE, 8080, with_ipv6, REACH_STEPS, NULL, NULL,
	  0 },
	{ "board_has_both_families", BOARD, OUTSIDE, 22, with_ipv6, REACH_STEPS, NULL, NULL, 0 },
	{ "uplink_of_both_families_by_its_lease", BROKER, OUTSIDE, 1883, also_leased, REACH_STEPS,
	  NULL, NULL, 0 },
	{ "no_uplink_is_needed_between_services", BROKER, WEB, 1883, no_carrier, REACH_STEPS, NULL,
	  NULL, 0 },
	{ "firewall_not_loaded", WEB, OUTSIDE, 8080, no_firewall, REACH_FIREWALL,
	  "it is not loaded", "pith logs pith", 0 },
	{ "firewall_not_shown", WEB, OUTSIDE, 8080, no_root, REACH_STEPS, NULL, NULL,
	  REACH_FIREWALL },
	{ "firewall_of_another_table", WEB, OUTSIDE, 8080, no_row, REACH_FIREWALL,
	  "outside:8080>web:80/tcp is not in the firewall", "pith reboot", 0 },
	{ "no_forwarding", WEB, OUTSIDE, 8080, no_forwarding, REACH_FIREWALL,
	  "net.ipv4.ip_forward is 0", "pith logs pith", 0 },
	{ "no_forwarding_between_services", BROKER, WEB, 1883, no_forwarding, REACH_FIREWALL,
	  "net.ipv4.ip_forward is 0", "pith logs pith", 0 },
	{ "no_forwarding_to_the_board", BOARD, OUTSIDE, 22, no_forwarding, REACH_STEPS, NULL, NULL,
	  0 },
	{ "no_forwarding_from_the_board", WEB, BOARD, 80, no_forwarding, REACH_STEPS, NULL, NULL,
	  0 },
	{ "forwarding_not_known", WEB, OUTSIDE, 8080, forwarding_unknown, REACH_STEPS, NULL, NULL,
	  0 },
	{ "spoofed", BROKER, WEB, 1883, spoofs, REACH_FIREWALL,
	  "7 packets of web were dropped, since they had not its own address",
	  "let web send from the address that it was given", 0 },
	{ "spoofed_once_and_passed", BROKER, WEB, 1883, spoofed_once, REACH_STEPS, NULL, NULL, 0 },
	{ "service_backs_off", WEB, OUTSIDE, 8080, backs_off, REACH_SERVICE,
	  "web is backoff: starts again in 2.0 s", "pith why web", 0 },
	{ "service_was_stopped", WEB, OUTSIDE, 8080, was_stopped, REACH_SERVICE,
	  "web is off: was stopped", "pith start web", 0 },
	{ "service_gave_up", WEB, OUTSIDE, 8080, gave_up, REACH_SERVICE, "reached START_LIMIT",
	  "pith start web", 0 },
	{ "service_is_frozen", WEB, OUTSIDE, 8080, frozen, REACH_SERVICE,
	  "web is frozen: frozen for memory pressure", "pith why web", 0 },
	{ "service_is_shed", WEB, OUTSIDE, 8080, shed, REACH_SERVICE, "web is shed",
	  "pith why web", 0 },
	{ "connections_wait_in_the_queue", SHARER, BROKER, 443, backs_off, REACH_PLAN, NULL, NULL,
	  0 },
	{ "nobody_listens", WEB, OUTSIDE, 8080, silent, REACH_LISTENER,
	  "nothing of web listens on 80/tcp", "pith logs web", 0 },
	{ "not_ready_and_nobody_listens", WEB, OUTSIDE, 8080, not_ready_and_silent, REACH_LISTENER,
	  "nothing of web listens on 80/tcp; it is not ready yet", "pith logs web", 0 },
	{ "listens_elsewhere", WEB, OUTSIDE, 8080, elsewhere, REACH_LISTENER,
	  "nothing of web listens on 80/tcp; it listens on 53/udp, 8888/tcp",
	  "let it listen on 80, or publish 8888 in place of it", 0 },
	{ "listens_elsewhere_for_a_service", BROKER, WEB, 1883, elsewhere, REACH_LISTENER, NULL,
	  "let it listen on 1883, or ask for 8888 in place of it", 0 },
	{ "another_program_has_the_port", BOARD, OUTSIDE, 22, strangers, REACH_LISTENER,
	  "nothing of ssh listens on 22/tcp, which another program of the board has", NULL, 0 },
	{ "listens_on_loopback", WEB, OUTSIDE, 8080, on_loopback, REACH_LISTENER,
	  "it listens on 127.0.0.1:80 alone", "0.0.0.0 or [::]", 0 },
	{ "listens_for_ipv4_where_it_leads", WEB, OUTSIDE, 8080, on_ipv4, REACH_STEPS, NULL, NULL,
	  0 },
	{ "listens_for_ipv4_where_ipv6_leads", WEB, OUTSIDE, 8080, on_ipv4_by_ipv6, REACH_LISTENER,
	  "it listens on 0.0.0.0:80 alone, and only IPv6 leads there", "let it listen on [::]", 0 },
	{ "listens_on_the_board_for_ipv4_where_ipv6_leads", BOARD, OUTSIDE, 22, on_ipv4_by_ipv6,
	  REACH_LISTENER, "only IPv6 leads there", "let it listen on [::]", 0 },
	{ "listens_for_ipv4_where_both_lead", WEB, OUTSIDE, 8080, on_ipv4_by_both, REACH_STEPS, NULL,
	  NULL, 0 },
	{ "listens_for_ipv6_where_it_leads", WEB, OUTSIDE, 8080, on_ipv6_by_ipv6, REACH_STEPS, NULL,
	  NULL, 0 },
	{ "listens_for_each_where_ipv6_leads", WEB, OUTSIDE, 8080, on_both_by_ipv6, REACH_STEPS,
	  NULL, NULL, 0 },
	{ "listens_at_an_ipv6_address_where_ipv4_leads", WEB, OUTSIDE, 8080, on_an_ipv6_address,
	  REACH_LISTENER, "it listens on [fd00::4]:80 alone, and only IPv4 leads there",
	  "0.0.0.0 or [::]", 0 },
	{ "listens_for_ipv4_in_the_same_network", WEB, SHARER, 80, on_ipv4_by_ipv6, REACH_STEPS,
	  NULL, NULL, 0 },
	{ "listens_elsewhere_on_loopback_alone", WEB, OUTSIDE, 8080, elsewhere_on_loopback,
	  REACH_LISTENER, "it listens on 53/udp, 8888/tcp of loopback", "pith logs web", 0 },
	{ "loopback_of_the_same_network", WEB, SHARER, 80, on_loopback, REACH_STEPS, NULL, NULL,
	  0 },
	{ "nothing_between_services_of_the_board", BOARD2, BOARD, 123, no_firewall, REACH_STEPS,
	  NULL, NULL, 0 },
	{ "listeners_not_known", WEB, OUTSIDE, 8080, not_looked, REACH_STEPS, NULL, NULL,
	  REACH_LISTENER },
};

/* Whatever a row made of it. */
static int restore_uplinks(void **row_of)
{
	(void)row_of;
	uplinks[0] = first_uplink;
	return 0;
}

static void first_step_that_stops_it(void **row_of)
{
	const struct stop *row = *row_of;
	struct reach r = open_connection(row->to, row->from, row->port);
	enum reach_step stop = REACH_STEPS, unknown = 0;

	if (row->change)
		row->change(&r);
	for (enum reach_step step = 0; step < REACH_STEPS; step++) {
		char words[REACH_WORDS_SIZE] = "", remedy[REACH_WORDS_SIZE] = "";
		struct text t = TEXT_ON(words), to_do = TEXT_ON(remedy);
		enum reach_verdict verdict = reach_judge(&r, step, &t, &to_do);

		assert_false(t.cut || to_do.cut);
		assert_int_equal(t.len > 0, verdict != REACH_NOTHING);
		/* Whatever stops it can be helped. */
		if (verdict == REACH_STOPS)
			assert_true(to_do.len > 0);
		if (verdict == REACH_UNKNOWN)
			unknown = step;
		if (verdict != REACH_STOPS || stop != REACH_STEPS)
			continue;
		stop = step;
		if (row->words && !strstr(words, row->words))
			fail_msg("'%s' has no '%s'", words, row->words);
		if (row->remedy && !strstr(remedy, row->remedy))
			fail_msg("'%s' has no '%s'", remedy, row->remedy);
	}
	assert_int_equal(stop, row->step);
	assert_int_equal(unknown, row->unknown);
}

/* With a socket that PID 1 keeps, a service that comes back loses no connection. */
static void kept_socket_waits(void **row_of)
{
	static const struct {
		void (*change)(struct reach *r);
		enum reach_verdict verdict;
	} rows[] = {
		{ backs_off, REACH_HOLDS }, { was_stopped, REACH_STOPS }, { gave_up, REACH_STOPS },
		{ shed, REACH_HOLDS },
	};

	(void)row_of;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char words[REACH_WORDS_SIZE] = "", remedy[REACH_WORDS_SIZE] = "";
		struct text t = TEXT_ON(words), to_do = TEXT_ON(remedy);
		struct reach r = open_connection(SHARER, OUTSIDE, 443);

		rows[i].change(&r);
		assert_int_equal(reach_judge(&r, REACH_SERVICE, &t, &to_do), rows[i].verdict);
		assert_non_null(strstr(words, "wait in the queue of LISTEN"));
		assert_int_equal(reach_judge(&r, REACH_LISTENER, &t, &to_do), REACH_NOTHING);
	}
}

/* Which the kernel does not say of [::], but PID 1 knows of its own. */
static void doubt_about_a_family_is_said(void **row_of)
{
	static const struct {
		int to;
		uint16_t port;
		void (*change)(struct reach *r);
		bool doubt;
	} rows[] = {
		{ WEB, 8080, on_ipv6, true }, { WEB, 8080, on_both, false },
		{ WEB, 8080, on_ipv6_by_ipv6, false }, { WEB, 8080, on_ipv6_by_both, false },
		{ WEB, 8080, on_ipv4, false }, { SHARER, 443, on_ipv6, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char words[REACH_WORDS_SIZE] = "", remedy[REACH_WORDS_SIZE] = "";
		struct text t = TEXT_ON(words), to_do = TEXT_ON(remedy);
		struct reach r = open_connection(rows[i].to, OUTSIDE, rows[i].port);

		r.publish = &web_publishes[0];
		rows[i].change(&r);
		assert_int_equal(reach_judge(&r, REACH_LISTENER, &t, &to_do), REACH_HOLDS);
		assert_int_equal(strstr(words, "[::]:") && strstr(words, ", perhaps for IPv6 alone"),
				 rows[i].doubt);
		restore_uplinks(row_of);
	}
}

static void steps_have_their_names(void **row_of)
{
	struct reach outside, inside;

	(void)row_of;
	plan(&outside, WEB, OUTSIDE, 80, 0);
	plan(&inside, WEB, BROKER, 80, 0);
	assert_string_equal(reach_step_name(&outside, REACH_PLAN), "publish");
	assert_string_equal(reach_step_name(&inside, REACH_PLAN), "allow");
	assert_string_equal(reach_step_name(&inside, REACH_LISTENER), "listener");
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(words_are_a_name_and_a_port),
		cmocka_unit_test(ports_are_found_in_the_table),
		cmocka_unit_test(kept_socket_waits),
		cmocka_unit_test(doubt_about_a_family_is_said),
		cmocka_unit_test(steps_have_their_names),
	};
	struct CMUnitTest tests[COUNT(plain) + COUNT(stops)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(plain); i++)
		tests[n++] = plain[i];
	for (size_t i = 0; i < COUNT(stops); i++)
		tests[n++] = (struct CMUnitTest){
			.name = stops[i].name,
			.test_func = first_step_that_stops_it,
			.teardown_func = restore_uplinks,
			.initial_state = (void *)&stops[i],
		};
	return _cmocka_run_group_tests("client_reach", tests, n, NULL, NULL);
}
