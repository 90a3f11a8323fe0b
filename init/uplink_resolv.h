/*
 * The board's resolv.conf, made of its leases.
 */
#ifndef PITH_UPLINK_RESOLV_H
#define PITH_UPLINK_RESOLV_H

#include "service.h"
#include "state.h"
#include "text.h"

/* A line of words, and LEASE_DNS_MAX of "nameserver 255.255.255.255". */
#define UPLINK_RESOLV_SIZE 160

/* Pure.  The name servers of the uplinks that are online, then of the others, each
 * once: LEASE_DNS_MAX in all. */
void uplink_resolv_make(struct text *t, const struct uplink *uplinks,
			const struct state_uplink *is, unsigned count);

/* Writes it to UPLINKS_RESOLV_CONF, in place: services have that very file.  What is
 * there already is not written again.  0 or -errno. */
int uplink_resolv_write(const struct uplink *uplinks, const struct state_uplink *is,
			unsigned count);

#endif
