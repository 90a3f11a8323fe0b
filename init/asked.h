/*
 * What a request of a client means (control.h): for a service an event of the
 * order, for the board its end or a new PID 1.
 */
#ifndef PITH_ASKED_H
#define PITH_ASKED_H

#include "run.h"

/* Handles the next request of a connection. */
void asked(struct supervisor *sup, uint16_t place);

#endif
