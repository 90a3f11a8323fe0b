/*
 * Decides what is kept of a log and what gives way.  Refuses to know what a
 * line says and who reads it.
 */
#include "logring.h"

#include <string.h>

/* What the writer has put down before, a reader in another process sees
 * before this. */
static void put(uint64_t *at, uint64_t value)
{
	__atomic_thread_fence(__ATOMIC_RELEASE);
	*(volatile uint64_t *)at = value;
}

static uint64_t get(const uint64_t *at)
{
	uint64_t value = *(const volatile uint64_t *)at;

	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return value;
}

static void copy_in(const struct logring *r, uint8_t *arena, uint64_t position,
		    const void *from, size_t len)
{
	size_t at = position % r->size;
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(arena + r->offset + at, from, first);
	memcpy(arena + r->offset, (const uint8_t *)from + first, len - first);
}

static void copy_out(const struct logring *r, const uint8_t *arena, uint64_t position,
		     void *to, size_t len)
{
	size_t at = position % r->size;
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(to, arena + r->offset + at, first);
	memcpy((uint8_t *)to + first, arena + r->offset, len - first);
}

void logring_add(struct logring *r, uint8_t *arena, struct logring_record record,
		 const void *bytes)
{
	uint64_t tail = r->tail;

	if (r->size < sizeof(record))
		return;
	if (record.len > r->size - sizeof(record)) {
		record.len = (uint16_t)(r->size - sizeof(record));
		record.flags |= LOGRING_CUT;
	}
	while (r->head - tail + sizeof(record) + record.len > r->size) {
		struct logring_record oldest;

		copy_out(r, arena, tail, &oldest, sizeof(oldest));
		tail += sizeof(oldest) + oldest.len;
	}
	/* Gone before they are overwritten. */
	put(&r->tail, tail);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	copy_in(r, arena, r->head, &record, sizeof(record));
	copy_in(r, arena, r->head + sizeof(record), bytes, record.len);
	put(&r->head, r->head + sizeof(record) + record.len);
}

int logring_read(const struct logring *r, const uint8_t *arena, uint64_t *position,
		 struct logring_record *record, void *bytes, size_t size, uint64_t *lost)
{
	for (;;) {
		uint64_t tail = get(&r->tail), head = get(&r->head);
		size_t len;

		if (*position < tail) {
			if (lost)
				*lost += tail - *position;
			*position = tail;
		}
		if (*position >= head)
			return 0;
		copy_out(r, arena, *position, record, sizeof(*record));
		len = record->len < size ? record->len : size;
		/* Perhaps it is no record any more: see below. */
		copy_out(r, arena, *position + sizeof(*record), bytes,
			 len < r->size ? len : r->size);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (get(&r->tail) <= *position)
			break;	/* else it may have been overwritten meanwhile */
	}
	*position += sizeof(*record) + record->len;
	return 1;
}

bool logring_is_sound(const struct logring *r, const uint8_t *arena, size_t arena_size)
{
	uint64_t at = r->tail, left = r->head - r->tail;

	if (r->offset > arena_size || r->size > arena_size - r->offset)
		return false;
	if (r->tail > r->head || left > r->size)
		return false;
	while (left) {
		struct logring_record record;
		uint64_t taken = sizeof(record);

		if (left < taken)
			return false;
		copy_out(r, arena, at, &record, sizeof(record));
		taken += record.len;
		if (left < taken)
			return false;
		at += taken;
		left -= taken;
	}
	return true;
}
