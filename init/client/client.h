/*
 * The client: /init under the name `pith`.  It maps PID 1's state (state.h) and
 * reads it by itself, reads the kernel's side from cgroups and /proc, and asks
 * PID 1 only to do something (control.h).
 *
 * As in PID 1: no heap, bounded buffers, -errno inside.
 */
#ifndef PITH_CLIENT_H
#define PITH_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "control.h"
#include "state.h"

/* What `pith` exits with; `pith exec` passes the program's status on. */
enum client_exit {
	CLIENT_OK = 0,
	CLIENT_FAILED = 1,	/* PID 1 refused it, or it could not be done */
	CLIENT_USAGE = 2,	/* the command line is wrong */
	CLIENT_NOT_UP = 3,	/* status NAME, wait NAME: it is not up */
	CLIENT_UNKNOWN = 4,	/* there is no such service */
	CLIENT_NO_PITH = 5,	/* PID 1 does not answer, or is not pith */
	CLIENT_CLOSED = 6,	/* why NAME:PORT: something stops the connection */
	CLIENT_EXEC_FAILED = 125,	/* exec: pith itself failed */
	CLIENT_CANNOT_EXECUTE = 126,	/* exec: the program cannot be executed */
	CLIENT_NOT_FOUND = 127,	/* exec: there is no such program */
};

/* PID 1 answers within microseconds; after this time it is stuck, or the board
 * has so much to do that a client is not let run for seconds. */
#define CLIENT_ANSWER_TIMEOUT_S 30

/* How long a connection that was lost is tried anew.  PID 1 is executed anew in
 * some 10 ms; but one that is silent for a second may have to give way to others
 * (controls.h), and among a thousand clients that is easily so. */
#define CLIENT_RECONNECT_MS 30000

struct client {
	int socket;
	const struct state *state;	/* mapped, read-only */
	size_t size;			/* of the mapping */
	bool changed;			/* CONTROL_CHANGED came with another answer */
	bool polling;			/* there are too many watchers: looks by itself */
};

/* main() of the client; argv[0] is a name. */
int client_main(int argc, char **argv, char **envp);

/* What client_main() was called with. */
struct client_start {
	char **argv, **envp;
};
extern struct client_start client_start;

/* --- link.c: PID 1 -------------------------------------------------------------- */

/* Connects, maps the state and checks it.  A PID 1 that was built from another
 * table is answered by executing its own binary, /proc/1/exe, with the same
 * arguments.  Returns 0, or an exit status after having said why. */
int client_attach(struct client *c);

/* How most commands begin: count is what options_read() returned; and name is of
 * the service that it is about. */
int client_begin(struct client *c, int count);
int client_begin_with(struct client *c, int count, const char *name, uint16_t *id);

/* The two parts of it, which check only that PID 1 is a pith: 0 or -errno. */
int client_connect(struct client *c);
int client_map(struct client *c);

/* After -ECONNRESET: PID 1 was executed anew, or had no place left.  As
 * client_connect() and client_attach(). */
int client_connect_again(struct client *c);
int client_attach_again(struct client *c);

/* Asks PID 1 and waits for the answer.  fd goes along if it is not 0; *answer_fd,
 * if not NULL, is what came back.  Returns the result, or -errno of the transport. */
int client_request(struct client *c, enum control_verb verb, unsigned service, int number,
		   int fd, int *answer_fd);

/* CONTROL_WATCH once, then waits until the state has changed or time is over
 * (-1: for ever).  1, 0 on time-out, or -errno. */
int client_watch(struct client *c);
int client_wait_change(struct client *c, int timeout_ms);

/* The same, and 2 when fd has something to read; -1 is no fd. */
int client_wait_either(struct client *c, int fd, int timeout_ms);

/* Waits, after client_watch(), until something has changed or fd has something
 * to read.  It connects again where that helps.  0, or an exit status after having
 * said why. */
int client_follow(struct client *c, int fd);

/* Watches, and calls settled() now and after every change until it returns other
 * than 0, which is then returned; 0 when time is over, or minus an exit status
 * after having said why.  As client_follow(). */
int client_wait_until(struct client *c, int (*settled)(struct client *c, void *arg), void *arg,
		      int timeout_ms);

/* --- say.c ---------------------------------------------------------------------- */

/* SERVICE_COUNT, which compilers take amiss in comparisons when it is 0. */
static inline unsigned client_services(void)
{
	return SERVICE_COUNT;
}

/* Place in services[], or -1 after having said which name is nearest. */
int client_find_service(const char *name);

/* "pith: …" on standard error, with an end of line. */
void client_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* In words why a request was refused; returns CLIENT_FAILED or _NO_PITH. */
int client_refused(const char *what, int result);

/* --- The subcommands ------------------------------------------------------------- */

/* main.c has the table of them, which also prints the help.  argv[0] is the
 * subcommand.  Each returns an exit status. */
int client_status(int argc, char **argv);
int client_top(int argc, char **argv);
int client_logs(int argc, char **argv);
int client_events(int argc, char **argv);
int client_why(int argc, char **argv);
int client_wait(int argc, char **argv);
int client_table(int argc, char **argv);
int client_network(int argc, char **argv);
int client_steer(int argc, char **argv);	/* start stop restart */
int client_kill(int argc, char **argv);
int client_end(int argc, char **argv);		/* reboot poweroff halt */
int client_reexec(int argc, char **argv);
int client_update(int argc, char **argv);
int client_update_nothing(int argc, char **argv);	/* on a board without images */
int client_version(int argc, char **argv);
int client_exec(int argc, char **argv);

/* The writer of log copies, which PID 1 runs as a helper (`pith write-logs`). */
int client_write_logs(int argc, char **argv);

#endif
