/*
 * What the firewall makes of packets: a batch for a board with two bridges and two
 * uplinks, run by nft_machine.h along the way that a packet takes through the kernel, and
 * held against the plan itself.
 *
 * links: init/table/firewall.c init/table/firewall_rule.c init/table/firewall_nat.c
 * links: init/table/firewall_filter.c init/table/firewall_sets.c init/table/firewall_rows.c
 * links: netsetup/nft.c netsetup/nft_match.c netsetup/nft_act.c netsetup/nft_set.c
 * links: netsetup/nft_lookup.c netsetup/nft_field.c netsetup/nlmsg.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>
#include <stdio.h>

#include "init/table/firewall.h"
#include "nft_machine.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TCP IPPROTO_TCP
#define UDP IPPROTO_UDP
#define ICMP IPPROTO_ICMP
#define ICMP6 IPPROTO_ICMPV6
#define ULA 0xfd, 0x70, 0x69, 0x74, 0x68
#define ESTABLISHED NF_CT_STATE_BIT(IP_CT_ESTABLISHED)
#define RELATED NF_CT_STATE_BIT(IP_CT_RELATED)

enum { BROKER, FAR, HOSTED, OLD, SENSOR, WEB, SERVICES };

static const uint8_t br0_6[] = { ULA, 0, [15] = 1 }, lab_6[] = { ULA, 1, [15] = 1 },
	broker_6[] = { ULA, 0, [15] = 2 }, far_6[] = { ULA, 1, [15] = 2 },
	sensor_6[] = { ULA, 0, [15] = 3 }, web_6[] = { ULA, 0, [15] = 4 };
static const struct firewall_bridge bridges[] = {
	{ "br0", 0x0a4d0001, 24, br0_6 }, { "lab", 0x0a4e0001, 24, lab_6 },
};
static const char *const uplinks[] = { "eth0", "eth1.100" };
static const struct firewall_port open_ports[] = { { TCP, 22 } };
static const struct firewall_publish broker_publishes[] = { { UDP, 8053, 53 } },
	web_publishes[] = { { TCP, 8080, 80 } }, hosted_publishes[] = { { TCP, 7005, 7005 } };
static const struct firewall_allow far_allows[] = { { BROKER, TCP, 1883 } },
	hosted_allows[] = { { BROKER, TCP, 1883 }, { OLD, TCP, 80 } },
	web_allows[] = { { BROKER, TCP, 1883 }, { HOSTED, UDP, 7016 }, { OLD, UDP, 53 },
			 { FAR, TCP, 80 } };

#define LIST(rows, of) .of = (rows), .of##_count = COUNT(rows)

/* "old" has no IPv6. */
static const struct firewall_service services[SERVICES] = {
	[BROKER] = { .name = "broker", .port = "broker", .address = 0x0a4d0002,
		     .address6 = broker_6, .mac = { 2, 0, 0, 0, 0, 2 },
		     LIST(broker_publishes, publish) },
	[FAR] = { .name = "far", .port = "far", .bridge = 1, .address = 0x0a4e0002,
		  .address6 = far_6, .mac = { 2, 0, 0, 0, 1, 2 }, LIST(far_allows, allow) },
	[HOSTED] = { .name = "hosted", .on_board = true, .first_uid = 200000, .uid_count = 65536,
		     LIST(hosted_publishes, publish), LIST(hosted_allows, allow) },
	[OLD] = { .name = "old", .port = "old", .address = 0x0a4d0005,
		  .mac = { 2, 0, 0, 0, 0, 5 } },
	[SENSOR] = { .name = "sensor", .port = "sensor", .address = 0x0a4d0003,
		     .address6 = sensor_6, .mac = { 2, 0, 0, 0, 0, 3 } },
	[WEB] = { .name = "web", .port = "web", .address = 0x0a4d0004, .address6 = web_6,
		  .mac = { 2, 0, 0, 0, 0, 4 }, LIST(web_publishes, publish),
		  LIST(web_allows, allow) },
};
static const struct firewall_plan board = {
	bridges, uplinks, services, open_ports,
	COUNT(bridges), COUNT(uplinks), SERVICES, COUNT(open_ports),
};

static const char *const board_addresses[] = {
	"10.77.0.1", "10.78.0.1", "10.0.2.15", "127.0.0.1", "fd70:6974:6800::1",
	"fd70:6974:6801::1", "2001:db8:1::15", "::1",
};

/* Whom a packet speaks for: a service, the board's own root, or somebody outside. */
#define ROOT (-1)
#define OUTSIDE (-2)
static const char *const own_address[] = { "10.0.2.15", "2001:db8:1::15" };
static const char *const outside_address[] = { "203.0.113.9", "2001:db8::9" };

static struct machine machine;
static uint8_t bytes[1 << 17];

static int load(void **state)
{
	int length;

	(void)state;
	assert_true(firewall_size(&board) <= sizeof(bytes));
	length = firewall_build(&board, bytes, sizeof(bytes));
	assert_true(length > 0);
	machine_read(&machine, bytes, (size_t)length);
	return 0;
}

/* Each text once, for good. */
static const char *text_of(uint32_t address, const uint8_t *address6, int v6)
{
	static char texts[2 * (SERVICES + COUNT(bridges)) + 1][INET6_ADDRSTRLEN];
	const uint32_t be = htonl(address);
	char text[INET6_ADDRSTRLEN];
	size_t i = 0;

	if (v6 && !address6)
		return NULL;
	inet_ntop(v6 ? AF_INET6 : AF_INET, v6 ? (const void *)address6 : &be, text, sizeof(text));
	while (texts[i][0] && strcmp(texts[i], text))
		i++;
	assert_true(i + 1 < COUNT(texts));
	return strcpy(texts[i], text);
}

/* Of a service, or of the bridge of whoever asks for one in the board's network. */
static const char *address_of(int who, int asker, int v6)
{
	size_t bridge = asker >= 0 && !services[asker].on_board ? services[asker].bridge : 0;

	if (who == ROOT || who == OUTSIDE)
		return who == ROOT ? own_address[v6] : outside_address[v6];
	if (services[who].on_board)
		return text_of(bridges[bridge].address, bridges[bridge].address6, v6);
	return text_of(services[who].address, services[who].address6, v6);
}

static bool is_local(const char *address)
{
	for (size_t i = 0; i < COUNT(board_addresses); i++)
		if (!strcmp(board_addresses[i], address))
			return true;
	return false;
}

static const char *way_to(const char *address)
{
	if (!strncmp(address, "10.77.0.", 8) || !strncmp(address, "fd70:6974:6800:", 15))
		return "br0";
	if (!strncmp(address, "10.78.0.", 8) || !strncmp(address, "fd70:6974:6801:", 15))
		return "lab";
	return uplinks[0];
}

struct trip {
	enum machine_end end;
	char to[INET6_ADDRSTRLEN];	/* where it came to */
	uint16_t port;
	bool masqueraded;
};

static void follow_dnat(struct machine_packet *p, uint32_t hook, struct trip *trip)
{
	struct machine_result nat = machine_pass(&machine, NFPROTO_INET, true, hook, p);

	if (nat.end != MACHINE_DNAT) {
		assert_int_equal(nat.end, MACHINE_ACCEPT);
		return;
	}
	strcpy(trip->to, nat.to);
	p->to = trip->to;
	p->port = nat.port;
	p->status |= IPS_DST_NAT;
	p->is_local = is_local(p->to);
}

static bool is_masqueraded(const struct machine_packet *p)
{
	struct machine_result nat = machine_pass(&machine, NFPROTO_INET, true,
						 NF_INET_POST_ROUTING, p);

	assert_true(nat.end == MACHINE_MASQUERADE || nat.end == MACHINE_ACCEPT);
	return nat.end == MACHINE_MASQUERADE;
}

/* From an interface of the board, whose bridge's if it is a port, to where it ends. */
static struct trip come_in(struct machine_packet p, bool is_port)
{
	struct trip trip = { .port = 0 };
	uint32_t hook;

	if (is_port) {
		trip.end = machine_pass(&machine, NFPROTO_BRIDGE, false, NF_BR_PRE_ROUTING, &p).end;
		if (trip.end != MACHINE_ACCEPT)
			return trip;
		p.in = !strcmp(p.in, "far") ? "lab" : "br0";
	}
	p.is_local = is_local(p.to);
	trip.end = machine_pass(&machine, NFPROTO_INET, false, NF_INET_PRE_ROUTING, &p).end;
	if (trip.end != MACHINE_ACCEPT)
		return trip;
	follow_dnat(&p, NF_INET_PRE_ROUTING, &trip);
	hook = p.is_local ? NF_INET_LOCAL_IN : NF_INET_FORWARD;
	p.out = p.is_local ? NULL : way_to(p.to);
	trip.end = machine_pass(&machine, NFPROTO_INET, false, hook, &p).end;
	if (trip.end == MACHINE_ACCEPT && !p.is_local)
		trip.masqueraded = is_masqueraded(&p);
	if (p.to != trip.to)
		strcpy(trip.to, p.to);
	trip.port = p.port;
	return trip;
}

/* From the board: the filter still sees the interface of before the translation, and what
 * is for the board itself comes in by lo. */
static struct trip go_out(struct machine_packet p)
{
	struct trip trip = { .port = 0 };

	p.is_local = is_local(p.to);
	p.out = p.is_local ? "lo" : way_to(p.to);
	follow_dnat(&p, NF_INET_LOCAL_OUT, &trip);
	trip.end = machine_pass(&machine, NFPROTO_INET, false, NF_INET_LOCAL_OUT, &p).end;
	if (trip.end == MACHINE_ACCEPT && p.is_local) {
		p.in = "lo";
		p.out = NULL;
		trip.end = machine_pass(&machine, NFPROTO_INET, false, NF_INET_LOCAL_IN, &p).end;
	} else if (trip.end == MACHINE_ACCEPT) {
		p.out = way_to(p.to);
		trip.masqueraded = is_masqueraded(&p);
	}
	if (p.to != trip.to)
		strcpy(trip.to, p.to);
	trip.port = p.port;
	return trip;
}

static struct trip send_from(int who, struct machine_packet p)
{
	const struct firewall_service *service = who >= 0 ? &services[who] : NULL;

	p.uid = MACHINE_NO_UID;
	if (!p.from)
		p.from = address_of(service && service->on_board ? ROOT : who, who,
				    strchr(p.to, ':') != NULL);
	if (who == OUTSIDE) {
		p.in = p.in ? p.in : uplinks[0];
		return come_in(p, false);
	}
	if (!service || service->on_board) {
		p.uid = service ? service->first_uid + 7 : 0;
		return go_out(p);
	}
	p.in = p.in ? p.in : service->port;
	p.mac = p.mac ? p.mac : service->mac;
	return come_in(p, true);
}

static struct trip connect_to(int who, const char *to, uint8_t protocol, uint16_t port)
{
	return send_from(who, (struct machine_packet){
		.to = to, .protocol = protocol, .port = port,
		.state = NF_CT_STATE_BIT(IP_CT_NEW),
	});
}

static bool is_allowed(int from, int to, uint8_t protocol, uint16_t port)
{
	for (size_t i = 0; i < services[from].allow_count; i++) {
		const struct firewall_allow *allow = &services[from].allow[i];

		if (allow->to == (size_t)to && allow->protocol == protocol && allow->port == port)
			return true;
	}
	return false;
}

static const struct firewall_port asked[] = {
	{ TCP, 22 }, { TCP, 53 }, { UDP, 53 }, { UDP, 67 }, { TCP, 67 }, { TCP, 80 }, { TCP, 1883 },
	{ UDP, 1883 }, { TCP, 7005 }, { UDP, 7016 }, { TCP, 8080 }, { UDP, 8053 },
};

/* To the board itself, by whatever address. */
static bool is_offered(uint8_t protocol, uint16_t port)
{
	return port == 53 || (port == 67 && protocol == UDP) || (port == 22 && protocol == TCP);
}

static enum machine_end refusal_of(uint8_t protocol)
{
	return protocol == TCP ? MACHINE_RESET : MACHINE_PROHIBITED;
}

static void expect_refused(struct trip trip, uint8_t protocol)
{
	assert_int_equal(trip.end, refusal_of(protocol));
}

static void try_port(int from, int to, const char *address, const struct firewall_port *port)
{
	struct trip trip = connect_to(from, address, port->protocol, port->port);
	bool may = is_allowed(from, to, port->protocol, port->port) ||
		   (services[to].on_board && is_offered(port->protocol, port->port));

	if (trip.end != (may ? MACHINE_ACCEPT : refusal_of(port->protocol)))
		fail_msg("%s to %s at %s, port %u of protocol %u: ends with %d, and %s",
			 services[from].name, services[to].name, address, port->port,
			 port->protocol, trip.end, may ? "may" : "may not");
	if (!may)
		return;
	assert_string_equal(trip.to, address);
	assert_int_equal(trip.port, port->port);
	assert_false(trip.masqueraded);
}

/* Those in the board's network reach each other there. */
static void try_service(int from, int to, int v6)
{
	const char *address = address_of(to, from, v6);

	if (!address || !address_of(from, from, v6) ||
	    (services[from].on_board && services[to].on_board))
		return;
	for (size_t i = 0; i < COUNT(asked); i++)
		try_port(from, to, address, &asked[i]);
}

static void services_reach_what_they_may_and_nothing_else(void **state)
{
	(void)state;
	for (int from = 0; from < SERVICES; from++)
		for (int to = 0; to < SERVICES; to++)
			for (int v6 = 0; from != to && v6 < 2; v6++)
				try_service(from, to, v6);
}

static void services_go_out_masqueraded(void **state)
{
	(void)state;
	for (int from = 0; from < SERVICES; from++)
		for (int v6 = 0; v6 < 2; v6++) {
			struct trip trip;

			if (!address_of(from, from, v6))
				continue;
			trip = connect_to(from, outside_address[v6], TCP, 443);
			assert_int_equal(trip.end, MACHINE_ACCEPT);
			assert_int_equal(trip.masqueraded, !services[from].on_board);
		}
}

/* Not even for its own service, and whoever is allowed goes straight. */
static void published_ports_are_no_way_round_allow(void **state)
{
	(void)state;
	for (int from = 0; from < SERVICES; from++)
		for (int v6 = 0; v6 < 2; v6++) {
			const char *gateway = address_of(HOSTED, from, v6);

			if (!address_of(from, from, v6))
				continue;
			expect_refused(connect_to(from, own_address[v6], TCP, 8080), TCP);
			expect_refused(connect_to(from, gateway, TCP, 8080), TCP);
			expect_refused(connect_to(from, own_address[v6], UDP, 8053), UDP);
		}
	assert_int_equal(machine_count(&machine, "outside:8080>web:80/tcp"), 0);
	assert_int_equal(machine_count(&machine, "outside:8053>broker:53/udp"), 0);
}

static void outside_reaches_what_is_published_and_open(void **state)
{
	(void)state;
	for (int v6 = 0; v6 < 2; v6++)
		for (size_t i = 0; i < COUNT(asked); i++) {
			uint16_t port = asked[i].port;
			struct trip trip = connect_to(OUTSIDE, own_address[v6], asked[i].protocol,
						      port);
			int to = port == 8080 ? WEB : port == 8053 ? BROKER : ROOT;

			if (to == ROOT && port != 22 && port != 7005) {
				assert_int_equal(trip.end, MACHINE_DROP);
				continue;
			}
			assert_int_equal(trip.end, MACHINE_ACCEPT);
			assert_string_equal(trip.to, address_of(to, to, v6));
			assert_int_equal(trip.port, to == WEB ? 80 : to == BROKER ? 53 : port);
		}
}

static void outside_reaches_no_service_by_its_own_address(void **state)
{
	(void)state;
	for (int to = 0; to < SERVICES; to++)
		for (int v6 = 0; v6 < 2; v6++)
			for (size_t i = 0; i < COUNT(asked); i++) {
				const char *address = address_of(to, to, v6);

				if (address && !services[to].on_board)
					assert_int_equal(connect_to(OUTSIDE, address,
								    asked[i].protocol,
								    asked[i].port).end,
							 MACHINE_DROP);
			}
}

/* A port of another interface that nobody named. */
static void strange_interfaces_reach_only_what_is_open(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(asked); i++) {
		struct trip trip = send_from(OUTSIDE, (struct machine_packet){
			.in = "eth7", .to = own_address[0], .protocol = asked[i].protocol,
			.port = asked[i].port, .state = NF_CT_STATE_BIT(IP_CT_NEW),
		});

		assert_int_equal(trip.end, asked[i].port == 22 ? MACHINE_ACCEPT : MACHINE_DROP);
	}
	assert_int_equal(send_from(OUTSIDE, (struct machine_packet){
		.in = "eth7", .to = own_address[1], .protocol = ICMP6, .icmp_type = 135,
		.state = NF_CT_STATE_UNTRACKED_BIT,
	}).end, MACHINE_DROP);
}

static void board_reaches_everybody_and_its_published_ports(void **state)
{
	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		const char *const loopback = v6 ? "::1" : "127.0.0.1";
		struct trip trip = connect_to(ROOT, own_address[v6], TCP, 8080);

		assert_int_equal(trip.end, MACHINE_ACCEPT);
		assert_string_equal(trip.to, address_of(WEB, WEB, v6));
		assert_int_equal(trip.port, 80);
		trip = connect_to(ROOT, address_of(HOSTED, FAR, v6), UDP, 8053);
		assert_string_equal(trip.to, address_of(BROKER, BROKER, v6));
		trip = connect_to(ROOT, loopback, TCP, 8080);
		assert_int_equal(trip.end, MACHINE_ACCEPT);
		assert_string_equal(trip.to, loopback);
		trip = connect_to(ROOT, outside_address[v6], TCP, 8080);
		assert_string_equal(trip.to, outside_address[v6]);
		assert_int_equal(connect_to(ROOT, address_of(SENSOR, SENSOR, v6), TCP, 9).end,
				 MACHINE_ACCEPT);
	}
}

/* Its range of ids, from the first to the last. */
static void services_in_the_boards_network_are_known_by_their_ids(void **state)
{
	static const struct {
		uint32_t uid;
		enum machine_end end;
	} rows[] = {
		{ 199999, MACHINE_ACCEPT }, { 200000, MACHINE_RESET }, { 265535, MACHINE_RESET },
		{ 265536, MACHINE_ACCEPT }, { 0, MACHINE_ACCEPT },
		{ MACHINE_NO_UID, MACHINE_ACCEPT },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (int v6 = 0; v6 < 2; v6++) {
			struct machine_packet p = {
				.from = own_address[v6], .to = address_of(SENSOR, SENSOR, v6),
				.protocol = TCP, .port = 80, .uid = rows[i].uid,
				.state = NF_CT_STATE_BIT(IP_CT_NEW),
			};

			assert_int_equal(go_out(p).end, rows[i].end);
			p.state = ESTABLISHED;
			assert_int_equal(go_out(p).end, MACHINE_ACCEPT);
			p.state = NF_CT_STATE_BIT(IP_CT_NEW);
			p.to = address_of(BROKER, BROKER, v6);
			p.port = 1883;
			assert_int_equal(go_out(p).end, MACHINE_ACCEPT);
			p.to = v6 ? "fd70:6974:6802::9" : "10.79.0.9";
			assert_int_equal(go_out(p).end, MACHINE_ACCEPT);
			p.to = v6 ? "fd70:6974:67ff::9" : "10.76.255.255";
			assert_int_equal(go_out(p).end, MACHINE_ACCEPT);
		}
	assert_int_equal(machine_count(&machine, "hosted>broker:1883/tcp"), 4);
}

/* Each port, with each service's MAC and address. */
static void ports_let_in_only_their_own_services(void **state)
{
	(void)state;
	for (int port = 0; port < SERVICES; port++)
		for (int mac = 0; mac < SERVICES; mac++)
			for (int who = 0; who < 2 * SERVICES; who++) {
				const char *from = address_of(who / 2, who / 2, who % 2);
				bool is_own = port == mac && port == who / 2;
				struct machine_packet p = {
					.in = services[port].port, .mac = services[mac].mac,
					.from = from, .to = outside_address[who % 2],
					.protocol = UDP, .port = 123,
					.state = NF_CT_STATE_BIT(IP_CT_NEW),
				};

				if (!p.in || services[mac].on_board || !from ||
				    services[who / 2].on_board)
					continue;
				assert_int_equal(come_in(p, true).end,
						 is_own ? MACHINE_ACCEPT : MACHINE_DROP);
			}
}

static void other_frames_are_dropped_and_counted(void **state)
{
	struct machine_packet p = {
		.in = "web", .mac = services[WEB].mac, .ethertype = ETH_P_ARP,
	};

	(void)state;
	assert_int_equal(machine_pass(&machine, NFPROTO_BRIDGE, false, NF_BR_PRE_ROUTING, &p).end,
			 MACHINE_DROP);
	assert_int_equal(machine_count(&machine, "web>spoofed"), 1);
	p.in = "eth7";
	assert_int_equal(machine_pass(&machine, NFPROTO_BRIDGE, false, NF_BR_PRE_ROUTING, &p).end,
			 MACHINE_DROP);
	assert_int_equal(machine_count(&machine, "web>spoofed"), 1);
	p = (struct machine_packet){
		.in = "web", .mac = services[WEB].mac, .from = "fe80::2", .to = "fd70:6974:6800::1",
		.protocol = UDP, .port = 53,
	};
	assert_int_equal(machine_pass(&machine, NFPROTO_BRIDGE, false, NF_BR_PRE_ROUTING, &p).end,
			 MACHINE_DROP);
	assert_int_equal(machine_count(&machine, "web>spoofed"), 2);
	/* What it says before it has an address is not counted. */
	p = (struct machine_packet){
		.in = "web", .mac = services[WEB].mac, .from = "::", .to = "ff02::16",
		.protocol = ICMP6, .icmp_type = 143,
	};
	assert_int_equal(machine_pass(&machine, NFPROTO_BRIDGE, false, NF_BR_PRE_ROUTING, &p).end,
			 MACHINE_DROP);
	assert_int_equal(machine_count(&machine, "web>spoofed"), 2);
}

static void nothing_passes_from_port_to_port(void **state)
{
	const struct machine_packet p = {
		.in = "web", .out = "broker", .mac = services[WEB].mac, .from = "10.77.0.4",
		.to = "10.77.0.2", .protocol = TCP, .port = 1883,
	};

	(void)state;
	assert_int_equal(machine_pass(&machine, NFPROTO_BRIDGE, false, NF_BR_FORWARD, &p).end,
			 MACHINE_DROP);
}

/* Not even as part of a connection that there is. */
static void nobody_outside_speaks_as_a_service(void **state)
{
	static const char *const from[] = { "10.77.0.4", "10.78.0.1", "fd70:6974:6800::77",
					    "fd70:6974:6801::1" };

	(void)state;
	for (size_t i = 0; i < COUNT(from); i++) {
		struct machine_packet p = {
			.in = uplinks[1], .from = from[i], .protocol = UDP, .port = 53,
			.to = strchr(from[i], ':') ? "fd70:6974:6800::2" : "10.77.0.2",
			.state = ESTABLISHED,
		};

		assert_int_equal(come_in(p, false).end, MACHINE_DROP);
		assert_int_equal(machine_count(&machine, "outside>spoofed"), i + 1);
		p.in = "eth7";
		assert_int_equal(come_in(p, false).end, MACHINE_DROP);
		p.in = "lo";
		assert_int_equal(machine_pass(&machine, NFPROTO_INET, false, NF_INET_PRE_ROUTING,
					      &p).end, MACHINE_ACCEPT);
	}
}

static const struct passage {
	const char *name;
	int from;
	const char *to;
	uint8_t protocol, icmp_type;
	uint32_t state;
	enum machine_end end;
} passages[] = {
	{ "answer_to_a_service", OUTSIDE, "10.77.0.4", TCP, 0, ESTABLISHED, MACHINE_ACCEPT },
	{ "error_for_a_service", OUTSIDE, "10.77.0.4", ICMP, ICMP_DEST_UNREACH, RELATED,
	  MACHINE_ACCEPT },
	{ "redirect_for_a_service", OUTSIDE, "10.77.0.4", ICMP, ICMP_REDIRECT, RELATED,
	  MACHINE_DROP },
	{ "what_belongs_to_nothing", WEB, "10.77.0.2", TCP, 0, NF_CT_STATE_INVALID_BIT,
	  MACHINE_DROP },
	{ "ping_to_a_service", WEB, "10.77.0.2", ICMP, ICMP_ECHO, NF_CT_STATE_BIT(IP_CT_NEW),
	  MACHINE_PROHIBITED },
	{ "ping_to_the_board", WEB, "10.77.0.1", ICMP, ICMP_ECHO, NF_CT_STATE_BIT(IP_CT_NEW),
	  MACHINE_ACCEPT },
	{ "ping_from_outside", OUTSIDE, "10.0.2.15", ICMP, ICMP_ECHO, NF_CT_STATE_BIT(IP_CT_NEW),
	  MACHINE_ACCEPT },
	{ "ipv6_ping_to_the_board", WEB, "fd70:6974:6800::1", ICMP6, ICMPV6_ECHO_REQUEST,
	  NF_CT_STATE_BIT(IP_CT_NEW), MACHINE_ACCEPT },
	{ "ipv6_ping_from_outside", OUTSIDE, "2001:db8:1::15", ICMP6, ICMPV6_ECHO_REQUEST,
	  NF_CT_STATE_BIT(IP_CT_NEW), MACHINE_ACCEPT },
	{ "ping_of_ipv4_in_ipv6", OUTSIDE, "2001:db8:1::15", ICMP, ICMP_ECHO,
	  NF_CT_STATE_BIT(IP_CT_NEW), MACHINE_DROP },
	{ "ping_of_ipv6_in_ipv4", OUTSIDE, "10.0.2.15", ICMP6, ICMPV6_ECHO_REQUEST,
	  NF_CT_STATE_BIT(IP_CT_NEW), MACHINE_DROP },
	{ "neighbour_solicitation_in_ipv4", OUTSIDE, "10.0.2.15", ICMP6, 135,
	  NF_CT_STATE_BIT(IP_CT_NEW), MACHINE_DROP },
	{ "neighbour_solicitation_from_outside", OUTSIDE, "2001:db8:1::15", ICMP6, 135,
	  NF_CT_STATE_UNTRACKED_BIT, MACHINE_ACCEPT },
	{ "neighbour_advertisement_from_outside", OUTSIDE, "2001:db8:1::15", ICMP6, 136,
	  NF_CT_STATE_UNTRACKED_BIT, MACHINE_ACCEPT },
	{ "multicast_query_from_outside", OUTSIDE, "2001:db8:1::15", ICMP6, ICMPV6_MGM_QUERY,
	  NF_CT_STATE_UNTRACKED_BIT, MACHINE_ACCEPT },
	{ "router_advertisement_from_outside", OUTSIDE, "2001:db8:1::15", ICMP6, 134,
	  NF_CT_STATE_UNTRACKED_BIT, MACHINE_DROP },
	{ "neighbour_solicitation_from_a_service", WEB, "fd70:6974:6800::1", ICMP6, 135,
	  NF_CT_STATE_UNTRACKED_BIT, MACHINE_PROHIBITED },
	{ "error_that_belongs_to_the_board", OUTSIDE, "10.0.2.15", ICMP, ICMP_TIME_EXCEEDED,
	  RELATED, MACHINE_ACCEPT },
	{ "error_that_belongs_to_nothing", OUTSIDE, "10.0.2.15", ICMP, ICMP_TIME_EXCEEDED,
	  NF_CT_STATE_INVALID_BIT, MACHINE_DROP },
	{ "redirect_for_the_board", OUTSIDE, "10.0.2.15", ICMP, ICMP_REDIRECT, RELATED,
	  MACHINE_DROP },
	{ "redirect_by_the_board", ROOT, "10.77.0.4", ICMP, ICMP_REDIRECT, RELATED, MACHINE_DROP },
	{ "ipv6_redirect_by_the_board", ROOT, "fd70:6974:6800::4", ICMP6, 137,
	  NF_CT_STATE_BIT(IP_CT_NEW), MACHINE_DROP },
};

static void passes_as_it_should(void **state)
{
	const struct passage *row = *state;
	struct trip trip = send_from(row->from, (struct machine_packet){
		.to = row->to, .protocol = row->protocol, .icmp_type = row->icmp_type,
		.port = row->protocol == TCP ? 80 : 0, .state = row->state,
	});

	assert_int_equal(trip.end, row->end);
}

/* Each comment counts just what it says. */
static void everything_is_counted_by_name(void **state)
{
	static const struct {
		const char *comment;
		int from;
		const char *to;
		uint8_t protocol;
		uint16_t port;
	} rows[] = {
		{ "web>broker:1883/tcp", WEB, "10.77.0.2", TCP, 1883 },
		{ "web>broker:1883/tcp", WEB, "fd70:6974:6800::2", TCP, 1883 },
		{ "far>broker:1883/tcp", FAR, "10.77.0.2", TCP, 1883 },
		{ "web>hosted:7016/udp", WEB, "10.77.0.1", UDP, 7016 },
		{ "hosted>broker:1883/tcp", HOSTED, "10.77.0.2", TCP, 1883 },
		{ "hosted>broker:1883/tcp", HOSTED, "fd70:6974:6800::2", TCP, 1883 },
		{ "web>outside", WEB, "203.0.113.9", UDP, 53 },
		{ "web>outside", WEB, "2001:db8::9", TCP, 1883 },
		{ "web>refused", WEB, "10.77.0.3", TCP, 1883 },
		{ "web>refused", WEB, "fd70:6974:6800::1", TCP, 80 },
		{ "far>refused", FAR, "10.78.0.1", UDP, 7016 },
		{ "hosted>refused", HOSTED, "10.77.0.4", TCP, 80 },
		{ "hosted>refused", HOSTED, "fd70:6974:6801::2", TCP, 80 },
		{ "outside:8080>web:80/tcp", OUTSIDE, "10.0.2.15", TCP, 8080 },
		{ "outside:8053>broker:53/udp", OUTSIDE, "2001:db8:1::15", UDP, 8053 },
		{ "outside:7005>hosted:7005/tcp", OUTSIDE, "10.0.2.15", TCP, 7005 },
		{ "board:8080>web:80/tcp", ROOT, "10.0.2.15", TCP, 8080 },
		{ "outside>refused", OUTSIDE, "10.0.2.15", TCP, 80 },
		{ "outside>refused", OUTSIDE, "10.77.0.4", TCP, 80 },
		{ "outside>refused", OUTSIDE, "2001:db8:1::15", UDP, 53 },
	};
	uint32_t before[MACHINE_ELEMENTS] = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int count = machine_count(&machine, rows[i].comment);

		for (size_t j = 0; j < machine.element_count; j++)
			before[j] = machine.elements[j].packets;
		connect_to(rows[i].from, rows[i].to, rows[i].protocol, rows[i].port);
		for (size_t j = 0; j < machine.element_count; j++) {
			const struct machine_element *e = &machine.elements[j];

			if (e->packets != before[j])
				assert_string_equal(e->comment, rows[i].comment);
		}
		assert_int_equal(machine_count(&machine, rows[i].comment), count + 1);
	}
}

static size_t rows_of(uint8_t family, const char *name)
{
	for (size_t i = 0; i < machine.set_count; i++)
		if (machine.sets[i].family == family && !strcmp(machine.sets[i].name, name))
			return machine.sets[i].rows;
	return 0;
}

static int read_plan(const struct firewall_plan *plan)
{
	int length = firewall_build(plan, bytes, sizeof(bytes));

	assert_true(length > 0);
	machine_read(&machine, bytes, (size_t)length);
	return length;
}

static void without_rows_there_is_no_set(void **state)
{
	const struct firewall_plan plan = { .bridges = bridges, .bridge_count = 1,
					    .services = &services[OLD], .service_count = 1 };

	(void)state;
	read_plan(&plan);
	for (size_t i = 0; i < machine.set_count; i++)
		assert_true(machine.sets[i].rows > 0);
	assert_int_equal(rows_of(NFPROTO_INET, "refused4"), 1);
	assert_int_equal(rows_of(NFPROTO_INET, "refused6"), 0);
	assert_int_equal(rows_of(NFPROTO_INET, "outside4"), 0);
	assert_int_equal(rows_of(NFPROTO_INET, "uplinks"), 0);
	for (size_t i = 0; i < machine.chain_count; i++)
		assert_false(machine.chains[i].is_nat);
}

/* The machine reads it: no rule asks a set that is left out. */
static void every_subset_of_the_plan_can_be_read(void **state)
{
	(void)state;
	for (unsigned int bits = 0; bits < 1u << 6; bits++) {
		struct firewall_service some[SERVICES];
		struct firewall_plan plan = board;

		for (size_t i = 0; i < SERVICES; i++) {
			some[i] = services[i];
			some[i].publish_count = bits & 1 ? services[i].publish_count : 0;
			some[i].allow_count = bits & 2 ? services[i].allow_count : 0;
			some[i].on_board = services[i].on_board && bits & 4;
			if (services[i].on_board && !some[i].on_board) {
				some[i].port = "hosted";
				some[i].address = 0x0a4d0009;
			}
			if (bits & 8)
				some[i].address6 = NULL;
		}
		plan.services = some;
		plan.uplink_count = bits & 16 ? COUNT(uplinks) : 0;
		plan.open_count = bits & 32 ? COUNT(open_ports) : 0;
		read_plan(&plan);
		for (size_t i = 0; i < machine.set_count; i++)
			assert_true(machine.sets[i].rows > 0);
	}
}

static void last_ids_of_all_can_be_a_services(void **state)
{
	const struct firewall_service last = { .name = "last", .on_board = true,
					       .first_uid = 0xffff0000, .uid_count = 65536 };
	const struct firewall_plan plan = { .bridges = bridges, .bridge_count = 1,
					    .services = &last, .service_count = 1 };

	(void)state;
	read_plan(&plan);
}

static void same_plan_gives_the_same_bytes(void **state)
{
	static uint8_t again[sizeof(bytes)];
	int length;

	(void)state;
	memset(bytes, 0x00, sizeof(bytes));
	memset(again, 0xff, sizeof(again));
	length = firewall_build(&board, bytes, sizeof(bytes));
	assert_int_equal(firewall_build(&board, again, sizeof(again)), length);
	assert_memory_equal(bytes, again, (size_t)length);
}

static void every_smaller_buffer_is_enobufs(void **state)
{
	int length = firewall_build(&board, bytes, sizeof(bytes));

	(void)state;
	for (size_t size = 0; size < (size_t)length; size += 7)
		assert_int_equal(firewall_build(&board, bytes, size), -ENOBUFS);
	assert_int_equal(firewall_build(&board, bytes, (size_t)length - 1), -ENOBUFS);
	assert_int_equal(firewall_build(&board, bytes, (size_t)length), length);
}

/* The longest names and numbers, and everything that a row may have; and nothing. */
static void firewall_size_is_always_enough(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 30, 700 };
	static struct firewall_service many[700];
	static struct firewall_publish publish[64];
	static struct firewall_allow allow[64];
	static const char *const long_uplinks[] = { "eth0.4093.41.15", "letters-fifteen" };
	static const struct firewall_bridge long_bridges[] = {
		{ "fifteen-letters", 0x0a4d0001, 12, web_6 },
		{ "letters-of-lab0", 0x0b4d0001, 12, far_6 },
	};
	static const struct firewall_port open[64] = { [0 ... 63] = { UDP, 65535 } };

	(void)state;
	for (size_t i = 0; i < COUNT(publish); i++) {
		publish[i] = (struct firewall_publish){ TCP, 65535, 65535 };
		allow[i] = (struct firewall_allow){ 0, UDP, 65535 };
	}
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct firewall_service){
			.name = "fifteen-letters", .port = "letters-fifteen", .address = 0x0a4d0002,
			.address6 = web_6, .on_board = i % 2, .first_uid = 100000,
			.uid_count = 65536, .publish = publish, .publish_count = i % COUNT(publish),
			.allow = allow, .allow_count = COUNT(allow) - i % COUNT(allow),
		};
	for (size_t i = 0; i < 2 * COUNT(counts); i++) {
		struct firewall_plan plan = {
			.services = many, .service_count = counts[i / 2], .bridges = long_bridges,
			.bridge_count = COUNT(long_bridges), .uplinks = long_uplinks,
			.uplink_count = i % 2 ? COUNT(long_uplinks) : 0, .open = open,
			.open_count = i % 2 ? COUNT(open) : 0,
		};
		size_t size = firewall_size(&plan);
		uint8_t *room = malloc(size);

		assert_true(firewall_build(&plan, room, size) > 0);
		free(room);
	}
}

static const struct refusal {
	const char *name;
	struct firewall_service service;
	const struct firewall_plan *plan;	/* NULL: a board for the service */
	int error;
} refusals[] = {
	{ "outside_port_0_is_einval", { .publish = &(struct firewall_publish){ TCP, 0, 80 },
	  .publish_count = 1 }, NULL, -EINVAL },
	{ "inside_port_0_is_einval", { .publish = &(struct firewall_publish){ TCP, 80, 0 },
	  .publish_count = 1 }, NULL, -EINVAL },
	{ "publish_of_a_protocol_without_ports_is_einval",
	  { .publish = &(struct firewall_publish){ ICMP, 80, 80 }, .publish_count = 1 }, NULL,
	  -EINVAL },
	{ "another_port_of_the_board_is_einval",
	  { .on_board = true, .uid_count = 1, .publish = &(struct firewall_publish){ TCP, 80, 81 },
	    .publish_count = 1 }, NULL, -EINVAL },
	{ "allow_of_nobody_is_einval", { .allow = &(struct firewall_allow){ 1, TCP, 80 },
	  .allow_count = 1 }, NULL, -EINVAL },
	{ "allow_of_port_0_is_einval", { .allow = &(struct firewall_allow){ 0, TCP, 0 },
	  .allow_count = 1 }, NULL, -EINVAL },
	{ "no_ids_is_einval", { .on_board = true }, NULL, -EINVAL },
	{ "ids_beyond_32_bits_is_einval",
	  { .on_board = true, .first_uid = 4294967000u, .uid_count = 65536 }, NULL, -EINVAL },
	{ "another_bridge_is_einval", { .bridge = 1 }, NULL, -EINVAL },
	{ "empty_name_is_einval", { .name = "" }, NULL, -EINVAL },
	{ "long_name_is_einval", { .name = "sixteen-letters!" }, NULL, -EINVAL },
	{ "long_port_is_enametoolong", { .port = "sixteen-letters!" }, NULL, -ENAMETOOLONG },
	{ "empty_bridge_is_einval", { 0 }, &(struct firewall_plan){
	  .bridges = &(struct firewall_bridge){ "", 1, 8, NULL }, .bridge_count = 1 }, -EINVAL },
	{ "long_bridge_is_enametoolong", { 0 }, &(struct firewall_plan){
	  .bridges = &(struct firewall_bridge){ "sixteen-letters!", 1, 8, NULL },
	  .bridge_count = 1 }, -ENAMETOOLONG },
	{ "bridge_without_address_is_einval", { 0 }, &(struct firewall_plan){
	  .bridges = &(struct firewall_bridge){ "br0", 0, 8, NULL }, .bridge_count = 1 }, -EINVAL },
	{ "prefix_of_33_is_einval", { 0 }, &(struct firewall_plan){
	  .bridges = &(struct firewall_bridge){ "br0", 1, 33, NULL }, .bridge_count = 1 },
	  -EINVAL },
	{ "empty_uplink_is_einval", { 0 }, &(struct firewall_plan){
	  .uplinks = (const char *const []){ "" }, .uplink_count = 1 }, -EINVAL },
	{ "long_uplink_is_enametoolong", { 0 }, &(struct firewall_plan){
	  .uplinks = (const char *const []){ "sixteen-letters!" }, .uplink_count = 1 },
	  -ENAMETOOLONG },
	{ "open_port_0_is_einval", { 0 }, &(struct firewall_plan){
	  .open = &(struct firewall_port){ UDP, 0 }, .open_count = 1 }, -EINVAL },
};

static void plan_is_refused(void **state)
{
	const struct refusal *row = *state;
	struct firewall_service service = row->service;
	const struct firewall_plan one = { .bridges = bridges, .bridge_count = 1,
					   .services = &service, .service_count = 1 };

	service.name = service.name ? service.name : "web";
	service.port = service.port ? service.port : "web";
	service.address = service.address ? service.address : 0x0a4d0004;
	assert_int_equal(firewall_build(row->plan ? row->plan : &one, bytes, sizeof(bytes)),
			 row->error);
}

#define LOADED(function) cmocka_unit_test_setup(function, load)

int main(void)
{
	const struct CMUnitTest plain[] = {
		LOADED(services_reach_what_they_may_and_nothing_else),
		LOADED(services_go_out_masqueraded),
		LOADED(published_ports_are_no_way_round_allow),
		LOADED(outside_reaches_what_is_published_and_open),
		LOADED(outside_reaches_no_service_by_its_own_address),
		LOADED(strange_interfaces_reach_only_what_is_open),
		LOADED(board_reaches_everybody_and_its_published_ports),
		LOADED(services_in_the_boards_network_are_known_by_their_ids),
		LOADED(ports_let_in_only_their_own_services),
		LOADED(other_frames_are_dropped_and_counted),
		LOADED(nothing_passes_from_port_to_port),
		LOADED(nobody_outside_speaks_as_a_service),
		LOADED(everything_is_counted_by_name),
		cmocka_unit_test(without_rows_there_is_no_set),
		cmocka_unit_test(every_subset_of_the_plan_can_be_read),
		cmocka_unit_test(last_ids_of_all_can_be_a_services),
		cmocka_unit_test(same_plan_gives_the_same_bytes),
		cmocka_unit_test(every_smaller_buffer_is_enobufs),
		cmocka_unit_test(firewall_size_is_always_enough),
	};
	struct CMUnitTest tests[COUNT(plain) + COUNT(passages) + COUNT(refusals)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(plain); i++)
		tests[n++] = plain[i];
	for (size_t i = 0; i < COUNT(passages); i++)
		tests[n++] = (struct CMUnitTest){
			.name = passages[i].name,
			.test_func = passes_as_it_should,
			.setup_func = load,
			.initial_state = (void *)&passages[i],
		};
	for (size_t i = 0; i < COUNT(refusals); i++)
		tests[n++] = (struct CMUnitTest){
			.name = refusals[i].name,
			.test_func = plan_is_refused,
			.initial_state = (void *)&refusals[i],
		};
	return cmocka_run_group_tests_name("firewall", tests, NULL, NULL);
}
