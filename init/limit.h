/*
 * Rows of (control file, value) from the table, into a cgroup.
 */
#ifndef PITH_LIMIT_H
#define PITH_LIMIT_H

#include "service.h"

/* What came of the rows: names from them, or NULL. */
struct limit_result {
	const char *refused;	/* the file or device of the row that failed */
	const char *missing;	/* a device that this board does not have */
};

/* Writes the rows in their order.  0, or the first -errno.  A row for a
 * device that is not there limits nothing: it is left out, and said. */
int limit_apply(int cgroup, const struct service_limit *rows, unsigned count,
		struct limit_result *result);

#endif
