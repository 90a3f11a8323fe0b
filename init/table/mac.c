/*
 * MAC addresses of the interfaces that pith makes.  Decides them by the name alone:
 * 40 bits of a hash, of which two are the same once in two million boards with a
 * thousand services each.
 */
#include "mac.h"

#include <string.h>

#include "fingerprint.h"

void mac_of_name(const char *name, uint8_t mac[6])
{
	uint64_t hash = fingerprint_of(name, strlen(name));

	mac[0] = 0x02;		/* locally administered, one receiver */
	for (int i = 1; i < 6; i++)
		mac[i] = (uint8_t)(hash >> (8 * i));
}
