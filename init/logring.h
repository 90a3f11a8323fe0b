/*
 * A ring of log records in memory that the caller owns.  Binary safe; the
 * oldest records give way.  Pure: time enters as a parameter.
 *
 * A position counts all bytes that were ever written, so a reader that fell
 * behind notices, and never reads half a record.  The ring has no pointers:
 * another process, or a later run of PID 1, may read it in memory that it
 * shares with the writer.  Whoever writes puts the positions down last.
 */
#ifndef PITH_LOGRING_H
#define PITH_LOGRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct logring {
	uint64_t head;		/* position behind the newest record */
	uint64_t tail;		/* position of the oldest one */
	uint32_t offset;	/* of its memory in the arena */
	uint32_t size;		/* 0 keeps nothing */
};

enum logring_flags {
	LOGRING_CUT = 1,	/* the line was longer than what is kept of it */
	LOGRING_DROPPED = 2,	/* no line: "1234 lines were dropped" stands here */
	LOGRING_RUN = 4,	/* no line: a new run begins here */
};

struct logring_record {
	uint64_t time_ms;
	uint16_t len;
	uint8_t flags;
	uint8_t level;		/* of syslog(2), 0 to 7; LOGRING_NO_LEVEL */
};

#define LOGRING_NO_LEVEL 8

/* Adds a record; one that the whole ring cannot hold is cut and marked. */
void logring_add(struct logring *r, uint8_t *arena, struct logring_record record,
		 const void *bytes);

/* Reads the record at *position (0 for the oldest) and moves *position
 * behind it.  Copies at most size bytes.  Returns 1, or 0 when there is
 * none yet.  A position that was overwritten, before or while it was read,
 * goes on at the oldest; *lost, which may be NULL, then tells by how much. */
int logring_read(const struct logring *r, const uint8_t *arena, uint64_t *position,
		 struct logring_record *record, void *bytes, size_t size, uint64_t *lost);

/* Whether its records lead from tail to head, inside an arena of that size:
 * so that what another process left may be read. */
bool logring_is_sound(const struct logring *r, const uint8_t *arena, size_t arena_size);

#endif
