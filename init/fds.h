/*
 * The fds that PID 1 keeps have fixed numbers and are not close-on-exec: when
 * it is executed anew it finds each where it was, and asks no memory of its
 * own which was which.  Children close them all by close_range(2).
 *
 * All other fds are close-on-exec, and those that last stay below FDS_FIRST.
 */
#ifndef PITH_FDS_H
#define PITH_FDS_H

#include <stdint.h>

#include "table.h"

/* Of one service. */
enum fd_kind {
	FD_CGROUP,
	FD_EVENTS,
	FD_LOG_READ,
	FD_LOG_WRITE,
	FD_USER,
	FD_NET,
	FD_UTS,
	FD_VIEW,
	FD_NOTIFY,
	FD_PIDFD,
	FD_STATUS,
	FD_KIND_COUNT,
};

/* Below: the streams, and what the loop opens: the clients' connections (at
 * most CONTROLS_MAX), a few sockets, and what a start opens for a moment. */
#define FDS_FIRST	128
#define FDS_STATE	FDS_FIRST
#define FDS_STATE_TEXT	"128"
#define FDS_WATCHDOG	(FDS_FIRST + 1)
#define FDS_STORAGE	(FDS_FIRST + 2)	/* what its child reports by (storage.h) */
#define FDS_PRESSURE	(FDS_FIRST + 3)	/* tells of memory pressure (pressure.h) */
#define FDS_IMAGES	(FDS_FIRST + 4)	/* what their child reports by (images.h) */
#define FDS_SERVICES	(FDS_FIRST + 5)

static inline int fds_number(uint16_t id, enum fd_kind kind)
{
	return FDS_SERVICES + id * FD_KIND_COUNT + (int)kind;
}

/* Of the socket with that number among all services' LISTEN (struct service's
 * listen_first and on): behind the last service's. */
static inline int fds_number_of_listen(unsigned number)
{
	return fds_number(SERVICE_SLOTS, 0) + (int)number;
}

/* Moves fd (or passes its -errno on) to its number.  Returns that number, or
 * -errno with fd closed. */
int fds_keep(int fd, int number);

/* Closes it, if there is one: 0 means none.  Sets it to 0. */
void fds_drop(int *fd);

/* The number if it is open, else 0. */
int fds_find(int number);

#endif
