/*
 * What services print: read from their pipes, cut into lines, kept in rings
 * and, where the table says so, relayed to the console.
 */
#ifndef PITH_LOG_H
#define PITH_LOG_H

#include <stdint.h>

/* Points each service's ring at its part of the arena. */
void log_init(void);

/* Reads at most one buffer of what is there, so that a service which floods
 * its pipe takes its turn like all others.  Returns 1 if there may be more. */
int log_read(uint16_t id, int fd);

/* A new run begins: its lines are told apart from the last one's. */
void log_begin_run(uint16_t id);

/* The run is over: reads what is left, and closes a line without an end. */
void log_end_run(uint16_t id, int fd);

/* Shows the last lines of this run, if the console has not seen them. */
void log_last_words(uint16_t id);

#endif
