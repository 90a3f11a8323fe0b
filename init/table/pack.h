/*
 * Packs bytes for init/unpack.h: most of a firewall is said again and again.
 */
#ifndef PITH_TABLE_PACK_H
#define PITH_TABLE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* One block of LZ4; *packed is how long it is. */
const uint8_t *pack(struct arena *arena, const uint8_t *bytes, size_t size, size_t *packed);

#endif
