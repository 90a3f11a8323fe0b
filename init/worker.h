/*
 * A child that does for PID 1 what may take long, such as waiting for a disk, and
 * reports through a pipe.  It is cloned by helper_clone() (helper.h), stays in PID 1's
 * namespaces and has its rights, but nothing of what PID 1 has open.
 */
#ifndef PITH_WORKER_H
#define PITH_WORKER_H

#include <stddef.h>

/* In the child, first: it is in a process group of its own, its streams are /dev/null,
 * and report, which was any number, is WORKER_REPORT, close-on-exec and blocking.  0, or
 * -errno if there is nothing to put in the place of PID 1's streams: on the number of one
 * that is closed a program that it executes would open a disk, and write its words
 * there. */
#define WORKER_REPORT 3

int worker_begin(int report);

/* Writes a word of fixed size, smaller than PIPE_BUF.  Does not return if nobody listens
 * any more: another PID 1 has started another child. */
void worker_tell(const void *word, size_t size);

#endif
