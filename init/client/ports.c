/*
 * Writes ports; refuses to know what comes through them.
 */
#include "ports.h"

#include <netinet/in.h>
#include <string.h>

void ports_add(struct text *t, uint16_t port, uint8_t protocol)
{
	text_add(t, "%u/%s", port, protocol == IPPROTO_UDP ? "udp" : "tcp");
}

void ports_add_publish(struct text *t, const struct service_publish *publish)
{
	text_add(t, "%u:", publish->outside);
	ports_add(t, publish->inside, publish->protocol);
}

void ports_add_allow(struct text *t, const struct service_allow *allow)
{
	text_add(t, "%s:", services[allow->to].name);
	if (allow->protocol)
		ports_add(t, allow->port, allow->protocol);
	else
		text_add(t, "%s", allow->path);
}

void ports_add_listen(struct text *t, const struct service_listen *listen)
{
	if (listen->protocol)
		ports_add(t, listen->port, listen->protocol);
	else
		text_add(t, "%s", listen->path);
}

void ports_add_rule_publish(struct text *t, const char *where, const char *name,
			    const struct service_publish *publish)
{
	text_add(t, "%s:%u>%s:", where, publish->outside, name);
	ports_add(t, publish->inside, publish->protocol);
}

void ports_add_rule_allow(struct text *t, const char *name, const struct service_allow *allow)
{
	text_add(t, "%s>%s:", name, ports_owner(&services[allow->to])->name);
	ports_add(t, allow->port, allow->protocol);
}

void ports_add_option(struct text *t, const struct service *s, const char *option)
{
	size_t len = strlen(s->name);

	if (s->lease_of)
		len -= strlen(board.uplinks[s->lease_of - 1].name) + 1;
	text_add(t, "SVC_");
	for (const char *name = s->name; len; name++, len--)
		text_add(t, "%c", *name == '-' ? '_' :
			 *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
	text_add(t, "_%s", option);
}
