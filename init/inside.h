/*
 * What is done inside the namespaces of a sandbox, by a child and over what it
 * leaves behind.
 */
#ifndef PITH_INSIDE_H
#define PITH_INSIDE_H

#include <stdbool.h>
#include <sys/types.h>

#include "service.h"
#include "stage.h"

/* Fds that were opened inside; 0: the service has no such namespace of its own. */
struct inside {
	const struct service *service;
	struct start_error *err;
	int user_fd, net_fd, uts_fd;
	int route_fd;	/* a NETLINK_ROUTE socket, of who has a pair */
	int groups_fd;	/* ping_group_range, which counts by ids that are mapped first */
	bool made;	/* the child came to its end */
};

/* Makes the namespaces by a child that opens the fds and sets what needs no ids,
 * and runs no more when this returns: the caller maps the ids by its pid and then
 * reaps it.  That pid; or -errno, with *err filled in and nothing left. */
pid_t inside_make(struct inside *in);
void inside_reap(pid_t pid);

/* Sets the rest, once the ids are mapped and the pair is there. */
int inside_configure(const struct inside *in, bool ipv6);

/* Closes all of it that is not 0. */
void inside_close(struct inside *in);

#endif
