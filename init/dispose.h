/*
 * Closing files that a service has sent, or may have left in the queue of a
 * socket.  The last close(2) of a file may wait: of a TCP socket with SO_LINGER
 * as long as its owner wished (tcp(7)), of a deleted file until its blocks are
 * free.  So PID 1 sees to it that its own is not the last.
 */
#ifndef PITH_DISPOSE_H
#define PITH_DISPOSE_H

#include <stdbool.h>
#include <sys/types.h>

/* Closes all of them: a child, cloned for that, has each of them last and is
 * killed at once; the loop reaps it as nobody's.  Where no child can be had,
 * at least no socket among them lingers. */
void dispose_fds(const int *fds, unsigned count);

/* Whether this end of a child was one of its children's.  Not of each where many are
 * on their way. */
bool dispose_reaped(pid_t pid);

#endif
