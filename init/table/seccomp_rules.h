/*
 * What the filter of a service refuses, as facts: which calls, with which
 * arguments, and what opens them again.  How that becomes a program is
 * seccomp_compile.h's business.
 */
#ifndef PITH_TABLE_SECCOMP_RULES_H
#define PITH_TABLE_SECCOMP_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What opens a row: capabilities, as 1 << CAP_…, and beside them NET=host. */
#define SECCOMP_NET_HOST (UINT64_C(1) << 63)

/* A verdict is the errno that the call answers, or this: it is done. */
#define SECCOMP_PASS 0

struct seccomp_look;

struct seccomp_case {
	uint32_t value;
	int verdict;
	uint64_t opened_by;		/* with any of it the verdict is SECCOMP_PASS */
	const struct seccomp_look *next;	/* if set, that one decides instead */
};

/*
 * A look at one argument: its value is one of the cases', or it is none.  What
 * the kernel takes as an int or as flags has 32 bits, whatever else stands in
 * the register: only those are looked at.
 */
struct seccomp_look {
	unsigned int argument;		/* 0 to 5 */
	uint32_t mask;			/* the bits that count */
	const struct seccomp_case *cases;
	size_t count;
	int otherwise;			/* verdict */
};

/* A call that is refused whole, or of which a look decides. */
struct seccomp_rule {
	const char *call;
	uint64_t opened_by;		/* with any of it the row is none */
	int verdict;
	const struct seccomp_look *look;	/* if set, that one decides instead */
};

extern const struct seccomp_rule seccomp_rules[];
extern const size_t seccomp_rule_count;

/* The first row of the call that nothing in opened opens; NULL: it passes. */
const struct seccomp_rule *seccomp_rules_find(const char *call, uint64_t opened);

/* Calls that are listed in every strict filter. */
bool seccomp_rules_is_basic(const char *call);

/* Calls of the reaper, which with INIT runs under the service's filter. */
bool seccomp_rules_is_reapers(const char *call);

#endif
