/*
 * What an earlier PID 1 with another table has left of its bridges.
 */
#ifndef PITH_NETWORK_TIDY_H
#define PITH_NETWORK_TIDY_H

#include "sandbox.h"

/* After this table's bridges were brought up: other bridges of pith's (interface.h)
 * go, and so do addresses of these that are not in their rows.  They forgot where the
 * services are when their MACs were set, and are told again.  0 or -errno. */
int network_tidy(const struct sandbox_site *site);

#endif
