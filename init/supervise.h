/*
 * The loop of PID 1: kernel facts become events, actions become system
 * calls, and the pure functions of order.h decide in between.
 */
#ifndef PITH_SUPERVISE_H
#define PITH_SUPERVISE_H

#include "sandbox.h"
#include "state.h"

/* How the system ends: the commands of reboot(2). */
struct ending {
	int command;
	const char *doing;	/* "powering off" */
};

/* Runs all services until the system shall end and they are at rest, or
 * the board's shutdown time-out has passed.  origin says what there is to be
 * taken up of an earlier PID 1's. */
const struct ending *supervise(const struct sandbox_site *site, enum state_origin origin);

#endif
