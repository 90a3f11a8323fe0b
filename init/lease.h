/*
 * A lease of DHCP, as the service that asks for it tells PID 1: one message of
 * fixed size through its notify socket (notify.h).  Its first byte, 0, tells it
 * from sd_notify's text.  PID 1 believes only the service that the table names for
 * that uplink, and none of the numbers without a look (lease_is_sound).
 *
 * Source: RFC 2131, RFC 2132.
 */
#ifndef PITH_LEASE_H
#define PITH_LEASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEASE_DNS_MAX 3		/* as resolv.conf(5) takes them */

#define LEASE_VERSION 1

/* No link has more: the rest of the internet would be its neighbours. */
#define LEASE_PREFIX_MIN 8

#define LEASE_FOR_EVER UINT32_MAX

/* Addresses are in host order.  There is no padding. */
struct lease {
	uint8_t zero;
	uint8_t version;
	uint8_t prefix;		/* LEASE_PREFIX_MIN to 32 */
	uint8_t dns_count;
	uint32_t address;
	uint32_t gateway;	/* 0: none; it need not be in the subnet */
	uint32_t seconds;	/* from now, or LEASE_FOR_EVER */
	uint32_t dns[LEASE_DNS_MAX];	/* the rest is 0 */
};

/* The server has taken it back (DHCPNAK): all else is 0. */
#define LEASE_END (struct lease){ .version = LEASE_VERSION }

struct board;

/* Whether the bytes are a lease that this board can live with: an address of a host,
 * of a subnet that has nothing in common with a bridge's or another uplink's, and a gateway that is
 * another host's. */
bool lease_is_sound(const void *bytes, size_t len, const struct board *on);

/* Whether the bytes are LEASE_END. */
bool lease_is_end(const void *bytes, size_t len);

#endif
