/*
 * IPv6 addresses as text.  Decides which of them a host may have; which a board
 * may use is the checks' business.
 */
#include "ipv6.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "number.h"

#define BYTES 16

int ipv6_parse_address(const char *text, uint8_t address[16])
{
	return inet_pton(AF_INET6, text, address) == 1 ? 0 : -EINVAL;
}

int ipv6_parse_subnet(struct arena *arena, const char *text, struct ipv6_subnet *subnet)
{
	const char *slash = strchr(text, '/');
	uint64_t prefix;

	if (!slash || ipv6_parse_address(arena_copy(arena, text, (size_t)(slash - text)),
					 subnet->address) ||
	    number_parse(slash + 1, strlen(slash + 1), &prefix) || prefix > 128)
		return -EINVAL;
	subnet->prefix = (uint8_t)prefix;
	return 0;
}

void ipv6_base(struct ipv6_subnet subnet, uint8_t base[16])
{
	for (unsigned int i = 0; i < BYTES; i++) {
		unsigned int kept = subnet.prefix > 8 * i ? subnet.prefix - 8 * i : 0;

		base[i] = subnet.address[i] & (uint8_t)(kept < 8 ? 0xff00 >> kept : 0xff);
	}
}

bool ipv6_is_in(const uint8_t address[16], struct ipv6_subnet subnet)
{
	struct ipv6_subnet other = { .prefix = subnet.prefix };
	uint8_t base[BYTES], base_of_other[BYTES];

	memcpy(other.address, address, BYTES);
	ipv6_base(subnet, base);
	ipv6_base(other, base_of_other);
	return ipv6_is_same(base, base_of_other);
}

bool ipv6_is_same(const uint8_t one[16], const uint8_t other[16])
{
	return !memcmp(one, other, BYTES);
}

bool ipv6_is_link_local(const uint8_t address[16])
{
	return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

bool ipv6_is_unicast(const uint8_t address[16])
{
	/* ::/96 with :: and ::1, and ::ffff:0:0/96: RFC 4291, 2.5.5. */
	static const struct ipv6_subnet compatible = { .prefix = 96 };
	static const struct ipv6_subnet mapped = { { [10] = 0xff, 0xff }, 96 };

	return address[0] != 0xff && !ipv6_is_link_local(address) &&
	       !ipv6_is_in(address, compatible) && !ipv6_is_in(address, mapped);
}

void ipv6_of_host(const uint8_t prefix[16], uint32_t host, uint8_t address[16])
{
	memcpy(address, prefix, BYTES);
	for (int i = 0; i < 4; i++)
		address[BYTES - 1 - i] = (uint8_t)(host >> (8 * i));
}

const char *ipv6_format(struct arena *arena, const uint8_t address[16])
{
	char text[INET6_ADDRSTRLEN];

	/* It fails for a buffer that is too small alone. */
	inet_ntop(AF_INET6, address, text, sizeof(text));
	return arena_copy(arena, text, strlen(text));
}
