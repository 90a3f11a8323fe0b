/*
 * The parts of a filter that look at arguments.
 */
#ifndef PITH_TABLE_SECCOMP_CHECKS_H
#define PITH_TABLE_SECCOMP_CHECKS_H

#include "seccomp_rules.h"
#include "seccomp_text.h"

/*
 * Appends the check, to be jumped to at its first instruction; every way
 * through it ends in a return.  pass is what SECCOMP_PASS returns, such as
 * SECCOMP_RET_ALLOW.
 */
void seccomp_put_check(struct seccomp_text *text, const struct seccomp_look *look,
		       uint64_t opened, uint32_t pass);

#endif
