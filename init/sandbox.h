/*
 * What outlives the runs of a service: its cgroup with its limits, its log
 * pipe, and its user, network and UTS namespaces, all held by fds; without a
 * user namespace (USERNS=n) or a network one of its own (NET=host, share) there is
 * no fd of it.
 * Made once, before the first start, so that a restart costs none of it and the
 * address never flickers.
 *
 * An fd of 0 means "not there yet": PID 1 keeps 0 to 2 occupied.  Each fd has
 * its fixed number (fds.h).
 */
#ifndef PITH_SANDBOX_H
#define PITH_SANDBOX_H

#include <stdbool.h>
#include <sys/types.h>

#include "service.h"
#include "stage.h"

struct sandbox {
	int cgroup_fd, events_fd;	/* its folder; its cgroup.events */
	int log_read, log_write;	/* non-blocking; as the service gets it */
	int user_fd, net_fd, uts_fd;
	int notify_fd;			/* its notify socket, if the row has one */
	int view_fd;			/* the mounts that its starts have in common (view.h),
					 * once one has made them */
	bool wants_view;		/* a start of this very PID 1 was to make them */
	uint64_t view_devices;		/* what its DEVICES were then (devices_digest()) */
	bool complete;			/* all of it is there, and configured */
	const char *missing;		/* a device with a limit, which is not there */
};

/* A service's child on its way. */
struct spawned {
	pid_t pid;
	int pidfd;
	int status_fd;	/* non-blocking; a struct stage_report, or end of file */
};

/* Where all sandboxes are made: the same for each. */
struct sandbox_site {
	int cgroup_fd;		/* the group that holds the services' */
	int route_fd;		/* a NETLINK_ROUTE socket */
	bool ipv6;		/* the kernel has it */
	int devices_error;	/* why the services cannot be kept from devices, or 0 */
};

/* Cgroup, limits, log pipe and notify socket: what needs no process.  What is there already
 * stays.  0 or -errno, with *err filled in. */
int sandbox_prepare(const struct service *s, const struct sandbox_site *site,
		    struct sandbox *box, struct start_error *err);

/* Makes the namespaces, holds them by fds and connects them: all is there when it
 * returns, or nothing.  The caller then sets .complete.  0 or -errno, with *err filled in. */
int sandbox_make_namespaces(const struct service *s, const struct sandbox_site *site,
			    struct sandbox *box, struct start_error *err);

/* Whether every namespace that the row has is held. */
bool sandbox_has_namespaces(const struct service *s, const struct sandbox *box);

/* Lets go of namespaces that were not completed. */
void sandbox_release_namespaces(struct sandbox *box);

/* Lets go of the mounts that starts have in common, if there are any: the next start
 * makes them anew. */
void sandbox_drop_view(struct sandbox *box);

/* Lets go of everything: the row that it was made by is another's now. */
void sandbox_discard(struct sandbox *box);

/* Removes the cgroup, in which nothing lives, so that the next start makes it
 * anew, and what is mounted of it; its counters begin again. */
void sandbox_discard_cgroup(const struct service *s, const struct sandbox_site *site,
			    struct sandbox *box);

/* Finds the fds that an earlier run of PID 1 kept; .complete is the caller's. */
void sandbox_find(struct sandbox *box, uint16_t id);

#endif
