/*
 * The standard streams of a command that runs inside a service, and their
 * other ends here: a terminal of the service's own for those that are a
 * terminal at the operator, pipes for the others.  So output that goes into a
 * file arrives byte for byte, also when there is a terminal.
 */
#ifndef PITH_CLIENT_EXEC_STREAMS_H
#define PITH_CLIENT_EXEC_STREAMS_H

#include <stdbool.h>
#include <termios.h>

#include "relay.h"
#include "service.h"

struct exec_streams {
	int stream[3];		/* what the command gets as 0 to 2 */
	int terminal;		/* its side of the terminal; -1: none */
	struct termios saved;	/* of the operator's terminal */
};

/* Makes them, owned by the service's user, and lays the relay's flows; root is the
 * service's root folder.  0 or -errno.  The fds stay open until the client
 * exits, but for exec_streams_hand_over(). */
int exec_streams_open(struct exec_streams *s, struct relay *r, const struct service *service,
		      int root, bool terminal);

/* Closes the command's ends here: the guard and the command have them now. */
void exec_streams_hand_over(struct exec_streams *s);

/* The operator's terminal passes on every key as it is; and is as it was. */
void exec_streams_set_raw(const struct exec_streams *s);
void exec_streams_restore(const struct exec_streams *s);

#endif
