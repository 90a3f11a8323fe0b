/*
 * What a helper's environment says, as what PID 1 is told.  Pure.  The helper has its
 * words from the network; it prints each in one form alone, and whatever is in
 * another form is refused.
 */
#ifndef PITH_TELL_WORDS_H
#define PITH_TELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "lease.h"

/* As udhcpc has them in its script's environment; NULL: not there. */
struct tell_dhcp {
	const char *ip, *subnet, *router, *dns, *lease;
};

/* Returns NULL, or the name of what is odd. */
const char *tell_read_lease(const struct tell_dhcp *said, struct lease *lease);

/* "READY=1\nSTATUS=stratum 3, offset 0.012345 s" */
#define TELL_TEXT_SIZE 80

/* As ntpd has them there.  The same; text has TELL_TEXT_SIZE bytes.  The clock is
 * right with a stratum below 16 (RFC 5905, 7.3), and when it was stepped: then that
 * has still to be found out. */
const char *tell_read_time(bool stepped, const char *stratum, const char *offset, char *text);

#endif
