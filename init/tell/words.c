/*
 * Decides what a helper's words mean.  Refuses to know where they come from and
 * where they go.
 */
#include "words.h"

#include <stdint.h>
#include <string.h>

/* What udhcpc itself goes by if the server says nothing. */
#define LEASE_DEFAULT_S 3600

#define STRATUM_UNSYNCHRONISED 16

/* Of a number with its sign, as "%f" prints any time that a clock can be off by. */
#define OFFSET_MAX 32

/* Takes a decimal number off the text: without zeros before it, and at most max. */
static bool cut_number(const char **text, uint32_t max, uint32_t *number)
{
	const char *at = *text;
	uint64_t n = 0;

	for (; *at >= '0' && *at <= '9' && n <= max; at++)
		n = n * 10 + (unsigned)(*at - '0');
	if (at == *text || n > max || (**text == '0' && at - *text > 1))
		return false;
	*text = at;
	*number = (uint32_t)n;
	return true;
}

static bool cut_address(const char **text, uint32_t *address)
{
	uint32_t byte;

	*address = 0;
	for (int i = 0; i < 4; i++) {
		if (i && *(*text)++ != '.')
			return false;
		if (!cut_number(text, 255, &byte))
			return false;
		*address = *address << 8 | byte;
	}
	return true;
}

static bool is_of_host(uint32_t address)
{
	return address >> 24 != 0 && address >> 24 != 127 && address < 0xe0000000;
}

static bool read_address(const char *text, uint32_t *address)
{
	return text && cut_address(&text, address) && !*text;
}

static bool read_mask(const char *text, uint8_t *prefix)
{
	uint32_t mask;

	if (!read_address(text, &mask) || (~mask & (~mask + 1)))
		return false;
	for (*prefix = 0; mask; mask <<= 1)
		++*prefix;
	return true;
}

/* Addresses with a blank between two of them: the first ones that are any host's,
 * since routers are known to offer 0.0.0.0. */
static bool read_hosts(const char *text, uint32_t *to, unsigned max, uint8_t *count)
{
	uint32_t address;

	for (*count = 0; text && *text; text += *text == ' ') {
		if (!cut_address(&text, &address) || (*text && *text != ' '))
			return false;
		if (is_of_host(address) && *count < max)
			to[(*count)++] = address;
	}
	return true;
}

const char *tell_read_lease(const struct tell_dhcp *said, struct lease *lease)
{
	const char *seconds = said->lease;
	uint8_t routers;

	*lease = (struct lease){ .version = LEASE_VERSION, .seconds = LEASE_DEFAULT_S };
	if (!read_address(said->ip, &lease->address))
		return "ip";
	if (!read_mask(said->subnet, &lease->prefix))
		return "subnet";
	if (!read_hosts(said->router, &lease->gateway, 1, &routers))
		return "router";
	if (!read_hosts(said->dns, lease->dns, LEASE_DNS_MAX, &lease->dns_count))
		return "dns";
	if (seconds && (!cut_number(&seconds, UINT32_MAX, &lease->seconds) || *seconds))
		return "lease";
	return NULL;
}

static char *add(char *to, const char *text)
{
	size_t len = strlen(text);

	memcpy(to, text, len + 1);
	return to + len;
}

const char *tell_read_time(bool stepped, const char *stratum, const char *offset, char *text)
{
	const char *end = stratum;
	uint32_t number;

	if (!stratum || !cut_number(&end, STRATUM_UNSYNCHRONISED, &number) || *end)
		return "stratum";
	if (!offset || strlen(offset) > OFFSET_MAX || strspn(offset, "+-.0123456789") !=
	    strlen(offset))
		return "offset";
	if (number == STRATUM_UNSYNCHRONISED && !stepped) {
		add(text, "STATUS=no server to go by");
		return NULL;
	}
	text = add(text, "READY=1\nSTATUS=");
	if (!stepped) {
		text = add(text, "stratum ");
		text = add(text, stratum);
		text = add(text, ", ");
	}
	text = add(text, stepped ? "stepped by " : "offset ");
	text = add(text, offset);
	add(text, " s");
	return NULL;
}
