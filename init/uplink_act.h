/*
 * Acts for one uplink, named by its place in board.uplinks: what has to be done when
 * its interface or its lease changes.
 */
#ifndef PITH_UPLINK_ACT_H
#define PITH_UPLINK_ACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run.h"
#include "state.h"
#include "uplink_plan.h"

/* All of them as they are, UPLINKS_MAX rows. */
const struct state_uplink *uplink_states(void);

/* An earlier PID 1 left it so: it is set up again when it is seen. */
void uplink_take_up(struct supervisor *sup, unsigned place, const struct state_uplink *was);

/* Its interface, as it is now.  True if it was set up: then its VLANs are to be made,
 * those that are not there once all were noted. */
bool uplink_note(struct supervisor *sup, unsigned place, const struct uplink_seen *seen,
		 uint64_t now_ms);
void uplink_make_vlans(struct supervisor *sup, unsigned place, uint64_t now_ms);

/* What its service said: any bytes. */
void uplink_hear(struct supervisor *sup, unsigned place, const void *bytes, size_t len,
		 uint64_t now_ms);

/* Does what is due at the deadline, which is 0 for never.  True if its lease has
 * changed. */
bool uplink_tick(struct supervisor *sup, unsigned place, uint64_t now_ms);
uint64_t uplink_deadline(unsigned place);

#endif
