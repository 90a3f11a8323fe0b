/*
 * The Kconfig file in a service's folder: its own defaults.
 */
#ifndef PITH_TABLE_DEFAULTS_H
#define PITH_TABLE_DEFAULTS_H

#include "folders.h"

/*
 * Reports what kconfig would pass over in silence: options that there are
 * not, other services' options, numbers that are out of range, and values of
 * bools that are neither y nor n.
 */
void defaults_check(struct arena *arena, struct report *report, const struct folder *folder);

#endif
