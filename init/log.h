/*
 * What services print: read from their pipes, cut into lines, kept in the
 * rings of the state and, where the table says so, relayed to the console.
 * A line may begin with "<N>" as sd-daemon(3) has it: N is its level.
 *
 * A service has log_rate lines a second and a burst of four times that
 * (bucket.h).  Who says more is not listened to until a second's lines are his
 * again: all that comes meanwhile is dropped, and one line says how many that
 * were.  The last lines of a run are always kept.
 *
 * The pipe of who says much is looked at only every LOG_PAUSE_MS: a flood costs
 * PID 1 little and slows nobody but its author.
 */
#ifndef PITH_LOG_H
#define PITH_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "state.h"

#define LOG_PAUSE_MS 20

/* A read that takes this long had to wait for a writer that the kernel keeps
 * off the CPU while it holds the pipe's lock (CPU_MAX); then the pause is
 * LOG_LOCKED_PAUSE_MS. */
#define LOG_LOCKED_MS 5
#define LOG_LOCKED_PAUSE_MS 500

/* Points each ring at its part of the arena; what a state that was taken up
 * holds, and is sound, stays. */
void log_init(void);

/* Reads at most one buffer of what is there, so that a service which floods
 * its pipe takes its turn like all others. */
void log_read(uint16_t id, int fd, uint64_t now_ms);

/* The fd shall not be watched until log_deadline().  Then log_next_due() names
 * it, and log_read() is called for it, whether something came or not: that also
 * says what was dropped, and whether the pause goes on. */
bool log_is_paused(uint16_t id);
uint64_t log_deadline(void);
bool log_next_due(uint64_t now_ms, uint16_t *id);

/* A new run begins: its lines are told apart from the last one's. */
void log_begin_run(uint16_t id, uint64_t now_ms);

/* The run is over: reads what is left, and closes a line without an end. */
void log_end_run(uint16_t id, int fd, uint64_t now_ms);

/* Shows the last lines of this run, if the console has not seen them. */
void log_last_words(uint16_t id);

/* A line of PID 1's own, without time and end.  name is of the service that it is
 * about, or NULL; it is kept as "name: text".  Before log_init() nothing is. */
void log_own(const char *name, const char *text, size_t len, uint64_t now_ms);

/* Whether a ring has changed since the last call. */
bool log_changed(void);

#endif
