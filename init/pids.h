/*
 * Which service a process id belongs to, in constant time: SIGCHLD names a
 * pid, and among them are orphans by the thousand.
 */
#ifndef PITH_PIDS_H
#define PITH_PIDS_H

#include <stdint.h>
#include <sys/types.h>

#define PIDS_NONE UINT16_MAX

/* Each service has at most one pid; put it before the pid can be reaped. */
void pids_put(pid_t pid, uint16_t id);

/* Finds the service and forgets the pid; PIDS_NONE if it is nobody's. */
uint16_t pids_take(pid_t pid);

#endif
