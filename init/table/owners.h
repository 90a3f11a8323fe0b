/*
 * Owners and modes in a root that its files on the build machine cannot have: NAME.owners,
 * which board/scripts/owners.py describes.
 */
#ifndef PITH_TABLE_OWNERS_H
#define PITH_TABLE_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "arena.h"

struct owner {
	const char *path;	/* inside the root */
	uint32_t uid, gid;	/* as the service sees them */
	mode_t mode;
};

struct owners {
	struct owner *at;	/* sorted by path */
	size_t count;
};

/* Of a file that is not there, none.  False if it is not understood. */
bool owners_read(struct arena *arena, const char *path, struct owners *owners);

/* Of what is at path and has that mode on the build machine; 0:0 unless it is said. */
struct owner owners_of(const struct owners *owners, const char *path, mode_t mode);

#endif
