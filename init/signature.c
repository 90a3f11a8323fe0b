/*
 * Decides whether a signature is well-formed, and which keys it may be of; leaves the
 * rest to BearSSL.  But BearSSL's reader of DER takes what is not DER as well, such as
 * zeros in front of a number: here a signature has one spelling.
 */
#include "signature.h"

#include <bearssl_ec.h>
#include <bearssl_rsa.h>
#include <stdbool.h>
#include <string.h>

#include "digest.h"
#include "service.h"
#include "table.h"

#define DIGEST_SIZE 32

/* r and s of P-256, each. */
#define NUMBER_SIZE 32

/* uncompressed (SEC 1, 2.3.3) */
#define POINT_SIZE 65

#define DER_INTEGER	0x02
#define DER_SEQUENCE	0x30

/* SEQUENCE, and two INTEGERs that may each have a zero in front. */
#define ECDSA_SIZE_MAX	(2 + 2 * (2 + 1 + NUMBER_SIZE))

struct bytes {
	const uint8_t *at;
	size_t left;
};

/* A positive INTEGER (X.690, 8.3), with zeros in front of it up to NUMBER_SIZE. */
static bool take_integer(struct bytes *from, uint8_t to[NUMBER_SIZE])
{
	const uint8_t *value;
	size_t len;

	if (from->left < 3 || from->at[0] != DER_INTEGER)
		return false;
	value = from->at + 2;
	len = from->at[1];
	if (!len || len > from->left - 2 || value[0] & 0x80)
		return false;
	from->at += 2 + len;
	from->left -= 2 + len;
	/* It is there only to say that the number is positive: neither zero nor padded. */
	if (!value[0]) {
		value++;
		if (!--len || !(value[0] & 0x80))
			return false;
	}
	if (len > NUMBER_SIZE)
		return false;
	memset(to, 0, NUMBER_SIZE - len);
	memcpy(to + NUMBER_SIZE - len, value, len);
	return true;
}

/* No length here is long enough for DER's long form. */
static bool read_ecdsa(const uint8_t *signature, size_t len, uint8_t to[2 * NUMBER_SIZE])
{
	struct bytes from;

	if (len < 2 || len > ECDSA_SIZE_MAX)
		return false;
	from = (struct bytes){ signature + 2, len - 2 };
	return signature[0] == DER_SEQUENCE && signature[1] == from.left && take_integer(&from, to) &&
	       take_integer(&from, to + NUMBER_SIZE) && !from.left;
}

static bool is_of_point(const uint8_t digest[DIGEST_SIZE], const uint8_t numbers[2 * NUMBER_SIZE],
			const struct trusted_key *key)
{
	/* BearSSL does not write there. */
	const br_ec_public_key point = { BR_EC_secp256r1, (unsigned char *)key->point, POINT_SIZE };

	return br_ecdsa_i31_vrfy_raw(&br_ec_prime_i31, digest, DIGEST_SIZE, &point, numbers,
				     2 * NUMBER_SIZE);
}

static bool is_of_modulus(const uint8_t digest[DIGEST_SIZE], const uint8_t *signature, size_t len,
			  const struct trusted_key *key)
{
	const br_rsa_public_key modulus = {
		(unsigned char *)key->modulus, key->modulus_size,
		(unsigned char *)key->exponent, key->exponent_size,
	};
	uint8_t signed_digest[DIGEST_SIZE];

	/* One of another length than the modulus is none. */
	return br_rsa_i31_pkcs1_vrfy(signature, len, BR_HASH_OID_SHA256, DIGEST_SIZE, &modulus,
				     signed_digest) &&
	       memcmp(signed_digest, digest, DIGEST_SIZE) == 0;
}

/* Of 2048, 3072 or 4096 bits. */
static bool is_rsa_size(size_t len)
{
	return len == 256 || len == 384 || len == 512;
}

int signature_check(const void *bytes, size_t len, const uint8_t *signature, size_t signature_len,
		    struct refusal *why)
{
	const unsigned count = KEY_COUNT;
	uint8_t digest[DIGEST_SIZE], numbers[2 * NUMBER_SIZE];
	bool is_ecdsa = read_ecdsa(signature, signature_len, numbers);
	struct digest d;

	if (!is_ecdsa && !is_rsa_size(signature_len))
		return refusal_set(why, REFUSAL_SIGNATURE_FORM, 0);
	digest_begin(&d);
	digest_add(&d, bytes, len);
	digest_end(&d, digest);
	for (unsigned i = 0; i < count; i++) {
		const struct trusted_key *key = &trusted_keys[i];

		if (is_ecdsa ? key->point && is_of_point(digest, numbers, key) :
		    RSA_KEY_COUNT && !key->point && is_of_modulus(digest, signature, signature_len, key))
			return 0;
	}
	return refusal_set(why, REFUSAL_SIGNATURE, 0);
}
