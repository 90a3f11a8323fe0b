/*
 * What the agent's parts share.  The agent is PID 1 of a guest of the bench, or what
 * executes the real one; it does what the file /plan says and prints what it measured as
 * lines of JSON on the console.  It is no part of pith: it may take memory and wait.
 *
 * A line of /plan is a word and its arguments, with tabs between them:
 *
 *   bridge                         br0 with 10.77.0.1/16 and fd77::1/64
 *   run LABEL RUNS PAUSE_MS ARGV…  runs it so often, and tells when the payload that it
 *                                  starts has reached main()
 *   run-confined LABEL RUNS PAUSE_MS ARGV…   the same; the payload shows each time that it has
 *                                  no capability, no_new_privs and a filter, or the guest fails
 *   exec ARGV…                     runs it, and prints what it printed
 *   init TASKS ARGV…               executes an init system as PID 1; a child of it measures
 *   bare-init TASKS ARGV…          the same, with nothing mounted (boot_agent.c)
 *   pith SERVICES RUNS PROGRAM     executes it as PID 1; a child of it watches its first
 *                                  starts, kills the last service so often, and tells
 */
#ifndef BENCH_AGENT_H
#define BENCH_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define AGENT_WORDS_MAX 32

/* CLOCK_MONOTONIC, which is also what payloads and traces tell */
uint64_t agent_now_ns(void);

/* Ends the guest with a line {"error": …}. */
_Noreturn void agent_fail(const char *what, const char *why);

/* Ends the guest. */
_Noreturn void agent_end(void);

/* Writes a file that is there; the guest ends if it cannot be done. */
void agent_write(const char *path, const char *text);

/* Both are {"label": …} lines; see their files. */
void agent_run(char **words, int count, bool confined);
void agent_exec(char **words);

/* Does not come back: words are SERVICES RUNS PROGRAM. */
_Noreturn void agent_pith(char **words);

/* Does not come back: words are TASKS ARGV…. */
_Noreturn void agent_init(char **words);

void agent_bridge(void);

#endif
