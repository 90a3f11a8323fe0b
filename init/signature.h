/*
 * Whether bytes are signed by a key that the board trusts, as `openssl dgst -sha256
 * -sign` does it: ECDSA P-256 in DER (RFC 3279, 2.2.3; FIPS 186-4), or RSA PKCS#1 v1.5
 * (RFC 8017, 8.2).  By BearSSL.  Pure.
 */
#ifndef PITH_SIGNATURE_H
#define PITH_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

#include "refusal.h"

/* RSA-4096; of ECDSA P-256 at most 72 in DER. */
#define SIGNATURE_SIZE_MAX 512

/* One of trusted_keys[] (service.h) will do.  0, or -EBADMSG with why. */
int signature_check(const void *bytes, size_t len, const uint8_t *signature, size_t signature_len,
		    struct refusal *why);

#endif
