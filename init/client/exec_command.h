/*
 * The two processes of `pith exec`: the command, inside the service, and its
 * guard, outside, which is its parent.
 *
 * The guard is there because a PID namespace ends only when everything in it
 * is reaped.  Were the client itself the parent, a client that is stopped would
 * hold up the end of the service.  The guard has its own session, takes no
 * signal that can be blocked, and waits for nobody but its child.
 */
#ifndef PITH_CLIENT_EXEC_COMMAND_H
#define PITH_CLIENT_EXEC_COMMAND_H

#include "exec_target.h"
#include "recipe.h"
#include "toolbox.h"

struct exec_command {
	struct recipe recipe;	/* .service, .box->user_fd, .report_fd */
	const struct exec_target *target;
	const struct toolbox *toolbox;	/* NULL: none */
	const char **argv;
	const char *const *envp;
	const char *path;	/* where argv[0] is looked up if it has no slash */
	int cgroup_fd;		/* cgroup.procs of the service's, for writing */
	int stream[3];
	int terminal;		/* becomes the controlling one; -1: there is none */
	int lifeline[2];	/* a pipe: bytes are signals for the command, and its end
				 * is the command's */
};

/* Returns the guard's pid or -errno; *pidfd is the guard's.  It exits with the
 * command's exit status, or 128 plus the signal that ended it.  What failed
 * before the program ran comes through the report, and so does that signal, as a byte. */
pid_t exec_command_clone(const struct exec_command *c, int *pidfd);

#endif
