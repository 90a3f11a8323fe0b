/*
 * pith update, and its parts: what is in hand, where it goes, what comes of it.
 * Each says itself what went wrong, and returns an exit status.
 */
#ifndef PITH_CLIENT_UPDATE_H
#define PITH_CLIENT_UPDATE_H

#include <stdbool.h>

#include "client.h"
#include "images_state.h"
#include "update_step.h"

/* Verifies the release at path, and writes it into the slot that is not in use.
 * is: PID 1's state.  stop: has something to read when that is to end (bundle.h).  What is in
 * use, and the record of it, are as before, whatever comes of it. */
int update_install(const char *path, const struct images *is, int stop);

/* Until a request is taken. */
int update_wait(struct client *c, int stop);

/* After a request: a line for each step, until it is through.  was: the state before
 * the request. */
int update_follow(struct client *c, const struct images *was, enum update_goal goal, int stop);

/* pith update --status */
int update_status(const struct client *c, bool json);

#endif
