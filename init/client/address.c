/*
 * Writes addresses; refuses to know whose they are.
 */
#include "address.h"

#include <string.h>

/* "ffff:" eight times, a prefix. */
#define ADDRESS_SIZE 48

static void show(struct show *s, const char *key, struct text *t, bool exists, unsigned prefix)
{
	if (prefix)
		text_add(t, "/%u", prefix);
	show_string(s, key, exists ? t->buf : NULL);
}

void address_show(struct show *s, const char *key, uint32_t address, unsigned prefix)
{
	char words[ADDRESS_SIZE];
	struct text t = TEXT_ON(words);

	text_add_ipv4(&t, address);
	show(s, key, &t, address != 0, prefix);
}

void address_show_ipv6(struct show *s, const char *key, bool exists, const uint8_t address[16],
		       unsigned prefix)
{
	char words[ADDRESS_SIZE];
	struct text t = TEXT_ON(words);

	text_add_ipv6(&t, address);
	show(s, key, &t, exists, prefix);
}

void address_show_mac(struct show *s, const char *key, const uint8_t mac[6])
{
	static const uint8_t none[6];
	char words[ADDRESS_SIZE];
	struct text t = TEXT_ON(words);

	for (unsigned i = 0; i < 6; i++)
		text_add(&t, "%s%02x", i ? ":" : "", mac[i]);
	show(s, key, &t, memcmp(mac, none, sizeof(none)) != 0, 0);
}
