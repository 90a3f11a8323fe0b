/*
 * The recipes of the processes that run with a service's confinement.
 */
#ifndef PITH_CHILD_H
#define PITH_CHILD_H

#include "recipe.h"

/* From the clone to the service's program. */
_Noreturn void child_become(const struct recipe *r);

/*
 * The last part of it, for a process that is already inside: joins the user
 * namespace (r->box->user_fd), gives up every privilege, closes all files but
 * the streams and the report, enters WORKDIR and executes argv, looked up as it
 * stands.  For `pith exec`, whose caller has joined the other namespaces, is in
 * the cgroup, has set the streams and the session.
 */
_Noreturn void child_finish(const struct recipe *r, const char *const *argv,
			    const char *const *envp);

#endif
