/*
 * How far the logs were copied, in a file that lasts until the next boot: so
 * that a writer that was started again goes on where the last one stopped.
 */
#ifndef PITH_CLIENT_WRITTEN_H
#define PITH_CLIENT_WRITTEN_H

#include <stdint.h>

#include "state.h"

/* The rings: of the services, by their places, and of PID 1. */
#define WRITTEN_OWN	SERVICE_COUNT
#define WRITTEN_RINGS	(SERVICE_COUNT + 1)

struct written {
	uint64_t table;			/* board.fingerprint: whose places these are */
	uint64_t time_ms;		/* of the newest record that was copied */
	uint64_t skip_ms;		/* records up to this one are not copied */
	uint64_t kernel;		/* sequence of the kernel's next message */
	uint64_t at[WRITTEN_RINGS];	/* positions; 0: from the oldest record on */
};

/*
 * Opens the file, keeps others from doing so, and reads it.  After a change of
 * the table the positions mean nothing, and the time tells what was copied.
 * Returns the fd; -EWOULDBLOCK: another writer runs; or another -errno, with
 * which *w is as at the first start of a boot.
 */
int written_open(const char *path, uint64_t table, struct written *w);

void written_save(int fd, const struct written *w);

#endif
