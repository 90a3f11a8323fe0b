/*
 * A position-independent /init (CONFIG_STATIC_PIE): musl fills in its addresses
 * when it starts, but leaves what they are in writable.
 */
#ifndef PITH_PIE_H
#define PITH_PIE_H

#include <stdint.h>

/* From here on the tables are read-only, as they are without STATIC_PIE. */
void pie_protect(void);

/* An address in /init as init.debug and addr2line have it; others are left as they are. */
uint64_t pie_address(uint64_t address);

#endif
