/*
 * The loop of PID 1: kernel facts become events, actions become system
 * calls, and the pure functions of order.h decide in between.
 */
#ifndef PITH_SUPERVISE_H
#define PITH_SUPERVISE_H

#include <stdint.h>

#include "order.h"
#include "sandbox.h"

/* What an fd in the epoll set speaks of; the low 16 bits hold the service. */
enum source {
	SOURCE_SIGNAL,
	SOURCE_CONSOLE,
	SOURCE_STATUS,
	SOURCE_LOG,
	SOURCE_CGROUP,
};

struct supervisor {
	struct order order;
	struct sandbox_site site;
	int epoll_fd;
};

/* Adds an fd to the epoll set, or says why it could not be. */
int supervise_watch(const struct supervisor *sup, int fd, enum source source,
		    uint16_t id, uint32_t epoll_events);

/* How the system ends: the commands of reboot(2). */
struct ending {
	int command;
	const char *doing;	/* "powering off" */
};

/* Runs all services until the system shall end and they are at rest, or
 * the board's shutdown time-out has passed. */
const struct ending *supervise(const struct sandbox_site *site);

#endif
