/*
 * Facts from the loop, by their source: each becomes an event of the order.
 */
#ifndef PITH_OBSERVE_H
#define PITH_OBSERVE_H

#include <signal.h>
#include <stdbool.h>

#include "run.h"

void observe_status(struct supervisor *sup, uint16_t id);
void observe_log(struct supervisor *sup, uint16_t id);
void observe_cgroup(struct supervisor *sup, uint16_t id);

/* True if more may be waiting: then it is time to look elsewhere for a while. */
bool observe_notify(struct supervisor *sup, uint16_t id);

/* A finding has come (finding.h); place is that of its fd in the epoll set. */
void observe_finding(struct supervisor *sup, uint16_t place);

/* A child has ended, and is not yet reaped.  False if it is no service's. */
bool observe_end(struct supervisor *sup, const siginfo_t *info);

#endif
