/*
 * What a release comes in: a tar archive, as a file or on standard input, or a folder.
 * Whoever reads says which file has to come next, and gets that one or an error; nothing
 * else is ever taken.  A folder may hold more than is asked for, an archive may not.
 *
 * Errors: -EBADMSG with why; -EINTR if the fd `stop` has something to read, at any time;
 * else -errno.
 */
#ifndef PITH_CLIENT_BUNDLE_H
#define PITH_CLIENT_BUNDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bundle {
	int fd;			/* of the archive, or the folder */
	bool is_folder;
	int file;		/* in the folder; -1: none is open */
	int stop;		/* or -1 */
	uint64_t left;		/* bytes of this file that were not read */
	unsigned padding;	/* and those of the archive behind them */
	const char *why;	/* a constant: "is a link" */
};

/* "-" is standard input.  0 or -errno; -EINVAL: it is neither a file nor a folder. */
int bundle_open(struct bundle *b, const char *path, int stop);

/* The file before has to be read to its end. */
int bundle_next(struct bundle *b, const char *name, uint64_t *size);

/* As many bytes as are left of this file, at most len; 0 at its end. */
int bundle_read(struct bundle *b, void *to, size_t len);

/* That there is no more. */
int bundle_end(struct bundle *b);

void bundle_close(struct bundle *b);

#endif
