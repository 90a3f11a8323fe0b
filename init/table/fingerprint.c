/*
 * Fingerprints.  Decides how bytes become 64 bits; which bytes count, whoever
 * writes them decides.
 */
#include "fingerprint.h"

#include <stdlib.h>

uint64_t fingerprint_of(const void *bytes, size_t length)
{
	const unsigned char *at = bytes;
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

void fingerprint_begin(struct fingerprint_text *content)
{
	content->to = open_memstream(&content->text, &content->length);
	if (!content->to)
		abort();
}

uint64_t fingerprint_end(struct fingerprint_text *content)
{
	uint64_t fingerprint;

	/* It fails when memory has run out, and then the text is not whole. */
	if (fclose(content->to))
		abort();
	fingerprint = fingerprint_of(content->text, content->length);
	free(content->text);
	return fingerprint;
}
