/*
 * The header of a file in a ustar archive (POSIX.1-1988, tar(5)), read strictly: a
 * regular file with a plain name, and nothing that another reader could take for
 * something else.  Pure, for bytes of any origin.
 */
#ifndef PITH_CLIENT_TAR_H
#define PITH_CLIENT_TAR_H

#include <stdint.h>

#define TAR_BLOCK 512

/* With the NUL: the field may be filled. */
#define TAR_NAME_SIZE 101

/* Behind the last file there are two blocks of zeros, and more of them up to the end
 * of a record, of which the largest that bsdtar and GNU tar make by themselves has so
 * many. */
#define TAR_END_LEAST	2
#define TAR_END_MOST	21

enum tar_header {
	TAR_FILE,
	TAR_END,	/* all zeros: there are no more files */
	TAR_CHECKSUM,	/* from here on it is refused */
	TAR_MAGIC,
	TAR_LONG_NAME,
	TAR_PAX,
	TAR_SPARSE,
	TAR_LINK,
	TAR_TYPE,
	TAR_NAME,
	TAR_SIZE,
	TAR_HEADERS,
};

/* name and size: of TAR_FILE. */
enum tar_header tar_read(const uint8_t block[TAR_BLOCK], char name[TAR_NAME_SIZE],
			 uint64_t *size);

/* Why it is refused: "is a link". */
const char *tar_words(unsigned header);

/* Zeros that fill the last block of a file. */
static inline unsigned tar_padding(uint64_t size)
{
	return (unsigned)(-size % TAR_BLOCK);
}

#endif
