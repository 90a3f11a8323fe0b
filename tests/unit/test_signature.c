/*
 * That signatures of trusted keys are taken, and nothing else: neither what is malformed,
 * nor what is signed by others, nor other bytes.
 *
 * links: init/signature.c init/digest.c init/refusal.c init/text.c
 * libraries: -lbearssl
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "init/digest.h"
#include "init/service.h"
#include "init/signature.h"
#include "signature_vectors.h"
#include "table.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

const struct image images[IMAGE_COUNT] = { { .name = "broker" }, { .name = "web" } };

static uint8_t point[65], modulus[512], exponent[4];

/* Here they change. */
struct trusted_key keys[KEY_COUNT] __asm__("trusted_keys");

static uint8_t signature[2048];
static size_t signature_len;
static char message[sizeof(vector_message)];
static struct refusal why;

static void trust_point(unsigned i)
{
	assert_int_equal(hex_read(vector_points[i], point, sizeof(point)), sizeof(point));
	keys[0] = (struct trusted_key){ .point = point };
}

static void trust_modulus(unsigned i)
{
	keys[1] = (struct trusted_key){
		.modulus = modulus, .exponent = exponent,
		.modulus_size = (uint16_t)hex_read(vector_moduli[i].modulus, modulus, sizeof(modulus)),
		.exponent_size = (uint16_t)hex_read(vector_moduli[i].exponent, exponent, sizeof(exponent)),
	};
}

static void take(const char *hex)
{
	signature_len = hex_read(hex, signature, sizeof(signature));
	memcpy(message, vector_message, sizeof(message));
}

/* On the heap, so that a byte more than there is would be seen. */
static unsigned check(void)
{
	uint8_t *exact = test_malloc(signature_len + !signature_len);
	int rc;

	memcpy(exact, signature, signature_len);
	memset(&why, 0xff, sizeof(why));
	rc = signature_check(message, strlen(vector_message), exact, signature_len, &why);
	test_free(exact);
	assert_int_equal(rc, rc ? -EBADMSG : 0);
	return rc ? why.why : REFUSAL_NONE;
}

/* First, as it is in the vectors. */
static const struct ecdsa_vector *ecdsa = &ecdsa_vectors[0];

static int trust_both(void **state)
{
	(void)state;
	trust_point(ecdsa->point);
	for (unsigned i = 0; i < LENGTH(rsa_vectors); i++)
		if (!strcmp(rsa_vectors[i].name, "a signature of 2048 bits"))
			trust_modulus(rsa_vectors[i].modulus);
	return 0;
}

static void of_each_kind_of_ecdsa_the_good_are_taken(void **state)
{
	unsigned taken = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(ecdsa_vectors); i++) {
		const struct ecdsa_vector *v = &ecdsa_vectors[i];

		trust_point(v->point);
		take(v->signature);
		taken += v->why == REFUSAL_NONE;
		if (check() != v->why)
			fail_msg("%s: %s", v->name, refusal_name(check()));
	}
	assert_true(taken > 20 && LENGTH(ecdsa_vectors) > 400);
}

static void of_each_kind_of_rsa_the_good_are_taken(void **state)
{
	unsigned taken = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(rsa_vectors); i++) {
		const struct rsa_vector *v = &rsa_vectors[i];

		trust_modulus(v->modulus);
		take(v->signature);
		taken += v->why == REFUSAL_NONE;
		if (check() != v->why)
			fail_msg("%s: %s", v->name, refusal_name(check()));
	}
	assert_true(taken > 3);
}

static const char *rsa_signature(void)
{
	for (size_t i = 0; i < LENGTH(rsa_vectors); i++)
		if (!strcmp(rsa_vectors[i].name, "a signature of 2048 bits"))
			return rsa_vectors[i].signature;
	fail();
	return "";
}

static void no_bit_of_a_signature_may_change(void **state)
{
	const char *const good[] = { ecdsa->signature, rsa_signature() };

	(void)state;
	for (size_t k = 0; k < LENGTH(good); k++) {
		take(good[k]);
		assert_int_equal(check(), REFUSAL_NONE);
		for (size_t bit = 0; bit < 8 * signature_len; bit++) {
			signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
			if (check() == REFUSAL_NONE)
				fail_msg("bit %zu may change", bit);
			signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
		assert_int_equal(check(), REFUSAL_NONE);
	}
}

/* RSA is checked in a tenth of the time: each bit by that, each byte by both. */
static void no_bit_of_what_is_signed_may_change(void **state)
{
	size_t len = strlen(vector_message);

	(void)state;
	take(rsa_signature());
	for (size_t bit = 0; bit < 8 * len; bit++) {
		message[bit / 8] ^= (char)(1u << bit % 8);
		assert_int_equal(check(), REFUSAL_SIGNATURE);
		message[bit / 8] ^= (char)(1u << bit % 8);
	}
	take(ecdsa->signature);
	for (size_t i = 0; i < len; i++) {
		message[i] ^= (char)(1u << i % 8);
		assert_int_equal(check(), REFUSAL_SIGNATURE);
		message[i] ^= (char)(1u << i % 8);
	}
	assert_int_equal(check(), REFUSAL_NONE);
}

/* Each key counts, whichever place it has; none that is not there. */
static void one_key_will_do(void **state)
{
	struct trusted_key of_ecdsa = keys[0], of_rsa = keys[1];
	static uint8_t other[65];

	(void)state;
	hex_read(vector_points[(ecdsa->point + 1) % LENGTH(vector_points)], other, sizeof(other));
	take(ecdsa->signature);
	keys[0] = (struct trusted_key){ .point = other };
	keys[1] = of_ecdsa;
	assert_int_equal(check(), REFUSAL_NONE);
	keys[1] = of_rsa;
	assert_int_equal(check(), REFUSAL_SIGNATURE);
	keys[0] = of_rsa;
	assert_int_equal(check(), REFUSAL_SIGNATURE);
	keys[1] = of_ecdsa;
	assert_int_equal(check(), REFUSAL_NONE);
	take(rsa_signature());
	assert_int_equal(check(), REFUSAL_NONE);
	keys[0] = of_ecdsa;
	assert_int_equal(check(), REFUSAL_SIGNATURE);
	keys[1] = of_rsa;
	assert_int_equal(check(), REFUSAL_NONE);
}

/* A key that is no point of the curve trusts nobody. */
static void a_key_off_the_curve_is_none(void **state)
{
	(void)state;
	take(ecdsa->signature);
	for (size_t bit = 0; bit < 8 * sizeof(point); bit += 5) {
		point[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(check(), REFUSAL_SIGNATURE);
		point[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	memset(point + 1, 0, sizeof(point) - 1);
	assert_int_equal(check(), REFUSAL_SIGNATURE);
}

/* FIPS 180-4's examples, in pieces of all sizes. */
static void digests_are_those_of_the_standard(void **state)
{
	static const struct {
		const char *text, *digest;
	} rows[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopq"
		  "klmnopqrlmnopqrsmnopqrstnopqrstu",
		  "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1" },
	};
	uint8_t found[32];

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		size_t len = strlen(rows[i].text);

		for (size_t piece = 1; piece <= len + 1; piece++) {
			struct digest d;

			digest_begin(&d);
			for (size_t at = 0; at < len; at += piece)
				digest_add(&d, rows[i].text + at, len - at < piece ? len - at : piece);
			digest_end(&d, found);
			hex_assert_equal(found, sizeof(found), rows[i].digest);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(of_each_kind_of_ecdsa_the_good_are_taken, trust_both),
		cmocka_unit_test_setup(of_each_kind_of_rsa_the_good_are_taken, trust_both),
		cmocka_unit_test_setup(no_bit_of_a_signature_may_change, trust_both),
		cmocka_unit_test_setup(no_bit_of_what_is_signed_may_change, trust_both),
		cmocka_unit_test_setup(one_key_will_do, trust_both),
		cmocka_unit_test_setup(a_key_off_the_curve_is_none, trust_both),
		cmocka_unit_test(digests_are_those_of_the_standard),
	};

	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
