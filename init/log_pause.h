/*
 * When the pipe of a service that says much is looked at again: log_is_paused(),
 * log_deadline() and log_next_due() of log.h are here.
 */
#ifndef PITH_LOG_PAUSE_H
#define PITH_LOG_PAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What followed from a read of that many bytes, which took that long.  drops:
 * the service is over its limit. */
void log_pause_after(uint16_t id, size_t bytes, uint64_t took_ms, bool drops, uint64_t now_ms);

/* It is to be looked at in the next turn, whatever its pipe says. */
void log_pause_is_over(uint16_t id);

#endif
