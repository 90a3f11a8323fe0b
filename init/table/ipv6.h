/*
 * IPv6 addresses as text.  They are in network order, as they are sent.
 */
#ifndef PITH_TABLE_IPV6_H
#define PITH_TABLE_IPV6_H

#include <stdbool.h>
#include <stdint.h>

#include "spec.h"

/* "fd70:6974:6800::9", as inet_pton(3) takes it: 0 or -EINVAL. */
int ipv6_parse_address(const char *text, uint8_t address[16]);

/* "fd70:6974:6800::1/64", the prefix from 0 to 128: 0 or -EINVAL. */
int ipv6_parse_subnet(struct arena *arena, const char *text, struct ipv6_subnet *subnet);

/* What is behind the prefix, 0 for the subnet itself, is left out of *base. */
void ipv6_base(struct ipv6_subnet subnet, uint8_t base[16]);

bool ipv6_is_in(const uint8_t address[16], struct ipv6_subnet subnet);
bool ipv6_is_same(const uint8_t one[16], const uint8_t other[16]);

/* fe80::/10: of one link alone. */
bool ipv6_is_link_local(const uint8_t address[16]);

/* True unless it is unspecified, loopback, multicast, of one link alone, or stands
 * for an IPv4 address. */
bool ipv6_is_unicast(const uint8_t address[16]);

/* With host as its lowest 32 bits. */
void ipv6_of_host(const uint8_t prefix[16], uint32_t host, uint8_t address[16]);

const char *ipv6_format(struct arena *arena, const uint8_t address[16]);

#endif
