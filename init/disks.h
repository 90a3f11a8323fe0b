/*
 * Puts the disks away at the end of the system: written back and unmounted, or
 * at least read-only.  All of it may hang on a broken disk, so it happens in a
 * child with a deadline.
 */
#ifndef PITH_DISKS_H
#define PITH_DISKS_H

#include <sys/types.h>

/* A dirty disk is written back in this time, or it is not going to be. */
#define DISKS_TIMEOUT_MS 10000

/* Starts the child; *pidfd (close-on-exec) becomes readable at its end.  0 or
 * -errno. */
int disks_put_away(int *pidfd);

/* Pure: the mount point in a line of /proc/self/mounts, with its octal escapes
 * undone in place, or NULL if the line is not about a block device. */
char *disks_mount_point(char *line);

#endif
