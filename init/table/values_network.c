/*
 * Readers of values: addresses, ports and interfaces.  Decides how they are
 * written; whether they collide, addresses.c decides.
 */
#include <string.h>

#include "ipv4.h"
#include "ipv6.h"
#include "values.h"
#include "words.h"

/* IFNAMSIZ without the NUL. */
#define INTERFACE_MAX_LENGTH 15

/* A bridge and one service. */
#define BRIDGE_PREFIX_LONGEST 30

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

const char *values_subnet(struct arena *arena, const char *text, uint8_t longest,
			  const char *example, struct ipv4_subnet *subnet)
{
	if (ipv4_parse_subnet(text, subnet) || subnet->prefix < 8 || subnet->prefix > longest)
		return arena_printf(arena, "not an address with a prefix from 8 to %u; write one "
				    "such as %s", longest, example);
	if (!ipv4_is_host_in(subnet->address, subnet->prefix))
		return arena_printf(arena, "not an address of a single host (the first and the "
				    "last of a subnet are none); write one such as %s", example);
	return NULL;
}

const char *values_prefix6(struct arena *arena, const char *text, struct ipv6_subnet *prefix)
{
	uint8_t base[16];

	if (ipv6_parse_subnet(arena, text, prefix) || prefix->prefix != 64)
		return "not an IPv6 prefix of 64 bits; write one such as "
		       "\"fd70:6974:6800::/64\"";
	if (!ipv6_is_unicast(prefix->address))
		return "not a prefix for hosts; write one such as \"fd70:6974:6800::/64\"";
	ipv6_base(*prefix, base);
	if (!ipv6_is_same(base, prefix->address))
		return arena_printf(arena, "has more than its 64 bits; write \"%s/64\"",
				    ipv6_format(arena, base));
	return NULL;
}

const char *read_subnet(struct arena *arena, const struct option *option, const char *value,
			void *field)
{
	struct ipv4_subnet *subnet = field;
	const char *example = arena_printf(arena, "\"%s\"", option->initial);
	const char *error = values_subnet(arena, value, BRIDGE_PREFIX_LONGEST, example, subnet);

	if (error)
		*subnet = (struct ipv4_subnet){ 0, 0 };
	return error;
}

const char *read_prefix6(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	struct ipv6_subnet *prefix = field;
	const char *error = *value ? values_prefix6(arena, value, prefix) : NULL;

	(void)option;
	if (error || !*value)
		*prefix = (struct ipv6_subnet){ .prefix = 0 };
	return error;
}

/* "lab=10.78.0.1/24,fd70:6974:6801::/64", the latter with its comma if need be. */
static const char *bridge_parse(struct arena *arena, const char *word, struct bridge_spec *bridge)
{
	size_t name = strcspn(word, "="), rest = strcspn(word, ",");
	struct ipv6_subnet prefix;
	const char *error;

	*bridge = (struct bridge_spec){ .name = arena_copy(arena, word, name) };
	if (name >= rest)
		return "not name=address/prefix; write words such as lab=10.78.0.1/24 or "
		       "lab=10.78.0.1/24,fd70:6974:6801::/64";
	error = values_interface_error(bridge->name);
	if (!error)
		error = values_subnet(arena, arena_copy(arena, word + name + 1, rest - name - 1),
				      BRIDGE_PREFIX_LONGEST, "10.78.0.1/24", &bridge->subnet);
	if (error || !word[rest])
		return error;
	bridge->ipv6 = true;
	error = values_prefix6(arena, word + rest + 1, &prefix);
	memcpy(bridge->address6, prefix.address, sizeof(bridge->address6));
	return error;
}

const char *read_bridges(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	struct bridges *bridges = field;
	struct words words;
	const char *error = words_split(arena, value, &words);

	(void)option;
	bridges->at = arena_array(arena, error ? 0 : words.count, sizeof(*bridges->at));
	bridges->count = 0;
	for (size_t i = 0; !error && i < words.count; i++) {
		error = bridge_parse(arena, words.at[i], &bridges->at[bridges->count++]);
		error = words_error(arena, &words, i, error);
	}
	if (error)
		bridges->count = 0;
	return error;
}

static const char *publish_parse(struct arena *arena, const char *word, void *items,
				 size_t count)
{
	return ipv4_parse_publish(arena, word, (struct published_port *)items + count);
}

const char *read_publish(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	struct items items = words_read(arena, value, sizeof(struct published_port),
					publish_parse);

	(void)option;
	*(struct published_ports *)field = (struct published_ports){ items.at, items.count };
	return items.error;
}

const char *values_interface_error(const char *name)
{
	/* The kernel's dev_valid_name(), and what would part words here. */
	if (!*name || strlen(name) > INTERFACE_MAX_LENGTH || strpbrk(name, "/: %=,") ||
	    !strcmp(name, ".") || !strcmp(name, ".."))
		return "not the name of a network interface; write one of at most 15 "
		       "characters, such as \"eth0\"";
	/* The latter two would be lost among the folders of net.ipv4.conf. */
	if (!strcmp(name, "lo") || !strcmp(name, "all") || !strcmp(name, "default"))
		return "a name of the kernel's own; write another, such as \"eth0\"";
	return NULL;
}
