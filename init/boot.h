/*
 * From the kernel's hand-over to a system in which services can start.
 */
#ifndef PITH_BOOT_H
#define PITH_BOOT_H

#include "sandbox.h"
#include "state.h"

/* What PID 1 needs for itself, whether it is the first one or was executed
 * anew.  Nothing can fail in a way that matters. */
void boot_self(void);

/* Does the steps in their order and fills in the site.  A step that fails is
 * said and the boot goes on: what needs it fails later, by name. */
void boot(struct sandbox_site *site);

/* The first services are on their way, in whichever PID 1's time: the kernel need not
 * hurry any more. */
void boot_over(void);

/* Fills in the site, where an earlier PID 1 has done the steps. */
void boot_again(struct sandbox_site *site, enum state_origin origin);

#endif
