/*
 * The notify socket of a service: sd_notify(3), of which pith knows READY=1,
 * STATUS=, RELOADING=1, STOPPING=1, WATCHDOG=1, WATCHDOG=trigger and
 * EXTEND_TIMEOUT_USEC=.  All else is ignored, as the protocol asks.
 *
 * Each service has a socket of its own, bound at a path of PID 1's and placed
 * into the service as NOTIFY_INSIDE: who can reach it is of that service, also
 * when the sender has ended before its word is read.
 */
#ifndef PITH_NOTIFY_H
#define PITH_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service.h"

/* What the service finds in NOTIFY_SOCKET; the host tool writes the same. */
#define NOTIFY_NODE "notify"
#define NOTIFY_INSIDE "/dev/" NOTIFY_NODE

/* A message that is longer is ignored: sd_notify's fields and a status line
 * are some hundred bytes. */
#define NOTIFY_MESSAGE_MAX 4096

struct notify_message {
	bool ready, reloading, stopping;
	bool ping;		/* WATCHDOG=1 */
	bool trigger;		/* WATCHDOG=trigger: as if it had missed it */
	uint64_t extend_ms;	/* rounded up; 0: not asked for */
	const char *status;	/* into the bytes, or NULL */
	size_t status_len;
};

/* Pure (notify_parse.c).  Reads any bytes, NULs among them; of a field that comes
 * twice the last one counts, and what is no value of it is as if not there. */
void notify_parse(const char *bytes, size_t len, struct notify_message *message);

/* Makes the socket anew at its path, owned by the service's user.  Returns its
 * fd (non-blocking, close-on-exec) or -errno. */
int notify_open(const struct service *s);

/* Takes one message of at most NOTIFY_MESSAGE_MAX bytes.  Returns its length,
 * -EAGAIN when there is none, -EMSGSIZE when it was longer.  Fds that came with
 * it are closed (dispose.h), which is all that "BARRIER=1" asks for.  A message
 * with some costs PID 1 a clone, so a turn takes but a few. */
int notify_receive(int fd, char *bytes);

/* Throws away what is there: an earlier run's last words. */
void notify_drain(int fd);

/* Closes the socket; what is in its queue may hold fds, so close(2) or dup2(2)
 * over it may wait. */
void notify_close(int fd);

/* Path of the socket, for the recipe that places it: text of NOTIFY_PATH_SIZE. */
#define NOTIFY_PATH_SIZE 48
const char *notify_path(char *buf, const struct service *s);

#endif
