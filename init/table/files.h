/*
 * Files of a service's root that pith writes when the image is built: names, and
 * empty ones over which something is mounted at each start.
 */
#ifndef PITH_TABLE_FILES_H
#define PITH_TABLE_FILES_H

#include "mounts.h"
#include "spec.h"

struct root_file {
	const char *path;
	const char *option;	/* that names it, of a socket; NULL: every service has it */
	bool keeps;		/* what the root has there; the lines come behind it */
	struct words lines;
};

struct root_files {
	struct root_file *at;
	size_t count;
};

/* Those of every service first. */
struct root_files files_of(const struct spec *spec, const struct service_spec *service);

/* Where it lies on the board, if it is seen inside and not in the root: what an image does
 * not have itself.  NULL: it is in the root, or PID 1 makes it. */
const char *files_source(const struct spec *spec, const struct service_spec *service,
			 const struct root_file *file);

/* It is not in the root, but in the TMPFS that this returns; else NULL. */
const struct mount_point *files_tmpfs_of(const struct mount_points *mounts,
					 const struct root_file *file);

#endif
