/*
 * Unpacks one block of LZ4: literals and copies of what is there already, in
 * turns.  Refuses to know what the bytes mean.
 */
#include "unpack.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* A copy is never shorter. */
#define COPY_MIN 4

struct packed {
	const uint8_t *at, *end;
};

/* Four bits of a token; if all are set, bytes that add up, to the first that is not
 * 255.  False if the block ends before. */
static bool take_length(struct packed *from, unsigned bits, size_t *length)
{
	uint8_t byte = 255;

	*length = bits;
	while (bits == 15 && byte == 255) {
		if (from->at == from->end)
			return false;
		byte = *from->at++;
		*length += byte;
	}
	return true;
}

int unpack(const uint8_t *packed, size_t packed_size, uint8_t *to, size_t size)
{
	struct packed from = { packed, packed + packed_size };
	size_t done = 0, length, back;

	while (from.at < from.end) {
		unsigned token = *from.at++;

		if (!take_length(&from, token >> 4, &length) ||
		    length > (size_t)(from.end - from.at) || length > size - done)
			return -EBADMSG;
		memcpy(to + done, from.at, length);
		from.at += length;
		done += length;
		if (from.at == from.end)	/* the last turn has no copy */
			break;
		if (from.end - from.at < 2)
			return -EBADMSG;
		back = from.at[0] | (size_t)from.at[1] << 8;
		from.at += 2;
		if (!take_length(&from, token & 15, &length) || !back || back > done ||
		    length + COPY_MIN > size - done)
			return -EBADMSG;
		/* Byte by byte: it may reach into what it writes. */
		for (length += COPY_MIN; length; length--, done++)
			to[done] = to[done - back];
	}
	return done == size ? 0 : -EBADMSG;
}
