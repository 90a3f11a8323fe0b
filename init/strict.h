/*
 * Runs a function as a child that can do nothing but read what it was given, compute,
 * and answer: seccomp's strict mode leaves it read(2), write(2) and exit(2) on three
 * fds, as another user and without a capability, should it ever do more than it is
 * written to do.  Whatever it answers is of no more worth than the bytes that it read.
 *
 * The caller waits.  It has to be root, else the child remains the caller's user.
 * Source: seccomp(2), with SECCOMP_SET_MODE_STRICT.
 */
#ifndef PITH_STRICT_H
#define PITH_STRICT_H

#include <stddef.h>
#include <stdint.h>

/* What the child reads from. */
#define STRICT_FIRST	0
#define STRICT_SECOND	2

struct strict {
	/* Fills in the answer, in the child, with no other system call than those. */
	void (*work)(const void *what);
	const void *what;
	int first, second;	/* the caller's fds; second: or -1 */
	void *answer;		/* of size bytes: the child's, and then the caller's */
	size_t size;
	uint64_t limit_ms;	/* after that long it is killed */
};

/* 0, and the answer is the child's; else -errno: -ETIMEDOUT, -EPIPE if it died, or what
 * kept it from starting. */
int strict_run(const struct strict *s);

#endif
