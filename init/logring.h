/*
 * A ring of log records in memory that the caller owns.  Binary safe; the
 * oldest records give way.  Pure: time enters as a parameter.
 *
 * A position counts all bytes that were ever written, so a reader that fell
 * behind notices, and never reads half a record.
 */
#ifndef PITH_LOGRING_H
#define PITH_LOGRING_H

#include <stddef.h>
#include <stdint.h>

struct logring {
	uint8_t *mem;
	uint32_t size;		/* 0 keeps nothing */
	uint64_t head;		/* position behind the newest record */
	uint64_t tail;		/* position of the oldest one */
};

enum logring_flags {
	LOGRING_CUT = 1,	/* the line was longer than what is kept of it */
};

struct logring_record {
	uint64_t time_ms;
	uint16_t len;
	uint16_t flags;
};

/* Adds a record; one that the whole ring cannot hold is cut and marked. */
void logring_add(struct logring *r, uint64_t time_ms, const void *bytes,
		 uint16_t len, uint16_t flags);

/* Reads the record at *position (0 for the oldest) and moves *position
 * behind it.  Copies at most size bytes.  Returns 1, or 0 when there is
 * none yet.  A position that was overwritten goes on at the oldest. */
int logring_read(const struct logring *r, uint64_t *position,
		 struct logring_record *record, void *bytes, size_t size);

#endif
