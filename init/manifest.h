/*
 * What a release consists of: strict text, of which there is exactly one spelling.
 * A line is a key, one blank, a value and a newline; all lines are there, in this
 * order, and nothing else:
 *
 *	pith-manifest 1
 *	product gateway
 *	board qemu-x86_64
 *	serial 42
 *	image broker
 *	type erofs
 *	size 1138688
 *	sha256 <64 hexadecimal digits, lower case>
 *	data 1126400
 *	root <64>
 *	salt <64>
 *	image web
 *	…
 *	end 2
 *
 * Images are in the ascending order of their names (strcmp), so none is there twice;
 * end says how many there were.  Numbers are decimal without leading zeros; serial is
 * at least 1.  Names are of a-z 0-9 - _ and begin with a letter; no image is called
 * `manifest`, as the file is that this text lies in (slots.h).  size is that of the
 * whole file; the first `data` bytes, a multiple of 4096 and less than size, are the
 * file system, and the rest is the dm-verity hash tree above it, of 4096-byte blocks,
 * SHA-256, format 1, without a superblock.  size is a multiple of 4096 as well, and
 * fits into a signed number of 64 bits.
 */
#ifndef PITH_MANIFEST_H
#define PITH_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "refusal.h"

/* 64 images of at most 400 bytes, and what stands before and after them. */
#define MANIFEST_SIZE_MAX	32768
#define MANIFEST_IMAGES_MAX	64

/* "product" and "board". */
#define MANIFEST_NAME_SIZE	64

/* With the NUL; part of a file's name or of a partition's label (36 characters, of which
 * two are for _a and _b). */
#define IMAGE_NAME_SIZE		32

#define IMAGE_BLOCK_SIZE	4096u
#define SHA256_SIZE		32

enum image_type {
	IMAGE_EROFS,
	IMAGE_SQUASHFS,
	IMAGE_TYPE_COUNT,
};

struct manifest_image {
	char name[IMAGE_NAME_SIZE];
	uint64_t size, data;		/* bytes */
	uint8_t sha256[SHA256_SIZE];	/* of the whole file */
	uint8_t root[SHA256_SIZE], salt[SHA256_SIZE];	/* dm-verity's */
	uint8_t type;			/* enum image_type */
};

struct manifest {
	char product[MANIFEST_NAME_SIZE], board[MANIFEST_NAME_SIZE];
	uint64_t serial;
	uint32_t count;
	struct manifest_image image[MANIFEST_IMAGES_MAX];
};

/* "erofs", as mount(2) takes it. */
extern const char *const image_type_names[IMAGE_TYPE_COUNT];

/* Pure, for bytes of any origin.  0, or -EBADMSG with why, which has the line. */
int manifest_parse(struct manifest *to, const char *text, size_t len, struct refusal *why);

/* Pure: whether it could have been parsed.  Whoever reads it from another process does
 * not know that, and will open files by these names. */
bool manifest_is_sound(const struct manifest *is);

/* Pure: that it is meant for this board, is older neither than serial_least nor than
 * board.serial_least, and has every image of the table (service.h) with its type.  What
 * it has besides does not matter.  0, or -EBADMSG with why. */
int manifest_check(const struct manifest *is, uint64_t serial_least, struct refusal *why);

/* The place of an image in images[]; REFUSAL_NO_IMAGE_ID: the table has none of that
 * name. */
uint16_t manifest_image_place(const struct manifest_image *image);

/* NULL if it has none of that name. */
const struct manifest_image *manifest_find(const struct manifest *in, const char *name);

#endif
