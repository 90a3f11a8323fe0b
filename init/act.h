/*
 * Carries out what the order decided for one service, and what an operator
 * asks for beside it.
 */
#ifndef PITH_ACT_H
#define PITH_ACT_H

#include "run.h"

void act(struct supervisor *sup, uint16_t id, enum step_action action);

/* Sends a signal to the main process.  0, -ESRCH if there is none, -EINVAL. */
int act_signal(struct supervisor *sup, uint16_t id, int signal);

/* Holds all processes of a service, or lets those go on that were held: its mark in
 * the record (shed.h) says which, and is saved. */
void act_freeze(struct supervisor *sup, uint16_t id);
void act_thaw(struct supervisor *sup, uint16_t id);

/* The run is over, in the state that the order has it in now: puts its end
 * down, and says it.  now_ms is when the order was told. */
void act_end_run(struct supervisor *sup, uint16_t id, uint64_t now_ms);

/* cgroup.events was read: populated is what it says. */
void act_if_empty(struct supervisor *sup, uint16_t id, int populated);

#endif
