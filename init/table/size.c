/*
 * Sizes in messages.  Decides how many bytes are written for people.
 */
#include "size.h"

#include <inttypes.h>

const char *size_text(struct arena *arena, uint64_t bytes)
{
	static const char letters[] = { 0, 'K', 'M', 'G' };
	unsigned int scale = 0;

	while (scale < 3 && bytes && !(bytes & 1023)) {
		bytes >>= 10;
		scale++;
	}
	return arena_printf(arena, "%" PRIu64 "%.1s", bytes, &letters[scale]);
}
