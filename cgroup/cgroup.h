/*
 * Control groups, version 2, by directory fds.  Every function is one or two
 * system calls; none waits, allocates or logs.
 *
 * Source: Documentation/admin-guide/cgroup-v2.rst.
 * Errors: 0 or a non-negative value is success, -errno is failure.
 */
#ifndef PITH_CGROUP_H
#define PITH_CGROUP_H

#include <stdint.h>

/* Makes the group `name` below parent, or takes the one that is there.
 * Returns its directory fd, close-on-exec, which the caller owns. */
int cgroup_make(int parent, const char *name);

/* Removes the group `name` below parent, in which no process may be left. */
int cgroup_remove(int parent, const char *name);

/* Lets the groups below dir use a controller: "memory", "cpu", … */
int cgroup_enable(int dir, const char *controller);

/* Moves the calling process into dir. */
int cgroup_enter(int dir);

/* Writes one control file in one write(2). */
int cgroup_write(int dir, const char *file, const char *value);

/* Kills every process in dir and below, also those that are just forking.
 * Needs Linux 5.14.  It returns before they are gone. */
int cgroup_kill(int dir);

/* Opens cgroup.events.  The fd polls POLLPRI after each change, until it is
 * read.  The caller owns it. */
int cgroup_open_events(int dir);

/* 1 if a process lives in the group or below, 0 if none does. */
int cgroup_populated(int events);

/* The number behind `key` in a file of "key value" lines; -ENOENT when the
 * kernel has no such file, -ENODATA when it has no such key. */
int64_t cgroup_read_key(int dir, const char *file, const char *key);

/* Several keys of one such file by a single read: values[i] is what the above has
 * for keys[i].  0 or -errno, which then is every value. */
int cgroup_read_keys(int dir, const char *file, const char *const *keys, int64_t *values,
		     unsigned count);

/* A file that holds one number; -ERANGE for "max" or whatever else is none,
 * -ENOENT when the kernel has no such file. */
int64_t cgroup_read_number(int dir, const char *file);

#endif
