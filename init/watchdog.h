/*
 * The hardware watchdog: /dev/watchdog, Documentation/watchdog/watchdog-api.rst.
 * Once opened it resets the board unless it is fed; it is never closed, and
 * PID 1 that is executed anew finds it behind FDS_WATCHDOG.
 */
#ifndef PITH_WATCHDOG_H
#define PITH_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Opens it, if it is there and not open, and sets its time-out to timeout_s, or
 * to the next shorter one that the driver can; the driver's own stays if it can
 * none of these.  Called again after the modules.  Says what it opened, what
 * failed, and that there is none only if say_missing.
 *
 * 0 of timeout_s opens nothing; one that an earlier run has opened stays as it
 * is and wants to be fed.
 */
void watchdog_open(unsigned timeout_s, bool say_missing);

/* Feeds it if half of its time-out has passed since the last feeding. */
void watchdog_feed(uint64_t now_ms);

/* When to feed it next; 0 when there is none.  A deadline that has passed stays
 * until watchdog_feed(): who does not feed must not wait for it either. */
uint64_t watchdog_deadline(void);

#endif
