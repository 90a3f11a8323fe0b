/*
 * Addresses as they are shown: with their prefix, or "not known" where there is none.
 */
#ifndef PITH_CLIENT_ADDRESS_H
#define PITH_CLIENT_ADDRESS_H

#include "show.h"

/* "10.77.0.1/24", or without "/24" where the prefix is 0.  Address 0 is none. */
void address_show(struct show *s, const char *key, uint32_t address, unsigned prefix);

/* "fd70:6974:6800::1/64" in the same way; exists: there is one. */
void address_show_ipv6(struct show *s, const char *key, bool exists, const uint8_t address[16],
		       unsigned prefix);

/* "02:70:01:00:00:04"; none if all are 0. */
void address_show_mac(struct show *s, const char *key, const uint8_t mac[6]);

#endif
