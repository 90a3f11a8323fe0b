/*
 * What kconfig did to its input without a word.
 */
#ifndef PITH_TABLE_COMPARE_H
#define PITH_TABLE_COMPARE_H

#include "dotconfig.h"

/*
 * Reports every option of input, whose file is at path, that output lacks or
 * has otherwise, in the order of its lines.  An option of a service that the
 * input itself switches off in so many words is none.
 */
void compare_configs(struct arena *arena, struct report *report, const char *path,
		     const struct dotconfig *input, const struct dotconfig *output);

#endif
