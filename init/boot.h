/*
 * From the kernel's hand-over to a system in which services can start.
 */
#ifndef PITH_BOOT_H
#define PITH_BOOT_H

#include "sandbox.h"

/* Does the steps in their order and fills in the site.  A step that fails is
 * said and the boot goes on: what needs it fails later, by name. */
void boot(struct sandbox_site *site);

#endif
