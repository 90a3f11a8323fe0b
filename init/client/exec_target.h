/*
 * The main process of a service, held so that what is joined is its and no
 * other's, even if it ends and its pid is given to somebody else.
 */
#ifndef PITH_CLIENT_EXEC_TARGET_H
#define PITH_CLIENT_EXEC_TARGET_H

#include <stdbool.h>

#include "state.h"

struct exec_target {
	int pidfd;
	int user_fd;	/* its user namespace */
	int root_fd;	/* its root folder, O_PATH */
};

/* 0 with *to filled in, -ESRCH if there is none or it is just ending, or -errno.
 * *is is the record as it was read last.  The fds stay open until the client exits. */
int exec_target_hold(const struct state_slot *slot, struct exec_target *to,
		     struct state_service *is);

/* Whether it has ended, or does so within this time. */
bool exec_target_ended(const struct exec_target *target, int timeout_ms);

#endif
