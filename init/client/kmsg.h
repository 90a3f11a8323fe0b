/*
 * The kernel's log, /dev/kmsg: its own messages are read from there, and lines
 * of services go there, so that pstore keeps them over a crash.
 *
 * Source: Documentation/ABI/testing/dev-kmsg.
 */
#ifndef PITH_CLIENT_KMSG_H
#define PITH_CLIENT_KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* printk.c's CONSOLE_EXT_LOG_MAX, the longest record that a read returns. */
#define KMSG_RECORD_MAX 8192

/* printk.c cuts records at 1,024 bytes with what it puts in front, and refuses
 * a write that is longer. */
#define KMSG_LINE_MAX 900

struct kmsg_record {
	uint64_t sequence;
	uint64_t time_ms;	/* about that of clock.h */
	const char *text;	/* in the bytes that were parsed; printable */
	size_t len;
	unsigned facility;	/* 0 is the kernel, all others are programs */
	unsigned level;		/* of syslog(2) */
};

/* Pure.  False if the bytes are no record. */
bool kmsg_parse(const char *bytes, size_t len, struct kmsg_record *r);

/* Both: the fd, not blocking, or -errno.  Reading begins with the oldest. */
int kmsg_open_to_read(void);
int kmsg_open_to_write(void);

/* The next record of the kernel's own whose sequence is at least from; it stays
 * valid until the next call.  1, 0 if there is none yet, or -errno. */
int kmsg_read(int fd, uint64_t from, struct kmsg_record *r);

/* One line, of a level of syslog(2).  What is too long is cut; then, or if it
 * had been cut before, it is marked. */
void kmsg_write(int fd, unsigned level, const char *name, const char *text, size_t len, bool cut);

#endif
