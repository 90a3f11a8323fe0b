/*
 * The list of kernel modules to load, as the build resolved it.
 */
#ifndef PITH_TABLE_MODULES_H
#define PITH_TABLE_MODULES_H

#include "report.h"
#include "spec.h"

/* One absolute path per line, in the order to load them; empty lines do not
 * count.  Without a path there are none.  Errors go to the report. */
struct words modules_read(struct arena *arena, struct report *report, const char *path);

#endif
