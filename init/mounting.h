/*
 * The steps of which a service's view is made: a mount that is nowhere yet, a
 * place for it, and how paths are resolved that nobody vouches for.  By the
 * mount calls of Linux 5.2 and later, so each step works on an fd.
 *
 * For children that end or execute: the fds that are returned are close-on-exec
 * and the caller's, and nobody closes them one by one.
 * Errors: an fd or 0 is success, -errno is failure.
 */
#ifndef PITH_MOUNTING_H
#define PITH_MOUNTING_H

#include <stdint.h>

#include "sys.h"

#define MOUNTING_HARMLESS (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC)

struct mounting_option {
	const char *key, *value;
};

/* A mount that is nowhere yet.  options end with a NULL key; NULL is none. */
int mounting_new(const char *type, const struct mounting_option *options, unsigned attributes);

/* A path inside an image, or anywhere else below root, without symbolic links;
 * ".." does not lead out.  O_PATH is added to the flags. */
int mounting_open_inside(int root, const char *path, uint64_t flags);

/* The same, where not even another mount may be on the way. */
int mounting_open_beneath(int folder, const char *path, uint64_t flags);

/* Goes down through the folders of a path below root, as in "input/event0", and makes
 * those that are missing, with that owner.  Returns the last one; *path is what is
 * left. */
int mounting_make_folders(int root, const char **path, uint32_t uid, uint32_t gid);

/* Puts a mount (or passes its -errno on) over a folder inside the root.  Returns
 * the mount. */
int mounting_place(int mount, int root, const char *path);

/* An id as an option's value: at most 10 digits and the NUL.  Returns buf. */
#define MOUNTING_ID_SIZE 11
const char *mounting_id(char *buf, uint32_t id);

#endif
