/*
 * Packs bytes by liblz4, as small as it can.
 */
#include "pack.h"

#include <lz4.h>
#include <lz4hc.h>
#include <stdlib.h>

const uint8_t *pack(struct arena *arena, const uint8_t *bytes, size_t size, size_t *packed)
{
	int room = size <= LZ4_MAX_INPUT_SIZE ? LZ4_compressBound((int)size) : 0;
	uint8_t *to = arena_alloc(arena, (size_t)room);
	int length = room ? LZ4_compress_HC((const char *)bytes, (char *)to, (int)size, room,
					    LZ4HC_CLEVEL_MAX) : 0;

	/* There is room for any input of a firewall's size. */
	if (length <= 0)
		abort();
	*packed = (size_t)length;
	return to;
}
