/*
 * Which of the slots counts (slots.h), as it lies on the data partition, in the file
 * PATH_RELEASES/record.  It is replaced as a whole: write, fsync, exchange of the
 * names, fsync of the folder.  So after a power cut there is the old one or the new one.
 *
 * Its checksum finds what a medium has spoilt.  Who may write on the partition can write
 * another record: what keeps old releases out then is board.serial_least alone.
 */
#ifndef PITH_RECORD_H
#define PITH_RECORD_H

#include <stddef.h>
#include <stdint.h>

struct record {
	uint8_t current;	/* enum slot; SLOT_NONE: nothing was ever installed */
	uint8_t trial;		/* the slot that is being tried, or SLOT_NONE */
	uint64_t serial;	/* of the current one: another release there is not it */
	uint64_t trial_serial;
	uint64_t highest;	/* serial of all releases that proved themselves */
};

/* 0; -ENOENT with *to zeroed: there is none yet; -EBADMSG likewise: it is spoilt. */
int record_read(struct record *to);
int record_write(const struct record *is);

/* As it lies there.  Pure. */
#define RECORD_SIZE 48

void record_encode(uint8_t to[RECORD_SIZE], const struct record *is);

/* 0, or -EBADMSG with *to zeroed.  There is one spelling of each record. */
int record_decode(struct record *to, const uint8_t *bytes, size_t len);

#endif
