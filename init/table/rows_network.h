/*
 * The network's part of a service's row: what it is connected to, what it serves
 * and whom it may reach.
 */
#ifndef PITH_TABLE_ROWS_NETWORK_H
#define PITH_TABLE_ROWS_NETWORK_H

#include <stdio.h>

#include "spec.h"

/* The arrays that the fields point to: its sockets and other files that are seen inside,
 * how many that are, and what names places of other services or is the firewall's. */
void rows_network_sockets(const struct spec *spec, const struct service_spec *service, FILE *to);
size_t rows_network_seen(const struct spec *spec, const struct service_spec *service);
void rows_network_lists(const struct spec *spec, const struct service_spec *service, FILE *to);

/* Fields that say the same wherever the row stands, and those that point to such
 * places. */
void rows_network_content(const struct spec *spec, const struct service_spec *service, FILE *to);
void rows_network_places(const struct spec *spec, const struct service_spec *service, FILE *to);

/* What of the board and the others it is made from, in place of those places. */
void rows_network_made_from(const struct spec *spec, const struct service_spec *service, FILE *to);

#endif
