/*
 * Finds in the table what was planned for a connection.  Pure.
 */
#include <netinet/in.h>
#include <string.h>

#include "files.h"
#include "ports.h"
#include "reach.h"

#define PORT_MAX 65535

bool reach_parse(const char *word, char name[SERVICE_NAME_SIZE + 1], uint16_t *port,
		 uint8_t *protocol)
{
	const char *colon = strchr(word, ':'), *end;
	size_t len = colon ? (size_t)(colon - word) : 0;
	uint64_t number = colon && strlen(colon) <= sizeof(":65535/udp") - 1 ?
			  files_parse(colon + 1, 10, &end) : 0;

	if (!len || !number || number > PORT_MAX)
		return false;
	*protocol = !strcmp(end, "/tcp") ? IPPROTO_TCP : !strcmp(end, "/udp") ? IPPROTO_UDP : 0;
	if (*end && !*protocol)
		return false;
	len = len < SERVICE_NAME_SIZE ? len : SERVICE_NAME_SIZE;
	memcpy(name, word, len);
	name[len] = '\0';
	*port = (uint16_t)number;
	return true;
}

bool reach_is_within(const struct reach *r)
{
	return r->from && (r->from_owner == r->owner ||
			   (r->from_owner->net == SERVICE_NET_HOST &&
			    r->owner->net == SERVICE_NET_HOST));
}

/* By its port of the board, or by the service's own. */
static const struct service_publish *find_publish(const struct reach *r, bool outside)
{
	for (unsigned i = 0; i < r->owner->published_count; i++) {
		const struct service_publish *p = &r->owner->published[i];

		if (p->protocol == r->protocol && (outside ? p->outside : p->inside) == r->asked)
			return p;
	}
	return NULL;
}

static const struct service_allow *find_allow(const struct reach *r)
{
	for (unsigned i = 0; i < r->from_owner->allow_count; i++) {
		const struct service_allow *a = &r->from_owner->allow[i];

		if (a->protocol == r->protocol && a->port == r->inside &&
		    ports_owner(&services[a->to]) == r->owner)
			return a;
	}
	return NULL;
}

/* Of all that have the same network: which of them serves is theirs to know. */
static const struct service *find_keeper(const struct reach *r)
{
	for (unsigned id = 0; id < client_services(); id++) {
		const struct service *s = &services[id];

		for (unsigned i = 0; ports_owner(s) == r->owner && i < s->listen_count; i++)
			if (s->listen[i].protocol == r->protocol && s->listen[i].port == r->inside)
				return s;
	}
	return NULL;
}

/* A port of the board itself, to everybody; or of DNS and DHCP, to services. */
static bool is_open(const struct reach *r)
{
	bool offered = r->inside == 53 || (r->inside == 67 && r->protocol == IPPROTO_UDP);

	if (r->from && offered && r->owner->net == SERVICE_NET_HOST)
		return true;
	for (unsigned i = 0; r->owner->net == SERVICE_NET_HOST && i < board.open_count; i++)
		if (board.open[i].protocol == r->protocol && board.open[i].port == r->inside)
			return true;
	return false;
}

/* With that protocol.  False if nothing has such a port. */
static bool plan(struct reach *r, uint8_t protocol)
{
	const struct service_publish *outside, *inside;

	r->protocol = protocol;
	r->inside = r->asked;
	r->allow = r->from ? find_allow(r) : NULL;
	outside = find_publish(r, true);
	inside = find_publish(r, false);
	r->keeper = find_keeper(r);
	r->open = is_open(r);
	if (!r->from)
		r->publish = outside ? outside : inside;
	else if (!r->allow && !inside && !r->keeper)
		r->publish = outside;
	if (!r->publish)
		return r->allow || inside || r->keeper || r->open;
	r->inside = r->publish->inside;
	r->allow = r->from ? find_allow(r) : NULL;
	r->keeper = find_keeper(r);
	return true;
}

void reach_plan(struct reach *r, uint8_t protocol)
{
	r->owner = ports_owner(r->to);
	r->from_owner = r->from ? ports_owner(r->from) : NULL;
	if (protocol)
		plan(r, protocol);
	else if (!plan(r, IPPROTO_TCP) && !plan(r, IPPROTO_UDP))
		plan(r, IPPROTO_TCP);
}

void reach_add_understood(struct text *t, const struct reach *r)
{
	bool by_board = r->publish ? r->asked == r->publish->outside : !r->from;

	if (!by_board || (r->from && !r->publish)) {
		ports_add(t, r->inside, r->protocol);
		text_add(t, " of %s", r->to->name);
		if (r->publish) {
			text_add(t, ", which is ");
			ports_add(t, r->publish->outside, r->protocol);
			text_add(t, " of the board");
		}
		return;
	}
	ports_add(t, r->asked, r->protocol);
	text_add(t, " of the board");
	if (r->publish) {
		text_add(t, ", which %s ", r->from ? "is" : "leads to");
		ports_add(t, r->inside, r->protocol);
		text_add(t, " of %s", r->to->name);
	}
}

bool reach_add_rule(struct text *t, const struct reach *r)
{
	if (r->from ? !r->allow || reach_is_within(r) : !r->publish)
		return false;
	if (r->from)
		ports_add_rule_allow(t, r->from_owner->name, r->allow);
	else
		ports_add_rule_publish(t, "outside", r->owner->name, r->publish);
	return true;
}
