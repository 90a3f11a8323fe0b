/*
 * The in-guest probe: a service that answers one question per connection.
 * It is the program of every test service.  What it sees or tries from inside
 * is said to whoever asks; what that means is decided by the harness alone.
 *
 * A request is one line, `VERB ARGUMENT…`, separated by blanks.  The answer's
 * first line is `ok` or the name of an errno; further lines are what was seen.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stddef.h>

#define PROBE_PORT 7000

/* A request is written by hand in the harness: the longest one holds a path
 * and a few numbers. */
#define REQUEST_SIZE 512
#define REQUEST_WORDS 16

/* Where a verb runs.  Most run in a child of their own, since they may do
 * harm to whoever runs them; some are about the service's main process. */
enum verb_place {
	IN_CHILD,
	IN_MAIN,
};

struct verb {
	const char *name;
	const char *usage;
	int least;		/* arguments after the name */
	enum verb_place place;
	void (*run)(int out, char **argv);	/* argv[0] is the verb; ends with NULL */
};

/* Tables that end with a row without a name. */
extern const struct verb facts[];
extern const struct verb attempts[];
extern const struct verb trespasses[];
extern const struct verb loads[];
extern const struct verb ends[];
extern const struct verb notices[];
extern const struct verb system_calls[];
extern const struct verb crowds[];
extern const struct verb knocks[];
extern const struct verb packets[];

/* Reads one line of at most REQUEST_SIZE bytes, without its end.  Returns its
 * length. */
size_t request_read(int fd, char *line);

/* The words of a line, which it changes; argv has room for REQUEST_WORDS and a
 * NULL.  Returns their number. */
int request_split(char *line, char **argv);

/* Runs the verb in a child or, where it is about the main process, right here. */
void request_run(int out, char **argv, int argc);

/* Remembers what exec handed on.  Must run before anything opens a file or
 * changes a signal. */
void birth_record(int argc, char **argv, char **envp);
void birth_tell(int out);

/* Says READY=1, and WATCHDOG=1 from then on. */
void notify_begin(void);

/* Sends one message to NOTIFY_SOCKET; -1 with errno if there is none. */
int notify_say(const char *text, size_t len);

/* Copies one word, with \n as the end of a line and \xHH as a byte.  Returns
 * its length; it needs no more room than before. */
size_t unescape(char *to, const char *from);

/* The answer's first line: `ok` for rc >= 0, else the name of errno. */
void answer(int out, long rc);

/* A socket on that port, of both families; -1 with errno. */
int door_make(int type, int port);

/* Opens its doors, if it has any, and answers there from now on. */
void doors_serve(void);

struct sockaddr_storage;

/* Of either family, and with %INTERFACE if it needs that.  Returns its length. */
int probe_address(const char *address, const char *port, struct sockaddr_storage *to);

/* Asks ADDRESS:PORT over TCP and waits for at most three seconds: sends text
 * and a newline if there is one, then reads until the other side closes.
 * Returns the length of the reply, which is NUL-terminated, or -1 with errno. */
long ask_tcp(const char *address, const char *port, const char *text,
	     char *reply, size_t size);

#endif
