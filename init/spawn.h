/*
 * Starts one run of a service in its sandbox.  It never waits: what becomes
 * of the child is told by its status fd and its exit.
 */
#ifndef PITH_SPAWN_H
#define PITH_SPAWN_H

#include "sandbox.h"

/* 0, or -errno with *err filled in and nothing left behind.  The caller owns
 * both fds of *child. */
int spawn_service(const struct service *s, const struct sandbox *box,
		  struct spawned *child, struct start_error *err);

#endif
