/*
 * LISTEN: sockets that PID 1 keeps open over the runs of a service, each at its
 * number (fds.h), and that every start gets from fd 3 on, sd_listen_fds(3).  A
 * client that connects while nobody serves waits in the queue.
 *
 * TCP and UDP sockets are of a network namespace.  The first start in a sandbox
 * opens them, all or none, and hands them to PID 1 with its report: it is the one
 * process that is in that namespace, in the service's cgroup, and still root outside,
 * which a low port of the board needs, and a namespace that is another service's.
 * They live as long as the sandbox's namespaces.
 *
 * A unix socket is bound below PATH_LISTEN before any service is started, so it does
 * not matter whether a client or its server comes first.  It lives as long as a
 * table has it at that path, whatever becomes of the sandbox or of the row: clients
 * have this very file mounted.
 *
 * A run that shuts its socket down gets another at its next start.  Clients that have
 * a unix socket of that kind mounted are refused until they are started anew.
 *
 * What stands here costs a table without LISTEN nothing.
 */
#ifndef PITH_LISTEN_H
#define PITH_LISTEN_H

#include <stdbool.h>

#include "fds.h"
#include "recipe.h"
#include "report.h"
#include "service.h"

/* The first of them, as the program gets them. */
#define LISTEN_FDS_START 3

static inline bool listen_has(const struct service *s)
{
	return LISTEN_COUNT && s->listen_count;
}

/* Where PID 1 keeps the service's i-th. */
static inline int listen_number(const struct service *s, unsigned i)
{
	return fds_number_of_listen(s->listen_first + i);
}

/* The board's path of its i-th, or NULL if that is no unix socket. */
const char *listen_source(const struct service *s, unsigned i);

/* --- PID 1's part: nothing of it waits (listen.c) ------------------------------ */

/* Binds the unix sockets of all services, but for those that are there.  What
 * fails is tried again, and told, at its service's start. */
void listen_open_all(void);

/* Before each start: what was shut down is closed, and a unix socket that is missing
 * is bound.  *opens: it is for this start to open those of TCP and UDP.  0 or -errno,
 * with *err filled in. */
int listen_prepare(const struct service *s, bool *opens, struct start_error *err);

/* Closes those of TCP and UDP: their namespace goes. */
void listen_release(const struct service *s);

/* Closes one, which may take effect a moment later (dispose.h). */
void listen_close(int fd);

/* Whether a kept fd is the unix socket that was bound at that path. */
bool listen_is_bound_at(int fd, const char *path);

/* --- Between a start and PID 1 (listen_open.c) ------------------------------------ */

/* A step of the recipe, for a start that opens them: in the network namespace,
 * with real root. */
void listen_open(const struct recipe *r);

/* In PID 1: keeps those that came with a report at their numbers.  Returns how many
 * were taken. */
unsigned listen_keep(const struct service *s, const int *fds, unsigned count);

/* What a report says of one that could not be opened: *err tells which. */
void listen_name_failed(const struct service *s, const struct report_of_socket *is,
			struct start_error *err);

/* A step of the recipe: puts them where the program finds them, as if they were
 * new.  What had these numbers is closed. */
void listen_hand_on(const struct recipe *r);

#endif
