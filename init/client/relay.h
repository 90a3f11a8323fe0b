/*
 * Carries bytes and signals between the operator and a command that runs with
 * a service's confinement.  The operator's own files never go there: what the
 * command has are pipes, and a terminal of the service's own.
 *
 * Files of the operator's are used as they are, blocking or not, since others
 * may share them; they are only read and written when poll(2) says so.
 */
#ifndef PITH_CLIENT_RELAY_H
#define PITH_CLIENT_RELAY_H

#include <stddef.h>

/* What a pipe that poll(2) calls writable takes without blocking: PIPE_BUF. */
#define RELAY_CHUNK 4096

/* More than a pipe or a terminal holds back of a command that has ended: 64 KB,
 * or 1 MB with the largest pages.  What comes after that, others wrote. */
#define RELAY_REST (1u << 20)

/* One direction; over when from is -1. */
struct flow {
	int from, to;
	int pipe;	/* that one of both which is closed in the end; -1: none,
			 * for it is the terminal */
	size_t at, len;	/* what waits in bytes */
	char bytes[RELAY_CHUNK];
};

enum {
	RELAY_IN,	/* the operator's standard input, to the command */
	RELAY_SCREEN,	/* from the terminal, to the operator's */
	RELAY_OUT,	/* from the pipes */
	RELAY_ERR,
	RELAY_FLOWS,
};

struct relay {
	struct flow flow[RELAY_FLOWS];
	int terminal;	/* the service's, its master's side; -1: there is none */
	int signals;	/* a signalfd */
	int guard;	/* pidfd: readable when the command has ended */
	int lifeline;	/* a byte written here is a signal for the command */
	size_t rest;	/* of RELAY_REST */
};

/* All fds at -1. */
void relay_init(struct relay *r);

/* The terminal's size becomes that of the operator's, whose fd is tty. */
void relay_copy_size(int tty, int terminal);

/* Runs until the command has ended and all that it wrote is written.  Returns 0,
 * or the signal that ends it earlier: SIGHUP if the operator's terminal went. */
int relay_run(struct relay *r);

#endif
