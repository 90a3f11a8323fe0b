/*
 * The board's firewall as one nf_tables batch, composed on the build machine from
 * what services publish and allow.  It decides what may pass; PID 1 only sends the
 * bytes (struct board's firewall).
 *
 * Everything is routed, since the ports of a bridge are isolated: so one set of
 * rules (table inet pith) sees what passes between services, of one bridge or of
 * two, to and from the outside, and to the board.  Table bridge pith lets in from a
 * port only what has the service's own MAC and address.
 *
 * The rules are the same on every board.  What differs is in sets, in which they look
 * packets up: one look-up whatever the number of services, and a row of some 60 bytes
 * where a rule takes 500 (with 250 services 0.2 MB, and 1.5 MB of rules).  A set without
 * rows is left out, and so is the rule that asks it.
 *
 * Each row that a person may ask about has a counter, and a comment by which the
 * client finds it; firewall_counters.h has the names of the sets.  An allowed or
 * refused service has a row for each family: both have the same comment.
 *	web>broker:1883/tcp	an ALLOW: connections
 *	web>outside		to the uplinks: connections
 *	web>refused		packets for anything else
 *	web>spoofed		frames with an address that is not its own
 *	outside:8080>web:80/tcp	a PUBLISH, used from an uplink: connections
 *	board:8080>web:80/tcp	the same, used from the board itself
 *	outside>refused		packets for what is not published
 *	outside>spoofed		packets in the name of a service
 * A connection counts by its first packet, and by each that comes before its answer.
 *
 * Pure: the same plan gives the same bytes.  Rows come in the plan's order.
 * Build machine and board must have the same byte order, since netlink's
 * headers are in that of the machine; all of pith's targets and every usual
 * build machine are little-endian.
 */
#ifndef PITH_TABLE_FIREWALL_H
#define PITH_TABLE_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Protocols are as in IP's header, IPPROTO_TCP or IPPROTO_UDP; ports 1 to 65535;
 * IPv4 addresses in host order, IPv6 in network order. */

struct firewall_port {
	uint8_t protocol;
	uint16_t port;
};

struct firewall_publish {
	uint8_t protocol;
	uint16_t outside, inside;
};

struct firewall_allow {
	size_t to;		/* place in the plan's services */
	uint8_t protocol;
	uint16_t port;
};

struct firewall_service {
	const char *name;
	bool on_board;		/* NET=host: no address of its own, and its ports are the board's */
	uint32_t first_uid, uid_count;	/* on_board: whose sockets are its */
	const char *port;	/* else: its interface on the bridge */
	size_t bridge;		/* its place in the plan */
	uint32_t address;
	const uint8_t *address6;	/* NULL: none */
	uint8_t mac[6];
	const struct firewall_publish *publish;	/* on_board: outside and inside are the same */
	const struct firewall_allow *allow;
	size_t publish_count, allow_count;
};

struct firewall_bridge {
	const char *name;
	uint32_t address;		/* the board's there */
	uint8_t prefix;
	const uint8_t *address6;	/* with a prefix of 64; NULL: none */
};

struct firewall_plan {
	const struct firewall_bridge *bridges;
	const char *const *uplinks;	/* names */
	const struct firewall_service *services;	/* with a network that is their own or the board's */
	const struct firewall_port *open;	/* of the board, to everybody */
	size_t bridge_count, uplink_count, service_count, open_count;
};

/* Writes the batch into buf.  Returns its length in bytes, or -EINVAL for a
 * number or name outside the ranges above, -ENAMETOOLONG for a name over 15
 * characters, -ENOBUFS for a buffer that is too small. */
int firewall_build(const struct firewall_plan *plan, uint8_t *buf, size_t size);

/* Always enough for that plan. */
size_t firewall_size(const struct firewall_plan *plan);

#endif
