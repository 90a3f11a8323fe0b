/*
 * pith network: the board's ways out and its bridges, and whether the firewall is
 * there.
 */
#include <fcntl.h>

#include "address.h"
#include "client.h"
#include "clock.h"
#include "files.h"
#include "options.h"
#include "rules.h"
#include "show.h"
#include "uplinks.h"
#include "ways.h"
#include "wiring.h"

/* Of a lease. */
#define DNS_SIZE (LEASE_DNS_MAX * sizeof("255.255.255.255"))

/* A few name servers, each a line. */
#define RESOLV_CONF_SIZE 512

static const char *link_word(const struct state_uplink *is)
{
	return !is->index ? "absent" : is->carrier ? "up" : "no carrier";
}

/* What is left of a lease; -1: none, or it has no end. */
static int64_t lease_left_ms(const struct state_uplink *is)
{
	uint64_t now = clock_now_ms();

	if (!is->lease.address || is->lease_ends_ms == UINT64_MAX)
		return -1;
	return is->lease_ends_ms > now ? (int64_t)(is->lease_ends_ms - now) : 0;
}

/* For a person they are words of one line. */
static void show_dns(struct show *s, const struct lease *lease)
{
	char words[DNS_SIZE] = "";
	struct text t = TEXT_ON(words);

	if (s->mode == SHOW_JSON)
		show_open(s, "dns", '[');
	for (unsigned i = 0; i < lease->dns_count && i < LEASE_DNS_MAX; i++) {
		if (s->mode == SHOW_JSON)
			address_show(s, NULL, lease->dns[i], 0);
		text_add(&t, t.len ? " " : "");
		text_add_ipv4(&t, lease->dns[i]);
	}
	if (s->mode == SHOW_JSON)
		show_close(s, ']');
	else if (t.len)
		show_string(s, "dns", words);
}

/* A lease, if there is one, is what it has. */
static void show_address(struct show *s, const struct uplink *uplink,
			 const struct state_uplink *is)
{
	const struct lease *lease = is->lease.address ? &is->lease : NULL;

	address_show(s, "address", lease ? lease->address : uplink->address,
		     lease ? lease->prefix : uplink->prefix);
	show_string(s, "from", lease ? "dhcp" : uplink->address ? "static" : NULL);
	if (lease || s->mode == SHOW_JSON)
		show_number(s, "lease", SHOW_MS, lease_left_ms(is));
	address_show(s, "gateway", lease ? lease->gateway : uplink->gateway, 0);
	show_dns(s, &is->lease);
}

static void show_uplink(struct show *s, const struct uplink *uplink,
			const struct state_uplink *is)
{
	show_open(s, NULL, '{');
	show_string(s, "name", uplink->name);
	show_string(s, "link", link_word(is));
	show_number(s, "online", SHOW_BOOL, uplink_is_online(uplink, is));
	show_address(s, uplink, is);
	if (uplink->ipv6 || s->mode == SHOW_JSON)
		address_show_ipv6(s, "address6", uplink->ipv6, uplink->address6, uplink->prefix6);
	if (uplink->gateway_ipv6 || s->mode == SHOW_JSON)
		address_show_ipv6(s, "gateway6", uplink->gateway_ipv6, uplink->gateway6, 0);
	show_close(s, '}');
}

static void show_uplinks(struct show *s, const struct ways *ways)
{
	show_number(s, "online", SHOW_BOOL, ways_online(ways));
	show_open(s, "uplinks", '[');
	for (unsigned i = 0; i < board.uplink_count; i++)
		show_uplink(s, &board.uplinks[i], &ways->is[i]);
	show_close(s, ']');
}

/* As services find it. */
static void show_resolv_conf(struct show *s)
{
	char text[RESOLV_CONF_SIZE] = "";

	if (!board.resolv_conf)
		files_read(AT_FDCWD, UPLINKS_RESOLV_CONF, text, sizeof(text));
	wiring_show_resolv_conf(s, board.resolv_conf ? board.resolv_conf : text);
}

static void show_firewall(struct show *s)
{
	struct rules_row rows[] = { { .name = "outside>refused" }, { .name = "outside>spoofed" } };
	int rc = rules_read(rows, 2);
	char words[128];
	struct text t = TEXT_ON(words);

	if (rc > 0)
		text_add(&t, "loaded");
	else
		rules_add_error(&t, rc);
	show_string(s, "firewall", words);
	show_number(s, "outside_refused", SHOW_COUNT, rows[0].packets);
	show_number(s, "outside_spoofed", SHOW_COUNT, rows[1].packets);
}

int client_network(int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { 0, "json", OPTION_FLAG, &json } };
	int count = options_read(argc, argv, rows, 1, NULL, 0, 0);
	struct client c;
	struct ways ways;
	struct show s;
	int rc = client_begin(&c, count);

	if (rc)
		return rc;
	ways_read(&c, &ways);
	s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	show_open_row(&s);
	show_uplinks(&s, &ways);
	show_resolv_conf(&s);
	wiring_show_bridges(&s);
	wiring_show_open(&s);
	show_firewall(&s);
	show_close_row(&s);
	show_end(&s);
	return CLIENT_OK;
}
