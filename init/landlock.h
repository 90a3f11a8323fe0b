/*
 * A second wall around what a service may do to files, by Landlock: it reads and
 * executes what is below its root, and changes only what its row says may be
 * changed, whatever the mounts say.  It can also trace no process outside.
 *
 * Kernels without it, and those before 5.19, whose Landlock forbids to rename a
 * file into another folder, go without.
 *
 * Source: landlock(7), Documentation/userspace-api/landlock.rst.
 */
#ifndef PITH_LANDLOCK_H
#define PITH_LANDLOCK_H

#include "recipe.h"

/*
 * Opens what the rules are about.  The process's root is the service's, and it
 * can search every folder of it.  Returns an fd, or 0 where there is to be no
 * such wall: the kernel has none, or the service keeps CAP_SYS_ADMIN.
 */
int landlock_prepare(const struct recipe *r);

/* From here on it holds, if ruleset is not 0.  After no_new_privs, before a
 * filter that refuses the call.  The fd stays open. */
void landlock_enforce(const struct recipe *r, int ruleset);

#endif
