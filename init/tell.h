/*
 * What an operator reads on the console of a service's starts and ends.
 */
#ifndef PITH_TELL_H
#define PITH_TELL_H

#include <stdint.h>
#include <sys/types.h>

#include "explain.h"
#include "order.h"

/* Its program runs; it took so long from the first system call on. */
void tell_started(uint16_t id, pid_t pid, uint64_t took_ms);

/* Nothing of a run is left, and the order decided at now_ms what follows. */
void tell_end(const struct order *o, uint16_t id, const struct end *end, uint64_t now_ms);

#endif
