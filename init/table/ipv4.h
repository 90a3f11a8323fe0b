/*
 * IPv4 addresses and ports as text.  Addresses are in host order.
 */
#ifndef PITH_TABLE_IPV4_H
#define PITH_TABLE_IPV4_H

#include <stdbool.h>
#include <stdint.h>

#include "spec.h"

/* "10.77.0.9": 0 or -EINVAL.  No number has a leading zero (some take 010
 * for 8). */
int ipv4_parse_address(const char *text, size_t length, uint32_t *address);

/* "10.77.0.1/24", the prefix from 0 to 32: 0 or -EINVAL. */
int ipv4_parse_subnet(const char *text, struct ipv4_subnet *subnet);

/* 0xffffff00 for a prefix of 24. */
uint32_t ipv4_mask(uint8_t prefix);

bool ipv4_is_in(uint32_t address, struct ipv4_subnet subnet);

/* True unless it is unspecified, loopback, multicast or reserved. */
bool ipv4_is_unicast(uint32_t address);

/* True if a host of that subnet may have it: neither the first nor the last one, unless
 * there are but two (RFC 3021) or one. */
bool ipv4_is_host_in(uint32_t address, uint8_t prefix);

const char *ipv4_format(struct arena *arena, uint32_t address);

/* "8080:80/tcp": NULL, or what is wrong and what to write. */
const char *ipv4_parse_publish(struct arena *arena, const char *text,
			       struct published_port *port);

#endif
