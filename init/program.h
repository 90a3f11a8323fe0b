/*
 * What may be executed as a service's program.
 */
#ifndef PITH_PROGRAM_H
#define PITH_PROGRAM_H

#include "recipe.h"

/*
 * Reports and does not return if path is no regular file (as STAGE_EXEC), or
 * leads through a link of /proc such as /proc/self/exe, which is this very
 * binary (as STAGE_PROC_LINK).  Symbolic links are followed.
 *
 * To be called with the service's root and as its user.
 */
void program_check(const struct recipe *r, const char *path);

#endif
