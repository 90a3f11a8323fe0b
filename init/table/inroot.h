/*
 * Paths inside a service's root, as the service will see them.
 */
#ifndef PITH_TABLE_INROOT_H
#define PITH_TABLE_INROOT_H

#include <sys/stat.h>

#include "owners.h"

/* Who looks, without capabilities, even as 0: held to the modes as anybody is. */
struct inroot_user {
	uint32_t uid, gid;
	bool is_nobody;		/* no file is his own */
	const struct owners *owners;
};

/* What of rwx, as 4, 2 and 1, he may do with what is there and has that mode on the
 * build machine. */
mode_t inroot_rights(const struct inroot_user *user, const char *inside, mode_t mode);

/* Where a path of the root leads. */
struct inroot {
	const char *inside;	/* free of symbolic links, for the messages */
	const char *outside;	/* the same, behind the root's own path */
	const char *closed;	/* the first folder on the way that the user may not
				 * enter; NULL if there is none */
	struct stat status;
};

/*
 * Follows path, which is absolute, in the folder root: a link to /x leads to
 * root/x, and ".." never out of it.  As in the kernel, what has anything
 * behind it, be it a single '/', must be a folder: path_resolution(7).  user: NULL if
 * nobody asks whether he gets there.
 *
 * Returns 0, or -ELOOP, -ENOENT, -ENOTDIR and their like, with the paths as
 * the words alone have them from there on, and without a status.
 */
int inroot_resolve(struct arena *arena, const char *root, const char *path,
		   const struct inroot_user *user, struct inroot *found);

#endif
