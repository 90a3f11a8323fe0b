/*
 * The board's firewall as one nf_tables batch, composed on the build machine
 * from what services publish.  It decides what may pass between uplink and
 * bridge; PID 1 only sends the bytes (struct board's firewall).
 *
 * Pure: the same plan gives the same bytes.  Rules come in the plan's order.
 * Build machine and board must have the same byte order, since netlink's
 * headers are in that of the machine; all of pith's targets and every usual
 * build machine are little-endian.
 */
#ifndef PITH_TABLE_FIREWALL_H
#define PITH_TABLE_FIREWALL_H

#include <stddef.h>
#include <stdint.h>

enum firewall_protocol {
	FIREWALL_TCP = 6,	/* as in IP's header */
	FIREWALL_UDP = 17,
};

struct firewall_publish {
	enum firewall_protocol protocol;
	uint16_t outside_port;	/* on the uplink, 1 to 65535 */
	uint32_t address;	/* the service's, in host order */
	uint16_t inside_port;	/* 1 to 65535 */
};

struct firewall_plan {
	const char *bridge;	/* 1 to 15 characters */
	const char *uplink;	/* the same, or NULL: nothing enters or leaves */
	const struct firewall_publish *publish;
	size_t publish_count;	/* 0 without an uplink */
};

/* Everything but the publish rules takes less than the first number, each
 * publish rule less than the second: a buffer of FIREWALL_SIZE(count) always
 * does, while there are at most as many rules as there are ports. */
#define FIREWALL_SIZE(publish_count) (4096 + 512 * (size_t)(publish_count))

/* Writes the batch into buf.  Returns its length in bytes, or -EINVAL for a
 * port, protocol or name outside the ranges above or a publish without an
 * uplink, -ENAMETOOLONG for a name over 15 characters, -ENOBUFS for a buffer
 * that is too small. */
int firewall_build(const struct firewall_plan *plan, uint8_t *buf, size_t size);

#endif
