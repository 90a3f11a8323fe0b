/*
 * Golden bytes for the tests of what is built for the kernel: compares a
 * buffer with hexadecimal text in which blanks are for the reader, and says
 * the first place that differs.  It knows nothing of what the bytes mean.
 *
 * Include cmocka.h first.  Words are in the build machine's byte order; the
 * texts here are for a little-endian one.
 */
#ifndef TESTS_UNIT_HEX_H
#define TESTS_UNIT_HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Reads the next byte of text into *byte; returns what follows, NULL at the
 * end. */
static inline const char *hex_next(const char *text, uint8_t *byte)
{
	unsigned int value;

	while (*text == ' ')
		text++;
	if (!*text)
		return NULL;
	if (sscanf(text, "%2x", &value) != 1)
		fail_msg("not hexadecimal: %s", text);
	*byte = (uint8_t)value;
	return text + 2;
}

/* Fills out from text and returns the number of bytes. */
static inline size_t hex_read(const char *text, uint8_t *out, size_t size)
{
	size_t len = 0;
	uint8_t byte;

	while ((text = hex_next(text, &byte))) {
		assert_true(len < size);
		out[len++] = byte;
	}
	return len;
}

static inline void hex_assert_equal(const void *bytes, size_t len,
				    const char *text)
{
	const uint8_t *have = bytes;
	uint8_t want;
	size_t at = 0;

	while ((text = hex_next(text, &want))) {
		if (at >= len)
			fail_msg("only %zu bytes", len);
		if (have[at] != want)
			fail_msg("byte %zu is %02x, not %02x", at, have[at],
				 want);
		at++;
	}
	if (at != len)
		fail_msg("%zu bytes, not %zu", len, at);
}

#endif
