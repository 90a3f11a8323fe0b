/*
 * The services that wait for the storage: those that its state does not serve
 * (storage_state.h) are held (order.h).
 */
#ifndef PITH_STORAGE_HOLD_H
#define PITH_STORAGE_HOLD_H

#include <stdint.h>

#include "run.h"
#include "text.h"

/* The state was another one: holds whom it serves no more, and releases whom it
 * serves now. */
void storage_hold(struct supervisor *sup, unsigned was, unsigned is, uint64_t now_ms);

/* "; services wait: web sensor", or nothing if there is none.  Of names that do not
 * fit a mark is left. */
void storage_add_who_waits(struct text *t, const struct supervisor *sup, unsigned is);

#endif
