/*
 * What `pith exec` was asked to do, and what follows from it alone: the
 * command's environment, and where its program may be.  Pure.
 *
 * Nothing is copied but PATH: all other texts stay the caller's.
 */
#ifndef PITH_CLIENT_EXEC_ARGS_H
#define PITH_CLIENT_EXEC_ARGS_H

#include <stdbool.h>

#include "text.h"

/* Of its command line, for people. */
#define EXEC_ARGUMENTS \
	"[--toolbox] [-T] [-e NAME=VALUE]... [-w DIR] NAME [COMMAND [ARGUMENT...]]"

/* Options -e; who needs more has a shell in the service. */
#define EXEC_SET_MAX 32

/* Variables, the service's own among them, of which there are a dozen. */
#define EXEC_ENV_MAX 256

/* PATH_MAX of limits.h: a longer name cannot be executed. */
#define EXEC_PATH_SIZE 4096

struct exec_args {
	const char *name;		/* of the service */
	const char *workdir;		/* NULL: the service's own */
	const char **command;		/* ends with NULL */
	const char *set[EXEC_SET_MAX];	/* NAME=VALUE */
	unsigned set_count;
	bool toolbox;
	bool no_terminal;
};

/* argv[0] is "exec".  0, or -EINVAL: the command line is wrong. */
int exec_parse(int argc, char **argv, struct exec_args *args);

struct exec_env {
	const char *vars[EXEC_ENV_MAX + 1];	/* ends with NULL */
	unsigned count;
	char path[EXEC_PATH_SIZE];
};

/* Fills it with the service's variables but for those of LISTEN, whose sockets a
 * command does not get, and over them those of extra[] (count of them; a NULL is
 * none) in their order.  0 or -E2BIG. */
int exec_env_build(struct exec_env *env, const char *const *row, const char *const *extra,
		   unsigned count);

/* The value, or NULL. */
const char *exec_env_get(const struct exec_env *env, const char *name);

/* Puts a folder in front of PATH.  0 or -E2BIG. */
int exec_env_add_folder(struct exec_env *env, const char *folder);

/* The next place at which a command without a slash may be.  *path goes through
 * the value of PATH; false when it is at its end.  Folders that are not
 * absolute, and names that are too long, are left out. */
bool exec_next_candidate(const char **path, const char *command, struct text *to);

#endif
