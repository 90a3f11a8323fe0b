/*
 * Fingerprints: 64 bits that tell one content from another, by FNV-1a
 * (draft-eastlake-fnv).  They find out what a new table has changed; they are
 * no protection against anybody who wants two contents to look the same.
 */
#ifndef PITH_TABLE_FINGERPRINT_H
#define PITH_TABLE_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

uint64_t fingerprint_of(const void *bytes, size_t length);

/* What is written to `to` between the two calls, and its fingerprint.  Until
 * the end, fflush(to) makes text and length valid. */
struct fingerprint_text {
	FILE *to;
	char *text;
	size_t length;
};

void fingerprint_begin(struct fingerprint_text *content);
uint64_t fingerprint_end(struct fingerprint_text *content);

#endif
