/*
 * What the services' options of the network mean: ports and sockets word by word, who
 * is in whose network, and which names a service knows.  How what is wrong is said,
 * tests/table shows.
 *
 * links: init/table/values_ports.c init/table/shares.c init/table/allow.c
 * links: init/table/listen.c init/table/hosts.c init/table/sockets.c init/table/names.c
 * links: init/table/spec.c init/table/vocabulary.c init/table/values.c
 * links: init/table/values_process.c init/table/values_view.c init/table/values_image.c
 * links: init/table/values_network.c init/table/values_uplink.c init/table/ipv4.c
 * links: init/table/ipv6.c init/table/use.c init/table/words.c init/table/number.c
 * links: init/table/signals.c init/table/arena.c init/table/report.c init/table/utf8.c
 * links: init/table/dotconfig.c init/table/folders.c init/table/nearest.c
 * links: init/table/caps.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/service.h"
#include "init/table/checks.h"
#include "init/table/hosts.h"
#include "init/table/sockets.h"
#include "init/table/values.h"

static const char *set(struct arena *arena, struct service_spec *service, const char *name,
		       const char *value)
{
	const struct option *option = vocabulary_find(&service_vocabulary, name, strlen(name));

	assert_non_null(option);
	return option->read(arena, option, value, (char *)service + option->field);
}

static const char *show_ports(struct arena *arena, const struct ports *ports)
{
	const char *text = "";

	for (size_t i = 0; i < ports->count; i++)
		text = arena_printf(arena, "%s%s|", text, values_port_text(arena, &ports->at[i]));
	return text;
}

static const char *show(struct arena *arena, const struct service_spec *service, const char *name)
{
	static const char *const nets[] = { "private", "none", "host", "share" };
	const char *text = "";

	if (!strcmp(name, "PORTS"))
		return show_ports(arena, &service->ports);
	if (!strcmp(name, "LISTEN"))
		return show_ports(arena, &service->listen);
	if (!strcmp(name, "NET"))
		return arena_printf(arena, "%s %s", nets[service->net],
				    service->share ? service->share : "-");
	if (!strcmp(name, "PROVIDES"))
		return arena_printf(arena, "%d", service->provides);
	for (size_t i = 0; i < service->allow.count; i++)
		text = arena_printf(arena, "%s%s %s|", text, service->allow.at[i].name,
				    values_port_text(arena, &service->allow.at[i].port));
	return text;
}

#define NINE_SOCKETS "/1 /2 /3 /4 /5 /6 /7 /8 /9"
#define LONGEST	"/234567890123456789012345678901234567890123456789012345678901234567890123456789" \
		"0123456789012345678901234567"

/* An expectation of NULL is a refusal. */
static const struct row {
	const char *option, *value, *expected;
} rows[] = {
	{ "PORTS", "", "" },
	{ "PORTS", "1/tcp 65535/udp", "1/tcp|65535/udp|" },
	{ "PORTS", "53/tcp 53/udp", "53/tcp|53/udp|" },
	{ "PORTS", "0/tcp", NULL },
	{ "PORTS", "65536/tcp", NULL },
	{ "PORTS", "80", NULL },
	{ "PORTS", "80/", NULL },
	{ "PORTS", "80/tcpx", NULL },
	{ "PORTS", "80/TCP", NULL },
	{ "PORTS", "/tcp", NULL },
	{ "PORTS", "+80/tcp", NULL },
	{ "PORTS", "80/tcp 80/tcp", NULL },
	{ "PORTS", "/run/x", NULL },

	{ "LISTEN", "", "" },
	{ "LISTEN", "80/tcp /run/x.sock 80/udp", "80/tcp|/run/x.sock|80/udp|" },
	{ "LISTEN", "/x", "/x|" },
	{ "LISTEN", LONGEST, LONGEST "|" },
	{ "LISTEN", LONGEST "8", NULL },
	{ "LISTEN", NINE_SOCKETS " 1/tcp 2/tcp 3/tcp 4/tcp 5/tcp 6/tcp 7/tcp",
	  "/1|/2|/3|/4|/5|/6|/7|/8|/9|1/tcp|2/tcp|3/tcp|4/tcp|5/tcp|6/tcp|7/tcp|" },
	{ "LISTEN", NINE_SOCKETS " 1/tcp 2/tcp 3/tcp 4/tcp 5/tcp 6/tcp 7/tcp 8/tcp", NULL },
	{ "LISTEN", "/", NULL },
	{ "LISTEN", "/run//x", NULL },
	{ "LISTEN", "/run/x/", NULL },
	{ "LISTEN", "/run/./x", NULL },
	{ "LISTEN", "/run/../x", NULL },
	{ "LISTEN", "/run/a:b", NULL },
	{ "LISTEN", "run/x", NULL },
	{ "LISTEN", "/run/x 1/tcp /run/x", NULL },

	{ "ALLOW", "", "" },
	{ "ALLOW", "a:1/tcp b:1/tcp a:1/udp b:/run/x", "a 1/tcp|b 1/tcp|a 1/udp|b /run/x|" },
	{ "ALLOW", "a:1/tcp a:1/tcp", NULL },
	{ "ALLOW", "a:/x a:/x", NULL },
	{ "ALLOW", "a", NULL },
	{ "ALLOW", "a:", NULL },
	{ "ALLOW", ":1/tcp", NULL },
	{ "ALLOW", "a:0/tcp", NULL },
	{ "ALLOW", "a:b:1/tcp", NULL },
	{ "ALLOW", "a:x", NULL },

	{ "NET", "private", "private -" },
	{ "NET", "none", "none -" },
	{ "NET", "host", "host -" },
	{ "NET", "share:web-ui", "share web-ui" },
	{ "NET", "share:", NULL },
	{ "NET", "share", NULL },
	{ "NET", "", NULL },

	{ "PROVIDES", "", "0" },
	{ "PROVIDES", "time-valid", "1" },
	{ "PROVIDES", "lease", "2" },
	{ "PROVIDES", "network-online", NULL },

	{ "BRIDGE", "lab", "" },
	{ "BRIDGE", "", NULL },

	{ "ENV", "LISTEN_FDS=1", NULL },
	{ "ENV", "LISTEN_PID=1", NULL },
	{ "ENV", "LISTEN_FDNAMES=a", NULL },
};

static void values_are_read_as_written_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena arena = { NULL };
		struct service_spec service = { .name = "a" };
		const char *error = set(&arena, &service, rows[i].option, rows[i].value);

		if (!error != !!rows[i].expected)
			fail_msg("%s=\"%s\": %s", rows[i].option, rows[i].value,
				 error ? error : "is accepted");
		if (!error)
			assert_string_equal(show(&arena, &service, rows[i].option),
					    rows[i].expected);
		arena_free(&arena);
	}
}

/* --- Services beside each other ------------------------------------------------ */

enum { BROKER, CACHE, CLOCK, LONE, RADIO, WEB, COUNT };

struct board_of_test {
	struct arena arena;
	struct report report;
	struct dotconfig config;
	struct folder folders_at[COUNT];
	struct folders folders;
	struct service_spec services[COUNT];
	struct bridge_spec bridges[2];
	struct spec spec;
	char *said;
	size_t said_length;
};

/* broker and web are on br0, cache in web's network, clock and radio in the board's. */
static void setup(struct board_of_test *t)
{
	static const char *const names[] = { "broker", "cache", "clock", "lone", "radio", "web" };
	static const char *const nets[] = {
		"private", "share:web", "host", "none", "host", "private",
	};
	static const char *const symbols[] = {
		"SVC_BROKER", "SVC_CACHE", "SVC_CLOCK", "SVC_LONE", "SVC_RADIO", "SVC_WEB",
	};

	*t = (struct board_of_test){ .arena = { NULL } };
	t->report.to = open_memstream(&t->said, &t->said_length);
	t->folders = (struct folders){ t->folders_at, COUNT };
	t->bridges[0] = (struct bridge_spec){
		.name = "br0", .subnet = { 0x0a4d0001, 24 }, .ipv6 = true,
		.address6 = { 0xfd, [15] = 1 },
	};
	t->bridges[1] = (struct bridge_spec){ .name = "lab", .subnet = { 0x0a4e0001, 24 } };
	t->spec = (struct spec){
		.arena = &t->arena, .report = &t->report, .config = &t->config,
		.folders = &t->folders, .services = t->services, .count = COUNT,
		.board = { .bridges = t->bridges, .bridge_count = 2, .resolv_conf = "" },
	};
	for (size_t i = 0; i < COUNT; i++) {
		struct service_spec *service = &t->services[i];

		t->folders_at[i] = (struct folder){ names[i], symbols[i], names[i], false };
		*service = (struct service_spec){
			.folder = &t->folders_at[i], .name = names[i], .hostname = "",
			.nofile = 1024, .bridge_name = "br0",
		};
		assert_null(set(&t->arena, service, "NET", nets[i]));
	}
	t->services[BROKER].address = 0x0a4d0002;
	t->services[BROKER].ipv6 = true;
	memcpy(t->services[BROKER].address6, (uint8_t[16]){ 0xfd, [15] = 2 }, 16);
	t->services[WEB].address = 0x0a4e0003;
	t->services[WEB].bridge = 1;
}

static void teardown(struct board_of_test *t)
{
	fclose(t->report.to);
	free(t->said);
	arena_free(&t->arena);
}

/* The number of complaints. */
static unsigned check(struct board_of_test *t)
{
	check_shares(&t->spec);
	check_allow(&t->spec);
	check_listen(&t->spec);
	return t->report.errors;
}

static void a_network_has_an_owner(void **state)
{
	static const size_t expected[COUNT] = {
		[BROKER] = BROKER, [CACHE] = WEB, [CLOCK] = CLOCK, [LONE] = LONE, [RADIO] = CLOCK,
		[WEB] = WEB,
	};
	struct board_of_test t;

	(void)state;
	setup(&t);
	assert_int_equal(check(&t), 0);
	for (size_t i = 0; i < COUNT; i++)
		assert_int_equal(sockets_network_of(&t.spec, &t.services[i]), expected[i]);
	teardown(&t);
}

/* What one serves, who asks for it where, and whether it is there. */
static const struct served_row {
	size_t server;
	const char *option, *value;
	size_t asked;
	const char *port;
	bool is_served;
} served_rows[] = {
	{ WEB, "PORTS", "80/tcp", WEB, "80/tcp", true },
	{ WEB, "PORTS", "80/tcp", WEB, "80/udp", false },
	{ WEB, "PORTS", "80/tcp", WEB, "81/tcp", false },
	{ WEB, "PORTS", "80/tcp", BROKER, "80/tcp", false },
	{ WEB, "LISTEN", "80/tcp", WEB, "80/tcp", true },
	{ WEB, "PUBLISH", "8080:80/tcp", WEB, "80/tcp", true },
	{ WEB, "PUBLISH", "8080:80/tcp", WEB, "80/udp", false },
	{ WEB, "PUBLISH", "8080:80/tcp", WEB, "8080/tcp", false },
	{ WEB, "PORTS", "80/tcp", CACHE, "80/tcp", true },
	{ CACHE, "PORTS", "80/tcp", WEB, "80/tcp", true },
	{ CACHE, "LISTEN", "/run/x", CACHE, "/run/x", true },
	{ CACHE, "LISTEN", "/run/x", WEB, "/run/x", false },
	{ CACHE, "LISTEN", "/run/x", CACHE, "/run/y", false },
	{ CLOCK, "PORTS", "123/udp", CLOCK, "123/udp", true },
	{ CLOCK, "PORTS", "123/udp", RADIO, "123/udp", false },
	{ LONE, "LISTEN", "/run/x", LONE, "/run/x", true },
};

static void a_port_is_served_by_whoever_is_in_that_network_and_a_socket_by_its_service(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(served_rows) / sizeof(served_rows[0]); i++) {
		const struct served_row *row = &served_rows[i];
		struct service_spec asking = { .name = "x" };
		struct board_of_test t;

		setup(&t);
		assert_null(set(&t.arena, &t.services[row->server], row->option, row->value));
		assert_null(set(&t.arena, &asking, "LISTEN", row->port));
		assert_int_equal(check(&t), 0);
		if (sockets_are_served(&t.spec, &t.services[row->asked], &asking.listen.at[0]) !=
		    row->is_served)
			fail_msg("row %zu", i);
		teardown(&t);
	}
}

static const char *show_sockets(struct board_of_test *t, size_t service)
{
	struct sockets sockets = sockets_of(&t->spec, &t->services[service]);
	const char *text = "";

	for (size_t i = 0; i < sockets.count; i++)
		text = arena_printf(&t->arena, "%s%s %s|", text, sockets.at[i].source,
				    sockets.at[i].path);
	return text;
}

static void sockets_are_numbered_and_lie_where_their_service_has_them(void **state)
{
	struct board_of_test t;

	(void)state;
	setup(&t);
	assert_null(set(&t.arena, &t.services[CACHE], "LISTEN", "9/tcp /run/a 8/tcp /run/b"));
	assert_null(set(&t.arena, &t.services[LONE], "LISTEN", "/run/l"));
	assert_null(set(&t.arena, &t.services[LONE], "ALLOW", "cache:/run/b cache:/run/a"));
	assert_int_equal(check(&t), 0);
	assert_string_equal(show_sockets(&t, CACHE),
			    "/run/pith/listen/cache.1 /run/a|/run/pith/listen/cache.3 /run/b|");
	assert_string_equal(show_sockets(&t, LONE),
			    "/run/pith/listen/lone.0 /run/l|/run/pith/listen/cache.3 /run/b|"
			    "/run/pith/listen/cache.1 /run/a|");
	assert_string_equal(show_sockets(&t, WEB), "");
	assert_int_equal(t.services[BROKER].listen_first, 0);
	assert_int_equal(t.services[CACHE].listen_first, 0);
	assert_int_equal(t.services[LONE].listen_first, 4);
	assert_int_equal(t.services[WEB].listen_first, 5);
	teardown(&t);
}

/* Without the two lines of localhost, which are the first. */
static const char *show_hosts(struct board_of_test *t, size_t service)
{
	struct words lines = hosts_lines(&t->spec, &t->services[service]);
	const char *text = "";

	assert_string_equal(lines.at[0], "127.0.0.1 localhost");
	assert_string_equal(lines.at[1], "::1 localhost");
	for (size_t i = 2; i < lines.count; i++)
		text = arena_printf(&t->arena, "%s%s|", text, lines.at[i]);
	return text;
}

static void a_service_knows_itself_its_network_and_those_that_it_may_reach(void **state)
{
	struct board_of_test t;

	(void)state;
	setup(&t);
	t.services[BROKER].hostname = "mqtt";
	t.services[LONE].hostname = "web";	/* another one's */
	assert_null(set(&t.arena, &t.services[BROKER], "PORTS", "1/tcp 2/tcp"));
	assert_null(set(&t.arena, &t.services[CLOCK], "PORTS", "123/udp"));
	assert_null(set(&t.arena, &t.services[CACHE], "LISTEN", "9/tcp"));
	assert_null(set(&t.arena, &t.services[LONE], "LISTEN", "/run/l"));
	assert_null(set(&t.arena, &t.services[BROKER], "ALLOW", "cache:9/tcp clock:123/udp"));
	assert_null(set(&t.arena, &t.services[WEB], "ALLOW",
			"lone:/run/l broker:2/tcp broker:1/tcp clock:123/udp"));
	assert_null(set(&t.arena, &t.services[RADIO], "ALLOW", "clock:123/udp cache:9/tcp"));
	assert_int_equal(check(&t), 0);
	assert_string_equal(show_hosts(&t, BROKER),
			    "10.77.0.2 broker mqtt|fd00::2 broker mqtt|10.78.0.3 cache|"
			    "10.77.0.1 clock|fd00::1 clock|");
	assert_string_equal(show_hosts(&t, WEB),
			    "10.78.0.3 web|10.78.0.3 cache|10.77.0.2 broker|fd00::2 broker|"
			    "10.78.0.1 clock|");
	assert_string_equal(show_hosts(&t, CACHE),
			    "10.78.0.3 cache|10.78.0.3 web|10.77.0.2 broker|fd00::2 broker|"
			    "10.78.0.1 clock|");
	assert_string_equal(show_hosts(&t, CLOCK), "127.0.0.1 clock|::1 clock|");
	assert_string_equal(show_hosts(&t, RADIO),
			    "127.0.0.1 radio|::1 radio|10.77.0.1 clock|fd00::1 clock|"
			    "10.78.0.3 cache|");
	assert_string_equal(show_hosts(&t, LONE), "127.0.0.1 lone|::1 lone|");
	teardown(&t);
}

static void leases_say_whom_to_ask_where_nothing_else_does_and_there_is_a_network(void **state)
{
	struct board_of_test t;

	(void)state;
	setup(&t);
	assert_false(hosts_need_leases(&t.spec, &t.services[WEB]));
	t.spec.board.resolv_conf = NULL;
	assert_true(hosts_need_leases(&t.spec, &t.services[WEB]));
	assert_true(hosts_need_leases(&t.spec, &t.services[CACHE]));
	assert_true(hosts_need_leases(&t.spec, &t.services[CLOCK]));
	assert_false(hosts_need_leases(&t.spec, &t.services[LONE]));
	teardown(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read_as_written_or_refused),
		cmocka_unit_test(a_network_has_an_owner),
		cmocka_unit_test(a_port_is_served_by_whoever_is_in_that_network_and_a_socket_by_its_service),
		cmocka_unit_test(sockets_are_numbered_and_lie_where_their_service_has_them),
		cmocka_unit_test(a_service_knows_itself_its_network_and_those_that_it_may_reach),
		cmocka_unit_test(leases_say_whom_to_ask_where_nothing_else_does_and_there_is_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
