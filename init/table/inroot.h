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
	const char *closed;	/* the first folder on the way whose mode lacks
				 * the bits of enter; NULL if there is none */
	struct stat status;
};

/*
 * Follows path, which is absolute, in the folder root: a link to /x leads to
 * root/x, and ".." never out of it.  As in the kernel, what has anything
 * behind it, be it a single '/', must be a folder: path_resolution(7).  enter
 * is the bits of a mode that let the service through a folder.
 *
 * Returns 0, or -ELOOP, -ENOENT, -ENOTDIR and their like, with the paths as
 * the words alone have them from there on, and without a status.
 */
int inroot_resolve(struct arena *arena, const char *root, const char *path, mode_t enter,
		   struct inroot *found);

#endif
