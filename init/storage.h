/*
 * Storage for VOLUMES, as PID 1 sees it: a child looks for the partition, checks
 * and mounts it (storage_child.h); its words come through a pipe with a fixed
 * number.  Services with volumes are held (order.h) until the state lets them
 * start (storage_state.h).
 *
 * While the partition is absent, any uevent makes it look again, at most once a
 * second; nothing is polled.  A board without DATA has nothing of all this.
 *
 * A PID 1 that is executed anew goes on with the same child, or with what it left.
 * One with another table has it look again, for the folders of its own volumes.
 */
#ifndef PITH_STORAGE_H
#define PITH_STORAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "part.h"

/* To find it; and for its fsck, mount and folders: a full check of a slow card
 * with 64 GB takes some minutes. */
#define STORAGE_LOOK_TIMEOUT_MS		60000
#define STORAGE_CHECK_TIMEOUT_MS	1200000

/* Between two looks. */
#define STORAGE_AGAIN_MS		1000

/* After order_init(), before any service is started or resumed: holds those that
 * have to wait, and begins or goes on to look.  was: the record of an earlier
 * PID 1, zeroed if there is none. */
void storage_take_up(struct supervisor *sup, const struct state_board *was,
		     enum state_origin origin, uint64_t now_ms);

/* SOURCE_STORAGE.  True, as from the two below, if the state is to be saved. */
bool storage_read(struct supervisor *sup, uint64_t now_ms);

/* SOURCE_UEVENT */
void storage_heard(const struct supervisor *sup, uint64_t now_ms);

/* Does what is due at storage_deadline(), which is 0 for never. */
bool storage_tick(struct supervisor *sup, uint64_t now_ms);
uint64_t storage_deadline(void);

/* A child was reaped.  False if it is another one. */
bool storage_reaped(pid_t pid);

/* Puts down what another run of PID 1 has to know. */
void storage_save(struct state_board *to);

extern const struct part storage_part;

#endif
