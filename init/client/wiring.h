/*
 * How a service is wired to the network: what the table gives it, and what passed.
 */
#ifndef PITH_CLIENT_WIRING_H
#define PITH_CLIENT_WIRING_H

#include "service.h"
#include "show.h"

/* Its addresses, and whose network it has; what it publishes, may reach and listens at. */
void wiring_show(struct show *s, const struct service *row);

/* What the firewall has counted of it, as a list: each ALLOW and PUBLISH, what went out,
 * was refused and was spoofed. */
void wiring_show_traffic(struct show *s, const struct service *row);

/* The board's bridges and uplinks, its own ports that are open to everybody, and what
 * its services find in resolv.conf, NULL for none; as lists. */
void wiring_show_bridges(struct show *s);
void wiring_show_uplinks(struct show *s);
void wiring_show_open(struct show *s);
void wiring_show_resolv_conf(struct show *s, const char *text);

#endif
