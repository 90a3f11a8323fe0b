/*
 * From what a service may do to the program that the kernel runs at each of its
 * calls.  Knows of libseccomp and of BPF; what is refused, seccomp_rules.h says.
 */
#ifndef PITH_TABLE_SECCOMP_COMPILE_H
#define PITH_TABLE_SECCOMP_COMPILE_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seccomp_calls.h"
#include "spec.h"

struct seccomp_choice {
	const struct seccomp_calls *arch;
	uint64_t opened;	/* what is kept, as in seccomp_rules.h */
	bool strict;		/* what is not listed is refused … */
	bool logs;		/* … or, with strict: done and logged, unless it is refused by
				 * default */
	bool reaper;		/* strict: the calls of ../reaper.c are listed as well */
	struct words listed;	/* strict: names; those that the architecture lacks count
				 * for nothing */
};

struct seccomp_program {
	const struct sock_filter *at;
	size_t count;
};

/*
 * The program lies in the arena.  The same choice gives the same program on
 * every machine.  Ends the tool if there is no memory, as the arena does.
 */
struct seccomp_program seccomp_compile(struct arena *arena, const struct seccomp_choice *choice);

#endif
