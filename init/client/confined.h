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

/* Of its namespaces, and of its sets of capabilities; with those that are special. */
enum {
	CONFINED_NAMESPACES = 8,
	CONFINED_USER = 0,
	CONFINED_NET = 3,
	CONFINED_TIME = 7,	/* all share it with the board: there is one clock */
	CONFINED_SETS = 5,
	CONFINED_BOUNDING = 3,
};

/* All capabilities by their names, with blanks between them. */
#define CONFINED_CAPS_SIZE 640

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

/* "net", by its number. */
const char *confined_namespace(unsigned number);

/* "none", "all" or names; NULL of a negative set, which is not known. */
const char *confined_caps_words(struct text *t, int64_t set);

#endif
