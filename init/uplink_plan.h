/*
 * What is to be done for an uplink, and the messages that do it.  Pure: errors of
 * the builders are those of nlmsg.h, and nothing here knows whether a message will
 * be sent.
 */
#ifndef PITH_UPLINK_PLAN_H
#define PITH_UPLINK_PLAN_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

#include "netsetup/nlmsg.h"
#include "service.h"
#include "state.h"

/* The longest batch of one uplink: up, two addresses, two routes and their
 * removal are below 500 bytes. */
#define UPLINK_MESSAGE_SIZE 768

/* An interface, as the kernel told of it last. */
struct uplink_seen {
	int32_t index;		/* 0: there is none */
	bool up, carrier;
	bool fell;		/* it was down, or gone, in between */
};

/* What follows from it. */
#define UPLINK_SET_UP	1u	/* set it up, from the beginning */
#define UPLINK_APPEARED	2u
#define UPLINK_GONE	4u
#define UPLINK_CAME	8u	/* its carrier */
#define UPLINK_WENT	16u

/* is: what was known of it.  set_up: nothing of that was lost since.  Who switches an
 * interface off that is set up may also switch it on again: that is not done here. */
unsigned uplink_changes(const struct state_uplink *is, bool set_up,
			const struct uplink_seen *seen);

/* Up, and what the table gives it. */
void uplink_put_own(struct nlmsg *m, const struct uplink *uplink, int32_t index);

void uplink_put_lease(struct nlmsg *m, const struct uplink *uplink, int32_t index,
		      const struct lease *lease);

/* Takes back of a lease what the next one, if there is one, does not have: to be sent
 * when that one is there. */
void uplink_put_lease_end(struct nlmsg *m, const struct uplink *uplink, int32_t index,
			  const struct lease *lease, const struct lease *next);

/* Whether nothing but the end, and the name servers, tell them apart. */
bool uplink_same_address(const struct lease *a, const struct lease *b);

/* Whether the table or the lease gives it that address; bytes as in rtnl.h. */
bool uplink_has_address(const struct uplink *uplink, const struct lease *lease,
			uint8_t family, const uint8_t *address, uint8_t prefix);

/* A filter for a socket that is subscribed to links: of all interfaces it lets those
 * of these names pass, so that nobody is woken by the services' own.  Returns how
 * many instructions it has. */
#define UPLINK_FILTER_MAX (6 + UPLINKS_MAX * (2 * RTNL_NAME_SIZE / 4 + 1))
unsigned uplink_filter(struct sock_filter *to, const struct uplink *uplinks, unsigned count);

#endif
