/*
 * Readers of values: the interfaces to the outside, their addresses, routers and
 * name servers.  Decides how they are written; whether they fit together, uplinks.c
 * decides.
 */
#include <string.h>

#include "ipv4.h"
#include "ipv6.h"
#include "values.h"
#include "words.h"

/* MAXNS of resolv.conf(5), musl's as well as glibc's. */
#define DNS_MAX 3

#define ADDRESS_EXAMPLE "10.0.2.15/24, 2001:db8::15/64 or dhcp"

const char *read_uplinks(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	const struct words *names = field;
	const char *error = read_names(arena, option, value, field);

	for (size_t i = 0; !error && i < names->count; i++)
		error = words_error(arena, names, i, values_interface_error(names->at[i]));
	return error;
}

static bool is_ipv6_text(const char *text)
{
	return strchr(text, ':');
}

/* Of a host, with the length of its subnet's prefix. */
static const char *address6_parse(struct arena *arena, const char *text,
				  struct ipv6_subnet *subnet)
{
	uint8_t base[16];

	if (ipv6_parse_subnet(arena, text, subnet) || subnet->prefix < 16)
		return "not an IPv6 address with a prefix from 16 to 128; write one such as "
		       "2001:db8::15/64";
	ipv6_base(*subnet, base);
	/* 127: both are hosts, RFC 6164. */
	if (!ipv6_is_unicast(subnet->address) ||
	    (subnet->prefix < 127 && ipv6_is_same(base, subnet->address)))
		return "not an address of a single host; write one such as 2001:db8::15/64";
	return NULL;
}

static const char *address_parse(struct arena *arena, const char *text, struct uplink_value *value)
{
	value->dhcp = !strcmp(text, "dhcp");
	if (value->dhcp)
		return NULL;
	value->ip.is_ipv6 = is_ipv6_text(text);
	if (value->ip.is_ipv6)
		return address6_parse(arena, text, &value->ip.v6);
	return values_subnet(arena, text, 32, ADDRESS_EXAMPLE, &value->ip.v4);
}

static const char *host_parse(const char *text, struct ip *ip)
{
	ip->is_ipv6 = is_ipv6_text(text);
	if (ip->is_ipv6 ? ipv6_parse_address(text, ip->v6.address)
			: ipv4_parse_address(text, strlen(text), &ip->v4.address))
		return "not an address; write one such as 10.0.2.2 or 2001:db8::1, without a "
		       "prefix";
	if (ip->is_ipv6 ? !ipv6_is_unicast(ip->v6.address) && !ipv6_is_link_local(ip->v6.address)
			: !ipv4_is_unicast(ip->v4.address))
		return "not an address of a single host; write one such as 10.0.2.2";
	return NULL;
}

static const char *gateway_parse(struct arena *arena, const char *text, struct uplink_value *value)
{
	(void)arena;
	return host_parse(text, &value->ip);
}

typedef const char *value_parser(struct arena *arena, const char *text,
				 struct uplink_value *value);

/* A word is "a", "a,b" or "eth1=a,b", with a value for each comma and one more. */
static const char *word_parse(struct arena *arena, const char *word, value_parser *parse,
			      struct uplink_values *values)
{
	size_t length = strcspn(word, "=");
	const char *uplink = word[length] ? arena_copy(arena, word, length) : NULL;
	const char *at = uplink ? word + length + 1 : word, *error;

	for (;; at += length + 1) {
		struct uplink_value *value = &values->at[values->count++];
		const char *text;

		length = strcspn(at, ",");
		text = arena_copy(arena, at, length);
		value->uplink = uplink;
		error = parse(arena, text, value);
		if (error)
			return arena_printf(arena, "\"%s\": %s", text, error);
		if (!at[length])
			return NULL;
	}
}

static const char *values_parse(struct arena *arena, const char *value, value_parser *parse,
				struct uplink_values *values)
{
	struct words words;
	const char *error = words_split(arena, value, &words);

	/* No word has more values than characters. */
	values->at = arena_array(arena, strlen(value) + 1, sizeof(*values->at));
	values->count = 0;
	for (size_t i = 0; !error && i < words.count; i++)
		error = word_parse(arena, words.at[i], parse, values);
	return error;
}

const char *read_uplink_addresses(struct arena *arena, const struct option *option,
				  const char *value, void *field)
{
	(void)option;
	return values_parse(arena, value, address_parse, field);
}

const char *read_uplink_gateways(struct arena *arena, const struct option *option,
				 const char *value, void *field)
{
	(void)option;
	return values_parse(arena, value, gateway_parse, field);
}

const char *read_dns(struct arena *arena, const struct option *option, const char *value,
		     void *field)
{
	struct ips *servers = field;
	struct words words = { .count = 0 };
	const char *error = read_names(arena, option, value, &words);

	servers->at = arena_array(arena, words.count, sizeof(*servers->at));
	servers->count = 0;
	for (size_t i = 0; !error && i < words.count; i++) {
		struct ip *server = &servers->at[servers->count++];

		error = host_parse(words.at[i], server);
		if (!error && server->is_ipv6 && ipv6_is_link_local(server->v6.address))
			error = "of one link alone, which resolv.conf cannot name; write another "
				"address of the server";
		error = words_error(arena, &words, i, error);
	}
	if (!error && words.count > DNS_MAX)
		error = arena_printf(arena, "%zu servers, but programs ask %d at most; write the "
				     "best of them", words.count, DNS_MAX);
	return error;
}
