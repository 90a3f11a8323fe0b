/*
 * What the kernel says of a process's confinement: namespaces, capabilities,
 * seccomp, no_new_privs.
 *
 * Source: proc_pid_status(5), namespaces(7), capabilities(7).
 */
#ifndef PITH_CLIENT_CONFINED_H
#define PITH_CLIENT_CONFINED_H

#include <stdbool.h>
#include <stdint.h>

#include "service.h"
#include "show.h"

enum {
	CONFINED_NAMESPACES = 8,
	CONFINED_SETS = 5,
};

struct confined {
	uint64_t namespace[CONFINED_NAMESPACES];	/* inode numbers; 0: not known */
	bool boards[CONFINED_NAMESPACES];		/* it is PID 1's own */
	/* -1: the kernel does not say */
	int64_t capabilities[CONFINED_SETS];
	int64_t seccomp;	/* 0 none, 2 a filter */
	int64_t no_new_privs;
};

/* proc: its folder in /proc. */
void confined_read(struct confined *is, int proc);

void confined_show(struct show *s, const struct confined *is);

/* Where it is less than what every service gets. */
void confined_show_loosened(struct show *s, const struct confined *is, const struct service *row);

#endif
