/*
 * IPv4 addresses and ports as text.  Decides how they are written; which of
 * them a board may use is the checks' business.
 */
#include "ipv4.h"

#include <errno.h>
#include <string.h>

#include "number.h"

int ipv4_parse_address(const char *text, size_t length, uint32_t *address)
{
	const char *end = text + length;
	uint32_t sum = 0;

	for (int part = 0; part < 4; part++) {
		const char *stop = part < 3 ? memchr(text, '.', (size_t)(end - text)) : end;
		uint64_t number;

		if (!stop || number_parse(text, (size_t)(stop - text), &number) ||
		    number > 255 || (*text == '0' && stop - text > 1))
			return -EINVAL;
		sum = sum << 8 | (uint32_t)number;
		text = stop + (part < 3);
	}
	*address = sum;
	return 0;
}

int ipv4_parse_subnet(const char *text, struct ipv4_subnet *subnet)
{
	const char *slash = strchr(text, '/');
	uint64_t prefix;

	if (!slash || ipv4_parse_address(text, (size_t)(slash - text), &subnet->address) ||
	    number_parse(slash + 1, strlen(slash + 1), &prefix) || prefix > 32)
		return -EINVAL;
	subnet->prefix = (uint8_t)prefix;
	return 0;
}

uint32_t ipv4_mask(uint8_t prefix)
{
	return prefix ? UINT32_MAX << (32 - prefix) : 0;
}

bool ipv4_is_in(uint32_t address, struct ipv4_subnet subnet)
{
	return !((address ^ subnet.address) & ipv4_mask(subnet.prefix));
}

bool ipv4_is_unicast(uint32_t address)
{
	uint32_t first = address >> 24;

	return first && first != 127 && first < 224;
}

bool ipv4_is_host_in(uint32_t address, uint8_t prefix)
{
	uint32_t mask = ipv4_mask(prefix), host = address & ~mask;

	return ipv4_is_unicast(address) && (prefix > 30 || (host && host != ~mask));
}

const char *ipv4_format(struct arena *arena, uint32_t address)
{
	return arena_printf(arena, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
			    address >> 8 & 255, address & 255);
}

static bool port_is_read(const char *text, size_t length, uint16_t *port)
{
	uint64_t number;

	if (number_parse(text, length, &number) || !number || number > UINT16_MAX)
		return false;
	*port = (uint16_t)number;
	return true;
}

const char *ipv4_parse_publish(struct arena *arena, const char *text,
			       struct published_port *port)
{
	size_t outside = strcspn(text, ":"), both = strcspn(text, "/");

	if (outside >= both || !text[both] ||
	    (strcmp(text + both, "/tcp") && strcmp(text + both, "/udp")))
		return arena_printf(arena, "\"%s\" is not outside:inside/protocol; write words "
				    "such as 8080:80/tcp or 53:53/udp", text);
	if (!port_is_read(text, outside, &port->outside) ||
	    !port_is_read(text + outside + 1, both - outside - 1, &port->inside))
		return arena_printf(arena, "\"%s\" has a port that is no number from 1 to 65535; "
				    "write words such as 8080:80/tcp", text);
	port->udp = text[both + 1] == 'u';
	return NULL;
}
