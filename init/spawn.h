/*
 * Starts one run of a service in its sandbox.  It never waits: what becomes
 * of the child is told by its status fd and its exit.
 */
#ifndef PITH_SPAWN_H
#define PITH_SPAWN_H

#include "sandbox.h"

/* tell_refused as in recipe.h.  0, or -errno with *err filled in and nothing left
 * behind.  The caller owns both fds of *child. */
int spawn_service(const struct service *s, struct sandbox *box, bool tell_refused,
		  struct spawned *child, struct start_error *err);

/* Kills a child that nobody is going to wait for: it is reaped like any other
 * orphan. */
void spawned_give_up(int pidfd, int status_fd);

#endif
