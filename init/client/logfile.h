/*
 * A file of log lines that never grows beyond a size: full, it is renamed to
 * .1, that one to .2 and so on; the oldest gives way.
 *
 * A disk that is full, read-only, broken or not yet there costs lines and
 * nothing else: they are counted, the file is tried again after a while, and
 * its next line says how many are missing, and why.
 */
#ifndef PITH_CLIENT_LOGFILE_H
#define PITH_CLIENT_LOGFILE_H

#include <stddef.h>
#include <stdint.h>

/* The first time after a failure; it doubles with each one that follows. */
#define LOGFILE_AGAIN_MS	1000
#define LOGFILE_AGAIN_MAX_MS	60000

/* The host tool accepts no longer path than this, with room for ".99". */
#define LOGFILE_PATH_SIZE	256

struct logfile {
	const char *path;	/* absolute; not ours */
	uint32_t size_max;	/* bytes; one line may be longer */
	uint32_t files;		/* with the one that is written; at least 2 */
	int fd;			/* -1: not open */
	uint64_t size;
	uint64_t lost;		/* lines, since the last one that was written */
	int error;		/* why, -errno */
	uint64_t again_ms;	/* not to be tried before */
	uint32_t delay_ms;
};

#define LOGFILE_AT(at_path, most_bytes, most_files) \
	(struct logfile){ .path = (at_path), .size_max = (most_bytes), \
			  .files = (most_files), .fd = -1 }

/* Appends whole lines, each of which ends with a newline. */
void logfile_write(struct logfile *f, const char *lines, size_t len, uint64_t now_ms);

#endif
