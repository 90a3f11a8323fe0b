/*
 * What the console is told of a service's starts and ends.
 */
#ifndef PITH_TELL_H
#define PITH_TELL_H

#include <sys/types.h>

#include "end.h"
#include "order.h"

void tell_started(uint16_t id, pid_t pid, uint64_t took_ms);

/* READY=1 has come, so long after its program's first instruction. */
void tell_ready(uint16_t id, uint64_t took_ms);

/* The run is over, and the state in o says what follows from it. */
void tell_end(const struct order *o, uint16_t id, const struct end *end, uint64_t now_ms);

/* It has reached its START_LIMIT.  follows: what comes of it. */
void tell_given_up(const struct order *o, uint16_t id, const char *follows);

/* The system call that seccomp refused in the run that just ended. */
void tell_refused_call(uint16_t id, int32_t call, uint32_t arch);

#endif
