/*
 * The short-lived child that configures a sandbox from inside its namespaces.
 */
#ifndef PITH_INSIDE_H
#define PITH_INSIDE_H

#include "recipe.h"

/* Waits for one byte on report_fd, which says that the ids are mapped and the
 * interface is there; exits with status 0 when all is done. */
_Noreturn void inside_configure(const struct recipe *r);

#endif
