/*
 * Families of addresses, as a set of bits: with which an uplink is online, which a
 * service has, and for which a socket waits.
 */
#ifndef PITH_CLIENT_FAMILY_H
#define PITH_CLIENT_FAMILY_H

enum {
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
};

#endif
