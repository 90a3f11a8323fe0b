/*
 * The recipes of the processes that run with a service's confinement.
 */
#ifndef PITH_CHILD_H
#define PITH_CHILD_H

#include "recipe.h"

/* From the clone to the service's program. */
_Noreturn void child_become(const struct recipe *r);

/*
 * Two parts of it for `pith exec`.  What only the initial user namespace's root
 * may set, while /proc is the board's: oom_score_adj and resource limits.
 */
void child_set_limits(const struct recipe *r);

/*
 * And the last part, for a process that is already inside: takes the service's
 * ids, capabilities, Landlock domain and seccomp filter, closes all files but
 * the streams and the report (and, if the recipe has it so, sockets of LISTEN), enters WORKDIR and executes argv, looked up as it
 * stands.  The caller has joined all namespaces but the user's, is in the
 * cgroup, has set the streams and the session.
 */
_Noreturn void child_finish(const struct recipe *r, const char *const *argv,
			    const char *const *envp);

#endif
