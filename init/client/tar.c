/*
 * Decides whether a block is the header of a plain file.  Refuses to know what files
 * there have to be (bundle.h).
 */
#include "tar.h"

#include <stdbool.h>
#include <string.h>

/* Where fields begin, and how long they are. */
enum {
	NAME_SIZE = 100,
	SIZE = 124, SIZE_SIZE = 12,
	CHECKSUM = 148, CHECKSUM_SIZE = 8,
	TYPE = 156,
	LINK_NAME = 157, LINK_NAME_SIZE = 100,
	MAGIC = 257,
	PREFIX = 345,	/* and what fills the block */
};

static bool is_zero(const uint8_t *bytes, unsigned len)
{
	while (len--)
		if (*bytes++)
			return false;
	return true;
}

/* Octal digits, and behind them nothing but blanks and NULs.  A number in base 256, of
 * GNU, begins with a byte that is no digit. */
static bool parse_octal(const uint8_t *field, unsigned len, uint64_t *to)
{
	unsigned at = 0;

	for (*to = 0; at < len && field[at] >= '0' && field[at] <= '7'; at++)
		*to = *to * 8 + (field[at] - '0');
	if (!at)
		return false;
	for (; at < len; at++)
		if (field[at] && field[at] != ' ')
			return false;
	return true;
}

/* Of all bytes, its own counted as blanks. */
static bool checksum_is_right(const uint8_t *block)
{
	uint64_t says;
	unsigned sum = 0;

	for (unsigned i = 0; i < TAR_BLOCK; i++)
		sum += i - CHECKSUM < CHECKSUM_SIZE ? ' ' : block[i];
	return parse_octal(block + CHECKSUM, CHECKSUM_SIZE, &says) && says == sum;
}

static enum tar_header type_of(uint8_t letter)
{
	static const struct {
		char letter;
		uint8_t is;
	} types[] = {
		{ '0', TAR_FILE },
		{ '1', TAR_LINK }, { '2', TAR_LINK },
		{ 'L', TAR_LONG_NAME }, { 'K', TAR_LONG_NAME },
		{ 'x', TAR_PAX }, { 'g', TAR_PAX },
		{ 'S', TAR_SPARSE },
	};

	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].letter == (char)letter)
			return (enum tar_header)types[i].is;
	return TAR_TYPE;
}

/* A name is in one place alone, and there is nothing behind its end. */
static bool name_is_plain(const uint8_t *block)
{
	unsigned len = (unsigned)strnlen((const char *)block, NAME_SIZE);

	return len && is_zero(block + len, NAME_SIZE - len) &&
	       is_zero(block + LINK_NAME, LINK_NAME_SIZE) &&
	       is_zero(block + PREFIX, TAR_BLOCK - PREFIX);
}

enum tar_header tar_read(const uint8_t block[TAR_BLOCK], char name[TAR_NAME_SIZE],
			 uint64_t *size)
{
	enum tar_header type;

	if (is_zero(block, TAR_BLOCK))
		return TAR_END;
	if (!checksum_is_right(block))
		return TAR_CHECKSUM;
	/* GNU's own format has blanks instead of NUL and version. */
	if (memcmp(block + MAGIC, "ustar\00000", 8))
		return TAR_MAGIC;
	type = type_of(block[TYPE]);
	if (type != TAR_FILE)
		return type;
	if (!name_is_plain(block))
		return TAR_NAME;
	if (!parse_octal(block + SIZE, SIZE_SIZE, size))
		return TAR_SIZE;
	memcpy(name, block, NAME_SIZE);
	name[NAME_SIZE] = '\0';
	return TAR_FILE;
}

const char *tar_words(unsigned header)
{
	static const char *const words[TAR_HEADERS] = {
		[TAR_FILE] = "is a file too many",
		[TAR_END] = "is not there",
		[TAR_CHECKSUM] = "has a broken tar header",
		[TAR_MAGIC] = "is not in tar's format ustar",
		[TAR_LONG_NAME] = "has a long name of GNU tar",
		[TAR_PAX] = "has a header of pax",
		[TAR_SPARSE] = "is sparse",
		[TAR_LINK] = "is a link",
		[TAR_TYPE] = "is no regular file",
		[TAR_NAME] = "has a name that is not plain",
		[TAR_SIZE] = "has a size that is no octal number",
	};

	return header < TAR_HEADERS ? words[header] : "?";
}
