/*
 * Readers of values: addresses, ports and interfaces.  Decides how they are
 * written; whether they collide, addresses.c decides.
 */
#include <string.h>

#include "ipv4.h"
#include "values.h"
#include "words.h"

/* IFNAMSIZ without the NUL. */
#define INTERFACE_MAX_LENGTH 15

const char *read_address(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	uint32_t address;

	(void)arena;
	(void)option;
	*(uint32_t *)field = 0;
	if (!*value)
		return NULL;
	if (ipv4_parse_address(value, strlen(value), &address))
		return "not an IPv4 address; write one such as \"10.77.0.9\", without a prefix";
	if (!ipv4_is_unicast(address))
		return "not an address of a single host; write one such as \"10.77.0.9\"";
	*(uint32_t *)field = address;
	return NULL;
}

static bool subnet_is_host(struct ipv4_subnet subnet)
{
	uint32_t host = subnet.address & ~ipv4_mask(subnet.prefix);

	return ipv4_is_unicast(subnet.address) && host && host != ~ipv4_mask(subnet.prefix);
}

const char *read_subnet(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	struct ipv4_subnet subnet;

	(void)arena;
	*(struct ipv4_subnet *)field = (struct ipv4_subnet){ 0, 0 };
	if (!*value && !*option->initial)
		return NULL;
	if (values_is_later(option->later, value))
		return "not supported yet; write an address such as \"10.0.2.15/24\"";
	if (ipv4_parse_subnet(value, &subnet) || subnet.prefix < 8 || subnet.prefix > 30)
		return "not an address with a prefix from 8 to 30; write one such as "
		       "\"10.77.0.1/24\"";
	if (!subnet_is_host(subnet))
		return "not an address of a single host (the first and the last of a subnet "
		       "are none); write one such as \"10.77.0.1/24\"";
	*(struct ipv4_subnet *)field = subnet;
	return NULL;
}

const char *read_publish(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	struct published_ports *ports = field;
	struct words words;
	const char *error = words_split(arena, value, &words);

	(void)option;
	ports->at = arena_array(arena, error ? 0 : words.count, sizeof(*ports->at));
	ports->count = 0;
	while (!error && ports->count < words.count) {
		error = ipv4_parse_publish(arena, words.at[ports->count],
					   &ports->at[ports->count]);
		ports->count += !error;
	}
	return error;
}

const char *read_interface(struct arena *arena, const struct option *option, const char *value,
			   void *field)
{
	(void)option;
	*(const char **)field = arena_copy(arena, value, strlen(value));
	if (!*value)
		return NULL;
	/* The kernel's dev_valid_name(): no '/', ':' or blank, and no dots alone. */
	if (strlen(value) > INTERFACE_MAX_LENGTH || strpbrk(value, "/: %") ||
	    !strcmp(value, ".") || !strcmp(value, ".."))
		return "not the name of a network interface; write one of at most 15 "
		       "characters, such as \"eth0\"";
	if (!strcmp(value, "br0") || !strcmp(value, "lo"))
		return "pith's own interface; write the name of the board's, such as \"eth0\"";
	return NULL;
}
