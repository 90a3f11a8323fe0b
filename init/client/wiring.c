/*
 * Shows the network's part of the table, with the firewall's numbers beside it.
 */
#include "wiring.h"

#include <string.h>

#include "address.h"
#include "ports.h"
#include "rules.h"

/* Of one look at the firewall: more rows are another look. */
#define ROWS 32

/* A port or a path, which is shown in one line. */
#define WORDS_SIZE 256

enum list { PUBLISH, ALLOW, LISTEN, OPEN, LISTS };

/* The next item of a list; false behind the last one.  OPEN is the board's. */
static bool add_item(struct text *t, const struct service *row, enum list list, unsigned i)
{
	if (list == PUBLISH && i < row->published_count)
		ports_add_publish(t, &row->published[i]);
	else if (list == ALLOW && i < row->allow_count)
		ports_add_allow(t, &row->allow[i]);
	else if (list == LISTEN && i < row->listen_count)
		ports_add_listen(t, &row->listen[i]);
	else if (list == OPEN && i < board.open_count)
		ports_add_listen(t, &board.open[i]);
	else
		return false;
	return true;
}

static void show_list(struct show *s, const struct service *row, enum list list)
{
	static const char keys[LISTS][8] = { "publish", "allow", "listen", "open" };
	char words[WORDS_SIZE];

	show_open(s, keys[list], '[');
	for (unsigned i = 0;; i++) {
		struct text t = TEXT_ON(words);

		if (!add_item(&t, row, list, i))
			break;
		show_string(s, NULL, words);
	}
	show_close(s, ']');
}

static void show_allowed(struct show *s, const struct service *row, bool ports, bool paths)
{
	char words[WORDS_SIZE];

	for (unsigned i = 0; i < row->allow_count; i++) {
		struct text t = TEXT_ON(words);

		if (!(row->allow[i].protocol ? ports : paths))
			continue;
		add_item(&t, row, ALLOW, i);
		show_string(s, NULL, words);
	}
}

/* Ports are reached from a network, whose owner says which; paths from a root. */
static void show_allow(struct show *s, const struct service *owner, const struct service *row)
{
	show_open(s, "allow", '[');
	show_allowed(s, owner, true, owner == row);
	if (owner != row)
		show_allowed(s, row, false, true);
	show_close(s, ']');
}

static void show_sockets(struct show *s, const struct service *row)
{
	show_open(s, "sockets", '[');
	for (unsigned i = 0; i < row->socket_count; i++) {
		show_open(s, NULL, '{');
		show_string(s, "path", row->sockets[i].path);
		show_string(s, "source", row->sockets[i].source);
		show_close(s, '}');
	}
	show_close(s, ']');
}

void wiring_show(struct show *s, const struct service *row)
{
	const struct service *owner = ports_owner(row);
	bool private = owner->net == SERVICE_NET_PRIVATE;

	if (owner != row || s->mode == SHOW_JSON)
		show_string(s, "network_of", owner != row ? owner->name : NULL);
	show_string(s, "bridge", private ? board.bridges[owner->bridge].name : NULL);
	address_show(s, "address", owner->address, 0);
	address_show_ipv6(s, "address6", owner->ipv6, owner->address6, 0);
	address_show_mac(s, "mac", owner->mac);
	show_list(s, owner, PUBLISH);
	show_allow(s, owner, row);
	show_list(s, row, LISTEN);
	show_sockets(s, row);
}

/* Rows that are to be shown together. */
struct traffic {
	struct show *show;
	struct rules_row row[ROWS];
	bool always[ROWS];	/* also if the firewall has no such row */
	unsigned count;
};

static void show_rows(struct traffic *traffic)
{
	struct show *s = traffic->show;

	rules_read(traffic->row, traffic->count);
	for (unsigned i = 0; i < traffic->count; i++) {
		const struct rules_row *row = &traffic->row[i];

		if (row->packets < 0 && !traffic->always[i])
			continue;
		show_open(s, NULL, '{');
		show_string(s, "rule", row->name);
		show_number(s, "packets", SHOW_COUNT, row->packets);
		/* A key of SHOW_BYTES would have its unit twice. */
		show_number(s, "bytes", s->mode == SHOW_JSON ? SHOW_COUNT : SHOW_BYTES,
			    row->bytes);
		show_close(s, '}');
	}
	traffic->count = 0;
}

static struct text add_row(struct traffic *traffic, bool always)
{
	if (traffic->count == ROWS)
		show_rows(traffic);
	traffic->always[traffic->count] = always;
	return TEXT_ON(traffic->row[traffic->count++].name);
}

void wiring_show_traffic(struct show *s, const struct service *row)
{
	static const char others[][8] = { "outside", "refused", "spoofed" };
	const struct service *owner = ports_owner(row);
	struct traffic traffic = { .show = s };
	struct text t;

	show_open(s, "traffic", '[');
	for (unsigned i = 0; i < owner->published_count; i++) {
		t = add_row(&traffic, true);
		ports_add_rule_publish(&t, "outside", owner->name, &owner->published[i]);
		t = add_row(&traffic, false);
		ports_add_rule_publish(&t, "board", owner->name, &owner->published[i]);
	}
	for (unsigned i = 0; i < owner->allow_count; i++) {
		/* Within the board's network, and at paths, nothing is counted. */
		if (!owner->allow[i].protocol || (owner->net == SERVICE_NET_HOST &&
		    services[owner->allow[i].to].net == SERVICE_NET_HOST))
			continue;
		t = add_row(&traffic, true);
		ports_add_rule_allow(&t, owner->name, &owner->allow[i]);
	}
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		t = add_row(&traffic, false);
		text_add(&t, "%s>%s", owner->name, others[i]);
	}
	show_rows(&traffic);
	show_close(s, ']');
}

void wiring_show_bridges(struct show *s)
{
	show_open(s, "bridges", '[');
	for (unsigned i = 0; i < board.bridge_count; i++) {
		const struct bridge *bridge = &board.bridges[i];

		show_open(s, NULL, '{');
		show_string(s, "name", bridge->name);
		address_show(s, "address", bridge->address, bridge->prefix);
		address_show_ipv6(s, "address6", bridge->ipv6, bridge->address6, 64);
		address_show_mac(s, "mac", bridge->mac);
		show_close(s, '}');
	}
	show_close(s, ']');
}

void wiring_show_uplinks(struct show *s)
{
	show_open(s, "uplinks", '[');
	for (unsigned i = 0; i < board.uplink_count; i++) {
		const struct uplink *uplink = &board.uplinks[i];

		show_open(s, NULL, '{');
		show_string(s, "name", uplink->name);
		if (uplink->parent) {
			show_string(s, "parent", uplink->parent);
			show_number(s, "vlan", SHOW_COUNT, uplink->vlan);
		}
		show_number(s, "dhcp", SHOW_BOOL, uplink->dhcp);
		address_show(s, "address", uplink->address, uplink->prefix);
		address_show(s, "gateway", uplink->gateway, 0);
		address_show_ipv6(s, "address6", uplink->ipv6, uplink->address6, uplink->prefix6);
		address_show_ipv6(s, "gateway6", uplink->gateway_ipv6, uplink->gateway6, 0);
		show_number(s, "metric", SHOW_COUNT, uplink->metric);
		show_close(s, '}');
	}
	show_close(s, ']');
}

void wiring_show_open(struct show *s)
{
	show_list(s, NULL, OPEN);
}

void wiring_show_resolv_conf(struct show *s, const char *text)
{
	show_open(s, "resolv_conf", '[');
	while (text && *text) {
		size_t len = strcspn(text, "\n");

		show_bytes(s, NULL, text, len);
		text += len + (text[len] == '\n');
	}
	show_close(s, ']');
}
