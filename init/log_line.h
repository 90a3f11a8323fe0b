/*
 * From a service's bytes to its lines: cut at their ends, with the level that
 * they begin with, kept or, beyond log_rate, dropped and counted.
 *
 * What is kept between two calls is in the state: a line that PID 1 was in the
 * middle of when it was executed anew goes on.
 */
#ifndef PITH_LOG_LINE_H
#define PITH_LOG_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state.h"

void log_line_take(uint16_t id, const char *bytes, size_t len, uint64_t now_ms);

/* It is over its limit: what comes is dropped until it is said how much was. */
bool log_line_drops(uint16_t id);

/* Says how much was dropped, if anything was, and takes lines again. */
void log_line_say_dropped(uint16_t id, uint64_t now_ms);

/* Ends a line without an end. */
void log_line_close(uint16_t id, uint64_t now_ms);

/* In log.c: adds to the ring.  record.len is filled in. */
void log_add(struct state_log *l, struct logring_record record, const char *text, size_t len);

#endif
