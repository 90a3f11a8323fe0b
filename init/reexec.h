/*
 * PID 1 outlives itself: hit by a fatal signal, or asked to, it executes its
 * binary, or a newer one, and takes its state up again (state.h).
 */
#ifndef PITH_REEXEC_H
#define PITH_REEXEC_H

#include <stdbool.h>

/* A second fatal signal that comes this soon after one is no accident: the
 * board is rebooted in order, by a PID 1 that was executed for that alone. */
#define REEXEC_TOO_SOON_MS 1000

/* Installs the handlers of SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT, on a
 * stack of their own.  Call it after state_open(). */
void reexec_guard(void);

/* Between both a fatal signal that somebody sends waits: what PID 1 has just taken, and
 * put nowhere yet, would be lost with it.  What it brings on itself does not wait. */
void reexec_hold(void);
void reexec_release(void);

/* Whether there is a state that outlives this PID 1: without one it would boot once more
 * over all that runs. */
bool reexec_can(void);

/* Executes fd, or this binary again if it is 0.  Returns -errno only if that
 * fails, with nothing changed. */
int reexec(int fd);

/* Says how this PID 1 came to be, after state_open() found an earlier one's. */
void reexec_tell(void);

#endif
