/*
 * Ports, and what may pass, as a person writes them into the configuration and
 * as the firewall's rules are called (table/firewall.h).  Pure.
 */
#ifndef PITH_CLIENT_PORTS_H
#define PITH_CLIENT_PORTS_H

#include "service.h"
#include "text.h"

/* Room for any of these but a path: the longest is a rule's,
 * "fifteen-letters>fifteen-letters:65535/tcp". */
#define PORTS_SIZE 48

/* "80/tcp" */
void ports_add(struct text *t, uint16_t port, uint8_t protocol);

/* "8080:80/tcp", "broker:1883/tcp" or "db:/run/x.sock", "80/tcp" or "/run/x.sock" */
void ports_add_publish(struct text *t, const struct service_publish *publish);
void ports_add_allow(struct text *t, const struct service_allow *allow);
void ports_add_listen(struct text *t, const struct service_listen *listen);

/* Of rules: "outside:8080>web:80/tcp", used from the outside or from the board, and
 * "web>broker:1883/tcp", which names the owner of the network and has no path. */
void ports_add_rule_publish(struct text *t, const char *where, const char *name,
			    const struct service_publish *publish);
void ports_add_rule_allow(struct text *t, const char *name, const struct service_allow *allow);

/* "SVC_WEB_PUBLISH", the option of a service in the configuration.  Those that are made
 * per uplink, "dhcp-eth0", have the options of their folder: "SVC_DHCP_PUBLISH". */
void ports_add_option(struct text *t, const struct service *s, const char *option);

/* Whose address, PUBLISH and ALLOW a service has: its own, or with NET=share those
 * of the service that it names. */
static inline const struct service *ports_owner(const struct service *s)
{
	return s->net == SERVICE_NET_SHARE ? &services[s->net_of] : s;
}

#endif
