/*
 * Why a release, or an image of it, was not taken: for PID 1, its children and
 * clients, and in words.  Pure.
 *
 * A release is what an update brings: a manifest, its signature, and the images
 * that the manifest names.
 */
#ifndef PITH_REFUSAL_H
#define PITH_REFUSAL_H

#include <stdint.h>

#include "text.h"

enum refusal_why {
	REFUSAL_NONE,		/* it was taken */
	REFUSAL_ABSENT,		/* there is none */
	REFUSAL_READ,		/* error */
	REFUSAL_TOO_LONG,	/* the manifest, or the signature */
	REFUSAL_SIGNATURE_FORM,	/* is neither ECDSA's nor RSA's */
	REFUSAL_SIGNATURE,	/* of none of the keys that the board trusts */
	REFUSAL_SYNTAX,		/* line */
	REFUSAL_PRODUCT,	/* is for another one, */
	REFUSAL_BOARD,		/* likewise */
	REFUSAL_SERIAL,		/* serial: older than serial_least */
	REFUSAL_NO_IMAGE,	/* lacks an image that the board's table names */
	REFUSAL_TYPE,		/* of the image's file system: the board's table has another */
	REFUSAL_IMAGE_ABSENT,	/* the manifest has it, and there is no such file or partition */
	REFUSAL_IMAGE_FILE,	/* it is no regular file, or cannot be opened: error */
	REFUSAL_IMAGE_BUSY,	/* somebody has it open to write */
	REFUSAL_IMAGE_SIZE,	/* it is shorter or longer than the manifest says */
	REFUSAL_IMAGE_DIGEST,	/* its SHA-256 is another */
	REFUSAL_VERIFIER,	/* the child that checks failed, or took too long: error */
	REFUSAL_LOOP,		/* error */
	REFUSAL_VERITY,		/* error */
	REFUSAL_MOUNT,		/* error */
	REFUSAL_RECORD,		/* of which release counts: it is spoilt, or could not be
				 * written: error */
	REFUSAL_COUNT,
};

#define REFUSAL_NO_IMAGE_ID UINT16_MAX

/* Zeroed is REFUSAL_NONE, but for the image. */
struct refusal {
	uint8_t why;		/* enum refusal_why */
	uint8_t unused;
	uint16_t image;		/* its place in images[], where it is about one; else
				 * REFUSAL_NO_IMAGE_ID */
	int32_t error;		/* -errno, or 0 */
	uint32_t line;		/* of the manifest, from 1 */
	uint32_t unused_too;
	uint64_t serial, serial_least;
};

/* Fills it in; returns -EBADMSG, or error if it is not 0. */
int refusal_set(struct refusal *to, enum refusal_why why, int error);

/* "not signed by a key that this board trusts", "image web cannot be mounted: …" */
void refusal_explain(struct text *t, const struct refusal *is);

/* "signature", for programs; "?" of what is none. */
const char *refusal_name(unsigned why);

#endif
