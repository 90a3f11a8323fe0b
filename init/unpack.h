/*
 * Unpacks what the host tool packed into the table: one block of LZ4.  Pure.
 * Source: the LZ4 block format, doc/lz4_Block_format.md of lz4.
 */
#ifndef PITH_UNPACK_H
#define PITH_UNPACK_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0 if the block gives just that many bytes, else -EBADMSG.  Neither reads
 * nor writes beyond what it was given, whatever the block says. */
int unpack(const uint8_t *packed, size_t packed_size, uint8_t *to, size_t size);

#endif
