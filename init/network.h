/*
 * The board's own network: bridge, uplink, forwarding, firewall.
 */
#ifndef PITH_NETWORK_H
#define PITH_NETWORK_H

#include "sandbox.h"

/* Brings up what can be brought up and says what cannot; nothing here stops
 * the boot.  Fills in the site's route_fd and bridge_index. */
void network_bring_up(struct sandbox_site *site);

/* Fills in the site alone: an earlier PID 1 has brought it all up. */
void network_find(struct sandbox_site *site);

#endif
