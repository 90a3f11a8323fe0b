/*
 * Carries out actions for one service and tells the order what came of them.
 */
#ifndef PITH_RUN_H
#define PITH_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "order.h"
#include "sandbox.h"

/* What the loop and the actions share. */
struct supervisor {
	struct order order;
	struct sandbox_site site;
	int epoll_fd;
};

void run_act(struct supervisor *sup, uint16_t id, enum step_action action);

/* Facts from the loop, by their source. */
void run_status_ready(struct supervisor *sup, uint16_t id);
void run_log_ready(uint16_t id);
void run_cgroup_changed(struct supervisor *sup, uint16_t id);

/* A child was reaped.  False if it is no service's. */
bool run_reaped(struct supervisor *sup, const siginfo_t *info);

#endif
