/*
 * The system calls of an architecture, as libseccomp knows them.
 */
#ifndef PITH_TABLE_SECCOMP_CALLS_H
#define PITH_TABLE_SECCOMP_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/*
 * The newest call that was judged (seccomp_rules.c): futex_requeue, of Linux
 * 6.7.  New calls have the same number everywhere, since Linux 5.1.
 */
#define SECCOMP_NEWEST_CALL 456

struct seccomp_call {
	int number;
	const char *name;
};

struct seccomp_calls {
	uint32_t arch;			/* AUDIT_ARCH_…, which is libseccomp's SCMP_ARCH_… */
	struct seccomp_call *at;	/* by number, up to the newest; then arm's own */
	size_t count;
};

/* arch is "x86_64", "arm64" or "arm", as in the kernel's build.  Returns NULL
 * for another one. */
const struct seccomp_calls *seccomp_calls_of(struct arena *arena, const char *arch);

/* NULL if the architecture has no call of that name. */
const struct seccomp_call *seccomp_calls_find(const struct seccomp_calls *calls, const char *name);

/* The architecture has no call of that name, but another one has. */
bool seccomp_calls_is_foreign(const struct seccomp_calls *calls, const char *name);

#endif
