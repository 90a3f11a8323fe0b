/*
 * What has to hold for whatever is taken for a manifest or a signature: it is what one
 * would write who has the same to say, to the byte.
 */
#ifndef TESTS_FUZZ_RELEASE_CHECK_H
#define TESTS_FUZZ_RELEASE_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "init/manifest.h"
#include "init/signature.h"

static inline int check_write_digest(char *to, const char *key, const uint8_t digest[SHA256_SIZE])
{
	int len = sprintf(to, "%s ", key);

	for (int i = 0; i < SHA256_SIZE; i++)
		len += sprintf(to + len, "%02x", digest[i]);
	return len + sprintf(to + len, "\n");
}

static inline size_t check_write_manifest(char *to, const struct manifest *m)
{
	int len = sprintf(to, "pith-manifest 1\nproduct %s\nboard %s\nserial %" PRIu64 "\n", m->product,
			  m->board, m->serial);

	for (uint32_t i = 0; i < m->count; i++) {
		const struct manifest_image *image = &m->image[i];

		len += sprintf(to + len, "image %s\ntype %s\nsize %" PRIu64 "\n", image->name,
			       image_type_names[image->type], image->size);
		len += check_write_digest(to + len, "sha256", image->sha256);
		len += sprintf(to + len, "data %" PRIu64 "\n", image->data);
		len += check_write_digest(to + len, "root", image->root);
		len += check_write_digest(to + len, "salt", image->salt);
	}
	return (size_t)(len + sprintf(to + len, "end %" PRIu32 "\n", m->count));
}

static inline bool manifest_holds(const char *bytes, size_t len)
{
	static char written[2 * MANIFEST_SIZE_MAX];
	static struct manifest m;
	struct refusal why;

	memset(&m, 0xff, sizeof(m));
	memset(&why, 0xff, sizeof(why));
	if (manifest_parse(&m, bytes, len, &why) < 0)
		return (why.why == REFUSAL_SYNTAX && why.line > 0) ||
		       (why.why == REFUSAL_TOO_LONG && len > MANIFEST_SIZE_MAX);
	return manifest_is_sound(&m) && check_write_manifest(written, &m) == len &&
	       !memcmp(written, bytes, len);
}

/* An INTEGER of up to 32 bytes, with zeros in front or not. */
static inline size_t check_write_integer(uint8_t *to, const uint8_t *number, size_t len)
{
	size_t at = 2;

	for (; len && !*number; len--)
		number++;
	if (!len || *number & 0x80)
		to[at++] = 0;
	memcpy(to + at, number, len);
	to[0] = 2;
	to[1] = (uint8_t)(at - 2 + len);
	return at + len;
}

/* Takes two numbers from where DER would have them, however they are written. */
static inline bool check_is_der(const uint8_t *bytes, size_t len)
{
	uint8_t written[2 + 2 * (2 + 1 + 32)] = { 0x30 };
	size_t at = 2, end = 2;

	for (int i = 0; i < 2; i++) {
		size_t size = at + 2 <= len ? bytes[at + 1] : 0;
		const uint8_t *number = bytes + at + 2;

		if (!size || size > len - at - 2 || number[0] & 0x80)
			return false;
		at += 2 + size;
		for (; size && !*number; size--)
			number++;
		if (!size || size > 32)
			return false;
		end += check_write_integer(written + end, number, size);
	}
	written[1] = (uint8_t)(end - 2);
	return end == len && !memcmp(written, bytes, len);
}

/* With keys of which none can be the right one. */
static inline bool signature_holds(const uint8_t *bytes, size_t len)
{
	bool may_be = len == 256 || len == 384 || len == 512 || check_is_der(bytes, len);
	struct refusal why;

	return signature_check("", 0, bytes, len, &why) < 0 &&
	       why.why == (may_be ? REFUSAL_SIGNATURE : REFUSAL_SIGNATURE_FORM);
}

#endif
