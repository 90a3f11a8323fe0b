/*
 * Paths inside a service's root, as the service will see them.
 */
#ifndef PITH_TABLE_INROOT_H
#define PITH_TABLE_INROOT_H

#include <sys/stat.h>

#include "arena.h"

/* Where a path of the root leads. */
struct inroot {
	const char *inside;	/* free of symbolic links, for the messages */
	const char *outside;	/* the same, behind the root's own path */
	struct stat status;
};

/*
 * Follows path, which is absolute, in the folder root: a link to /x leads to
 * root/x, and ".." never out of it.  Returns 0, or -ELOOP, -ENOENT and their
 * like, with the paths as far as they were followed but without a status.
 */
int inroot_resolve(struct arena *arena, const char *root, const char *path,
		   struct inroot *found);

#endif
