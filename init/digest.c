/*
 * Passes bytes on.  Refuses to know whose they are.
 */
#include "digest.h"

#include <bearssl_hash.h>

_Static_assert(sizeof(br_sha256_context) <= sizeof(struct digest), "it has to fit");

static br_sha256_context *context(struct digest *d)
{
	return (void *)d;
}

void digest_begin(struct digest *d)
{
	br_sha256_init(context(d));
}

void digest_add(struct digest *d, const void *bytes, size_t len)
{
	br_sha256_update(context(d), bytes, len);
}

void digest_end(const struct digest *d, uint8_t to[32])
{
	br_sha256_out((const void *)d, to);
}
