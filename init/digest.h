/*
 * SHA-256 (FIPS 180-4) of what comes in pieces, by BearSSL.
 */
#ifndef PITH_DIGEST_H
#define PITH_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* BearSSL's own, of 112 bytes: its headers are there only where images are. */
struct digest {
	uint64_t context[14];
};

void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t len);
void digest_end(const struct digest *d, uint8_t to[32]);

#endif
