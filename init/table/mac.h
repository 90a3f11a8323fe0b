/*
 * MAC addresses of the interfaces that pith makes.
 */
#ifndef PITH_TABLE_MAC_H
#define PITH_TABLE_MAC_H

#include <stdint.h>

/* It follows from the name alone, and so survives a change of anything else. */
void mac_of_name(const char *name, uint8_t mac[6]);

#endif
