/*
 * Takes up the services that an earlier run of PID 1 left: what the state says
 * is held against what the kernel says, which is right.
 */
#ifndef PITH_RESUME_H
#define PITH_RESUME_H

#include "run.h"

/* After order_init().  Fills the order and the runs, watches the fds that are
 * there, and lets the order decide what has to be done again.  stopping: the
 * system goes down.  broken: no record is to be believed. */
void resume_all(struct supervisor *sup, bool stopping, bool broken);

#endif
