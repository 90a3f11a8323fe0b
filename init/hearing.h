/*
 * PID 1's signals as its loop hears them: one fd of the epoll set (signals.h).
 *
 * Orphans that end one after the other are buried together, since each by itself
 * is a turn of the loop and two looks through all children: after the second one
 * within HEARING_PAUSE_MS no signal is heard for as long.  A service that ends with
 * all its processes is seen nevertheless, by its cgroup: then hearing_resume().
 */
#ifndef PITH_HEARING_H
#define PITH_HEARING_H

#include <stdbool.h>
#include <stdint.h>

#include "run.h"

#define HEARING_PAUSE_MS 20

/* Adds SOURCE_SIGNAL to the epoll set.  0 or -errno. */
int hearing_open(int epoll_fd);

/* The fd has something to say, which hearing_take() takes: who wants the system to
 * end is noted in sup.  True if children may have ended. */
void hearing_spoke(void);
bool hearing_take(struct supervisor *sup);

/* A child was met that was nobody's: perhaps a pause begins, until the deadline,
 * which is 0 while there is none. */
void hearing_met_orphan(int epoll_fd, uint64_t now_ms);
uint64_t hearing_deadline(void);

/* Ends it: for another one, two more have to be met. */
void hearing_resume(int epoll_fd);

#endif
