/*
 * Decides what is kept of a log and what gives way.  Refuses to know what a
 * line says and who reads it.
 */
#include "logring.h"

#include <string.h>

static void copy_in(struct logring *r, uint64_t position, const void *from, size_t len)
{
	size_t at = position % r->size;
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(r->mem + at, from, first);
	memcpy(r->mem, (const uint8_t *)from + first, len - first);
}

static void copy_out(const struct logring *r, uint64_t position, void *to, size_t len)
{
	size_t at = position % r->size;
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(to, r->mem + at, first);
	memcpy((uint8_t *)to + first, r->mem, len - first);
}

static void drop_oldest(struct logring *r)
{
	struct logring_record oldest;

	copy_out(r, r->tail, &oldest, sizeof(oldest));
	r->tail += sizeof(oldest) + oldest.len;
}

void logring_add(struct logring *r, uint64_t time_ms, const void *bytes,
		 uint16_t len, uint16_t flags)
{
	struct logring_record record = { .time_ms = time_ms, .len = len, .flags = flags };

	if (r->size < sizeof(record))
		return;
	if (record.len > r->size - sizeof(record)) {
		record.len = (uint16_t)(r->size - sizeof(record));
		record.flags |= LOGRING_CUT;
	}
	while (r->head - r->tail + sizeof(record) + record.len > r->size)
		drop_oldest(r);
	copy_in(r, r->head, &record, sizeof(record));
	copy_in(r, r->head + sizeof(record), bytes, record.len);
	r->head += sizeof(record) + record.len;
}

int logring_read(const struct logring *r, uint64_t *position,
		 struct logring_record *record, void *bytes, size_t size)
{
	if (*position < r->tail)
		*position = r->tail;
	if (*position >= r->head)
		return 0;
	copy_out(r, *position, record, sizeof(*record));
	copy_out(r, *position + sizeof(*record), bytes, record->len < size ? record->len : size);
	*position += sizeof(*record) + record->len;
	return 1;
}
