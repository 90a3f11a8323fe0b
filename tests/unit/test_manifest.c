/*
 * That a manifest has one spelling, and is taken by the board that it is for alone.
 *
 * links: init/manifest.c init/refusal.c init/text.c
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "init/manifest.h"
#include "init/service.h"
#include "signature_vectors.h"

const struct board board = { .product = "gateway", .name = "qemu-x86_64", .serial_least = 40 };
const struct image images[] = {
	{ .name = "broker", .type = IMAGE_EROFS },
	{ .name = "web", .type = IMAGE_SQUASHFS },
};

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD "pith-manifest 1\nproduct gateway\nboard qemu-x86_64\nserial 42\n"
#define BODY "type erofs\nsize 8192\nsha256 " HEX64 "\ndata 4096\nroot " HEX64 "\nsalt " HEX64 "\n"
#define IMAGE(name) "image " name "\n" BODY

static struct manifest manifest;
static struct refusal why;

static int parse(const char *text, size_t len)
{
	int rc;

	memset(&why, 0xff, sizeof(why));
	memset(&manifest, 0xff, sizeof(manifest));
	rc = manifest_parse(&manifest, text, len, &why);
	assert_true(rc == 0 || rc == -EBADMSG);
	return rc;
}

static void each_value_is_taken(void **state)
{
	const struct manifest_image *web;

	(void)state;
	assert_int_equal(parse(vector_message, strlen(vector_message)), 0);
	assert_true(manifest_is_sound(&manifest));
	assert_string_equal(manifest.product, "gateway");
	assert_string_equal(manifest.board, "qemu-x86_64");
	assert_int_equal(manifest.serial, 42);
	assert_int_equal(manifest.count, 2);
	assert_string_equal(manifest.image[0].name, "broker");
	assert_int_equal(manifest.image[0].type, IMAGE_EROFS);
	assert_int_equal(manifest.image[0].size, 1138688);
	web = manifest_find(&manifest, "web");
	assert_ptr_equal(web, &manifest.image[1]);
	assert_int_equal(web->type, IMAGE_SQUASHFS);
	assert_int_equal(web->size, 12288);
	assert_int_equal(web->data, 8192);
	/* SHA-256 of "3", "4" and "5" */
	assert_int_equal(web->sha256[0], 0x4e);
	assert_int_equal(web->sha256[31], 0xce);
	assert_int_equal(web->root[0], 0x4b);
	assert_int_equal(web->salt[0], 0xef);
	assert_null(manifest_find(&manifest, "we"));
	assert_null(manifest_find(&manifest, ""));
	assert_int_equal(manifest_image_place(web), 1);
	manifest.image[1].name[0] = 'x';
	assert_int_equal(manifest_image_place(web), REFUSAL_NO_IMAGE_ID);
}

/* What is wrong, and in which line. */
static void whatever_is_spelt_otherwise_is_refused(void **state)
{
	static const struct {
		const char *text;
		uint32_t line;		/* 0: it is taken */
	} rows[] = {
		{ HEAD "end 0\n", 0 },
		{ HEAD IMAGE("web") "end 1\n", 0 },
		{ HEAD IMAGE("a") IMAGE("b") "end 2\n", 0 },
		{ HEAD IMAGE("a-b_9") IMAGE("a0") IMAGE("a_") "end 3\n", 0 },
		{ HEAD IMAGE("abcdefghijklmnopqrstuvwxyz01234") "end 1\n", 0 },
		{ HEAD IMAGE("abcdefghijklmnopqrstuvwxyz012345") "end 1\n", 5 },
		{ "", 1 }, { "\n", 1 }, { "pith-manifest", 1 }, { "pith-manifest 1", 1 },
		{ "pith-manifest 2\nproduct gateway\n", 1 }, { "pith-manifest 01\n", 1 },
		{ "pith-manifest  1\n", 1 }, { "pith-manifest 1 \n", 1 }, { "pith-manifest\t1\n", 1 },
		{ " pith-manifest 1\n", 1 }, { "\xef\xbb\xbfpith-manifest 1\n", 1 },
		{ "Pith-manifest 1\n", 1 }, { "pith-manifest 1\r\n", 1 }, { "pith-manifest 11\n", 1 },
		{ "pith-manifest 1\nproduct \n", 2 }, { "pith-manifest 1\nproduct\n", 2 },
		{ "pith-manifest 1\n\nproduct gateway\n", 2 }, { "pith-manifest 1\n# x\n", 2 },
		{ "pith-manifest 1\nboard qemu-x86_64\n", 2 },
		{ "pith-manifest 1\nproduct Gateway\n", 2 }, { "pith-manifest 1\nproduct 1g\n", 2 },
		{ "pith-manifest 1\nproduct -g\n", 2 }, { "pith-manifest 1\nproduct _\n", 2 },
		{ "pith-manifest 1\nproduct g.w\n", 2 }, { "pith-manifest 1\nproduct g w\n", 2 },
		{ "pith-manifest 1\nproduct g/w\n", 2 }, { "pith-manifest 1\nproduct g\xc3\xa4\n", 2 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 0\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial -1\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial +1\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 1x\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 0x1\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 01\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 1.0\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 1:\nend 0\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 1/\nend 0\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 18446744073709551617\nend 0\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 1e3\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial \n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 18446744073709551615\nend 0\n", 0 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 18446744073709551616\nend 0\n", 4 },
		{ "pith-manifest 1\nproduct gateway\nboard a\nserial 99999999999999999999\nend 0\n", 4 },
		{ HEAD, 5 }, { HEAD "end\n", 5 }, { HEAD "end 0", 5 }, { HEAD "end 1\n", 5 },
		{ HEAD "end 00\n", 5 }, { HEAD "end 0\n\n", 6 }, { HEAD "end 0\nend 0\n", 6 },
		{ HEAD "end 0\nx", 6 }, { HEAD "end 0 \n", 5 }, { HEAD "serial 43\nend 0\n", 5 },
		{ HEAD IMAGE("a") "end 0\n", 12 }, { HEAD IMAGE("a") "end 2\n", 12 },
		{ HEAD IMAGE("a") IMAGE("a") "end 2\n", 12 }, { HEAD IMAGE("b") IMAGE("a") "end 2\n", 12 },
		{ HEAD IMAGE("a_") IMAGE("a0") "end 2\n", 12 },
		{ HEAD IMAGE("../x") "end 1\n", 5 }, { HEAD IMAGE("..") "end 1\n", 5 },
		{ HEAD IMAGE(".") "end 1\n", 5 }, { HEAD IMAGE("/etc/passwd") "end 1\n", 5 },
		{ HEAD IMAGE("a/b") "end 1\n", 5 }, { HEAD IMAGE("") "end 1\n", 5 },
		{ HEAD IMAGE("a b") "end 1\n", 5 }, { HEAD IMAGE("A") "end 1\n", 5 },
		{ HEAD IMAGE("manifest") "end 1\n", 5 }, { HEAD IMAGE("manifests") "end 1\n", 0 },
		{ HEAD IMAGE("manifest.sig") "end 1\n", 5 }, { HEAD IMAGE("-") "end 1\n", 5 },
		{ HEAD "image a\ntype ext4\n", 6 }, { HEAD "image a\ntype EROFS\n", 6 },
		{ HEAD "image a\ntype erofsx\n", 6 }, { HEAD "image a\ntype erof\n", 6 },
		{ HEAD "image a\ntype \n", 6 }, { HEAD "image a\nsize 8192\n", 6 },
		{ HEAD "image a\ntype erofs\nsize 8193\n", 7 }, { HEAD "image a\ntype erofs\nsize 0\n", 7 },
		{ HEAD "image a\ntype erofs\nsize 9223372036854775808\n", 7 },
		{ HEAD "image a\ntype erofs\nsize 18446744073709551616\n", 7 },
		{ HEAD "image a\ntype erofs\nsize 18446744073709555712\n", 7 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 " HEX64 "0\n", 8 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 0x" HEX64 "\n", 8 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 A" HEX64 "\n", 8 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 \n", 8 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 " HEX64 "\ndata 8192\n", 9 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 " HEX64 "\ndata 12288\n", 9 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 " HEX64 "\ndata 0\n", 9 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 " HEX64 "\ndata 512\n", 9 },
		{ HEAD "image a\ntype erofs\nsize 8192\nsha256 " HEX64 "\ndata 4096\nsalt " HEX64 "\n", 10 },
		{ HEAD "image a\n" BODY BODY "end 1\n", 12 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int rc = parse(rows[i].text, strlen(rows[i].text));

		if ((rc == 0) != (rows[i].line == 0) || (rc && why.line != rows[i].line))
			fail_msg("row %zu: %d, line %u, not %u: %s", i, rc, why.line, rows[i].line,
				 rows[i].text);
		if (rc)
			assert_int_equal(why.why, REFUSAL_SYNTAX);
		else
			assert_true(manifest_is_sound(&manifest));
	}
}

/* A digit that is none, at each place of each. */
static void digests_are_of_64_lower_digits(void **state)
{
	static const char wrong[] = "/:`gGAF@ \n";
	static const char *const keys[] = { "sha256 ", "root ", "salt " };
	char text[sizeof(HEAD IMAGE("web") "end 1\n")];

	(void)state;
	for (size_t key = 0; key < 3; key++)
		for (size_t i = 0; i < 64; i++)
			for (size_t k = 0; k < sizeof(wrong); k++) {
				strcpy(text, HEAD IMAGE("web") "end 1\n");
				strstr(text, keys[key])[strlen(keys[key]) + i] = wrong[k];
				assert_int_equal(parse(text, sizeof(text) - 1), -EBADMSG);
			}
}

static void what_is_cut_anywhere_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < strlen(vector_message); len++)
		assert_int_equal(parse(vector_message, len), -EBADMSG);
}

/* Whatever one writes for a byte: it is refused, or says something else.  For each text
 * that is taken there is one meaning, and for each meaning one text. */
static void no_byte_is_without_meaning(void **state)
{
	static struct manifest was;
	size_t len = strlen(vector_message), taken = 0;
	char text[sizeof(vector_message)];

	(void)state;
	assert_int_equal(parse(vector_message, len), 0);
	was = manifest;
	memcpy(text, vector_message, sizeof(text));
	for (size_t i = 0; i < len; i++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			if ((char)byte == vector_message[i])
				continue;
			text[i] = (char)byte;
			if (parse(text, len) < 0)
				continue;
			taken++;
			if (!memcmp(&manifest, &was, sizeof(was)))
				fail_msg("%02x at %zu is without meaning", byte, i);
			assert_true(manifest_is_sound(&manifest));
		}
		text[i] = vector_message[i];
	}
	/* Names, numbers and digests have other values. */
	assert_true(taken > 1000);
}

static void up_to_64_images_are_taken(void **state)
{
	static char text[MANIFEST_SIZE_MAX];

	(void)state;
	for (unsigned count = 0; count <= MANIFEST_IMAGES_MAX + 1; count++) {
		size_t len = (size_t)sprintf(text, "%s", HEAD);

		for (unsigned i = 0; i < count; i++)
			len += (size_t)sprintf(text + len, "image i%02u\n%s", i, BODY);
		len += (size_t)sprintf(text + len, "end %u\n", count);
		if (count <= MANIFEST_IMAGES_MAX) {
			assert_int_equal(parse(text, len), 0);
			assert_int_equal(manifest.count, count);
		} else {
			assert_int_equal(parse(text, len), -EBADMSG);
			assert_int_equal(why.line, 4 + 7 * MANIFEST_IMAGES_MAX + 1);
		}
	}
}

static void one_that_is_too_long_is_not_looked_at(void **state)
{
	static char text[MANIFEST_SIZE_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_int_equal(parse(text, MANIFEST_SIZE_MAX), -EBADMSG);
	assert_int_equal(why.why, REFUSAL_SYNTAX);
	assert_int_equal(parse(text, sizeof(text)), -EBADMSG);
	assert_int_equal(why.why, REFUSAL_TOO_LONG);
	/* What is not there is not read. */
	assert_int_equal(parse(NULL, (size_t)1 << 30), -EBADMSG);
	assert_int_equal(why.why, REFUSAL_TOO_LONG);
}

/* One that came from another process may be anything. */
static void what_could_not_be_parsed_is_not_sound(void **state)
{
	static struct manifest good;

	(void)state;
	assert_int_equal(parse(vector_message, strlen(vector_message)), 0);
	good = manifest;
#define REFUSED(change) do { \
		manifest = good; \
		change; \
		assert_false(manifest_is_sound(&manifest)); \
	} while (0)
	REFUSED(memset(manifest.product, 'a', sizeof(manifest.product)));
	REFUSED(memset(manifest.board, 'a', sizeof(manifest.board)));
	REFUSED(manifest.product[0] = '\0');
	REFUSED(manifest.board[0] = '/');
	REFUSED(manifest.serial = 0);
	REFUSED(manifest.count = MANIFEST_IMAGES_MAX + 1);
	REFUSED(manifest.count = UINT32_MAX);
	REFUSED(manifest.count = 3);
	REFUSED(memset(manifest.image[0].name, 'a', IMAGE_NAME_SIZE));
	REFUSED(strcpy(manifest.image[0].name, "../x"));
	REFUSED(strcpy(manifest.image[0].name, "manifest"));
	REFUSED(strcpy(manifest.image[0].name, "web"));
	REFUSED(strcpy(manifest.image[0].name, "x"));
	REFUSED(manifest.image[1].name[0] = '\0');
	REFUSED(manifest.image[1].type = IMAGE_TYPE_COUNT);
	REFUSED(manifest.image[1].type = UINT8_MAX);
	REFUSED(manifest.image[1].size = 0);
	REFUSED(manifest.image[1].size++);
	REFUSED(manifest.image[1].size = 1ull << 63);
	REFUSED(manifest.image[1].data = manifest.image[1].size);
	REFUSED(manifest.image[1].data = 0);
	REFUSED(manifest.image[1].data = 1);
	manifest = good;
	assert_true(manifest_is_sound(&manifest));
}

static void assert_check(uint64_t least, unsigned refusal, unsigned image)
{
	int rc;

	memset(&why, 0xff, sizeof(why));
	rc = manifest_check(&manifest, least, &why);
	assert_int_equal(rc, refusal ? -EBADMSG : 0);
	if (refusal) {
		assert_int_equal(why.why, refusal);
		assert_int_equal(why.image, image);
	}
}

static void it_has_to_be_for_this_board(void **state)
{
	static struct manifest good;

	(void)state;
	assert_int_equal(parse(vector_message, strlen(vector_message)), 0);
	good = manifest;
	assert_check(0, REFUSAL_NONE, 0);
	assert_check(42, REFUSAL_NONE, 0);
	assert_check(43, REFUSAL_SERIAL, REFUSAL_NO_IMAGE_ID);
	assert_int_equal(why.serial, 42);
	assert_int_equal(why.serial_least, 43);
	manifest.serial = 39;
	assert_check(0, REFUSAL_SERIAL, REFUSAL_NO_IMAGE_ID);
	assert_int_equal(why.serial_least, 40);
	manifest = good;
	strcpy(manifest.product, "gatewa");
	assert_check(0, REFUSAL_PRODUCT, REFUSAL_NO_IMAGE_ID);
	strcpy(manifest.product, "gateway2");
	assert_check(0, REFUSAL_PRODUCT, REFUSAL_NO_IMAGE_ID);
	manifest = good;
	strcpy(manifest.board, "qemu-arm");
	assert_check(0, REFUSAL_BOARD, REFUSAL_NO_IMAGE_ID);
	manifest = good;
	manifest.count = 1;
	assert_check(0, REFUSAL_NO_IMAGE, 1);
	manifest = good;
	strcpy(manifest.image[0].name, "aroker");
	assert_check(0, REFUSAL_NO_IMAGE, 0);
	manifest = good;
	manifest.image[1].type = IMAGE_EROFS;
	assert_check(0, REFUSAL_TYPE, 1);
}

/* What a release has more than the board knows of does no harm. */
static void more_images_than_the_board_has_are_taken(void **state)
{
	static const char text[] = HEAD IMAGE("a") IMAGE("broker") IMAGE("web") IMAGE("z") "end 4\n";

	(void)state;
	assert_int_equal(parse(text, sizeof(text) - 1), 0);
	manifest.image[2].type = IMAGE_SQUASHFS;
	assert_check(0, REFUSAL_NONE, 0);
}

static void each_refusal_says_why(void **state)
{
	static const struct {
		struct refusal is;
		const char *text;
	} rows[] = {
		{ { .why = REFUSAL_SIGNATURE }, "not signed by a key that this board trusts" },
		{ { .why = REFUSAL_SYNTAX, .line = 7 }, "its manifest cannot be understood, line 7" },
		{ { .why = REFUSAL_SERIAL, .serial = 41, .serial_least = 43 },
		  "it is too old: release 41, and 43 is the least" },
		{ { .why = REFUSAL_MOUNT, .image = 1, .error = -ENODEV },
		  "image web cannot be mounted: No such device" },
		{ { .why = REFUSAL_IMAGE_DIGEST, .image = 0 },
		  "image broker has another SHA-256 than its manifest says" },
		{ { .why = REFUSAL_IMAGE_DIGEST, .image = REFUSAL_NO_IMAGE_ID },
		  "an image has another SHA-256 than its manifest says" },
		{ { .why = REFUSAL_IMAGE_DIGEST, .image = 2 },
		  "an image has another SHA-256 than its manifest says" },
		{ { .why = REFUSAL_COUNT }, "?" },
	};
	char buf[128];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = TEXT_ON(buf);

		refusal_explain(&t, &rows[i].is);
		assert_string_equal(buf, rows[i].text);
	}
	for (unsigned one = 0; one < REFUSAL_COUNT; one++) {
		struct text t = TEXT_ON(buf);

		refusal_explain(&t, &(struct refusal){ .why = (uint8_t)one });
		assert_true(t.len > 5 && !t.cut);
		for (unsigned other = 0; other < one; other++)
			assert_string_not_equal(refusal_name(one), refusal_name(other));
	}
	assert_string_equal(refusal_name(REFUSAL_COUNT), "?");
	assert_int_equal(refusal_set(&why, REFUSAL_READ, -EIO), -EIO);
	assert_int_equal(why.error, -EIO);
	assert_int_equal(why.image, REFUSAL_NO_IMAGE_ID);
	assert_int_equal(refusal_set(&why, REFUSAL_SIGNATURE, 0), -EBADMSG);
	assert_int_equal(why.error, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_is_taken),
		cmocka_unit_test(whatever_is_spelt_otherwise_is_refused),
		cmocka_unit_test(digests_are_of_64_lower_digits),
		cmocka_unit_test(what_is_cut_anywhere_is_refused),
		cmocka_unit_test(no_byte_is_without_meaning),
		cmocka_unit_test(up_to_64_images_are_taken),
		cmocka_unit_test(one_that_is_too_long_is_not_looked_at),
		cmocka_unit_test(what_could_not_be_parsed_is_not_sound),
		cmocka_unit_test(it_has_to_be_for_this_board),
		cmocka_unit_test(more_images_than_the_board_has_are_taken),
		cmocka_unit_test(each_refusal_says_why),
	};

	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
