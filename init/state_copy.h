/*
 * Two copies of a record, of which one is always whole.  A copy is a sequence
 * number, the record, and a checksum over both.  Pure.
 */
#ifndef PITH_STATE_COPY_H
#define PITH_STATE_COPY_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, 64 bits: it finds what a crash has torn, not what somebody forged. */
uint64_t state_checksum(const void *bytes, size_t len);

/* size is that of one copy, whose last 8 bytes are the checksum.  Returns the
 * newest copy that checks out, or NULL. */
const void *state_copy_newest(const void *copies, size_t size);

/* Writes the record, of record_size bytes, into the other copy. */
void state_copy_put(void *copies, size_t size, const void *record, size_t record_size);

#endif
