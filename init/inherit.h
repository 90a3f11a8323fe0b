/*
 * What a PID 1 with another table takes over from the one before it: rows that
 * are the same go on unharmed, a row that changed is started anew, a service
 * that is gone is ended and its cgroup removed.
 */
#ifndef PITH_INHERIT_H
#define PITH_INHERIT_H

#include <stdbool.h>
#include <stddef.h>

#include "state.h"

/* Fills the new state, whose header is complete, from the old one, and moves
 * the kept fds to the numbers that they have in this table.  False if the old
 * one is not sound, or NULL: nothing was taken, all services are killed and
 * their fds closed.  What it says goes to the console alone: no ring is in its
 * place yet. */
bool inherit(struct state *to, const void *old, size_t size);

#endif
