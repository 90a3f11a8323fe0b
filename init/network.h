/*
 * The board's own network: its settings, the bridges, forwarding, the firewall.
 */
#ifndef PITH_NETWORK_H
#define PITH_NETWORK_H

#include "sandbox.h"

/* Brings up what can be brought up and says what cannot; nothing here stops
 * the boot.  Fills in the site's route_fd and ipv6. */
void network_bring_up(struct sandbox_site *site);

/* The same after an earlier PID 1 with another table, or one that was lost: what of it
 * is nobody's any more goes. */
void network_take_over(struct sandbox_site *site);

/* Fills in the site alone: an earlier PID 1 has brought it all up. */
void network_find(struct sandbox_site *site);

#endif
