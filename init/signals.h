/*
 * PID 1's signals: all arrive by one fd, except those of a fault in PID 1
 * itself.
 */
#ifndef PITH_SIGNALS_H
#define PITH_SIGNALS_H

/* Resets what another PID 1 may have left, and blocks: from here on a signal
 * waits until it is read.  Unblocked and without a handler, the kernel would
 * throw it away. */
void signals_block(void);

/* A signalfd(2), non-blocking, for all blocked signals; or -errno. */
int signals_open(void);

#endif
