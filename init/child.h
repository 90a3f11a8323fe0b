/*
 * The child that becomes a service.
 */
#ifndef PITH_CHILD_H
#define PITH_CHILD_H

#include "recipe.h"

/* In new PID and mount namespaces and in the service's cgroup, with real
 * root: does all that is left and executes the program. */
_Noreturn void child_become(const struct recipe *r);

#endif
