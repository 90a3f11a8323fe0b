/*
 * Sizes in messages.
 */
#ifndef PITH_TABLE_SIZE_H
#define PITH_TABLE_SIZE_H

#include <stdint.h>

#include "arena.h"

/* "20M", "1536K" or bytes, whichever is exact: number_parse_scaled() reads it. */
const char *size_text(struct arena *arena, uint64_t bytes);

#endif
