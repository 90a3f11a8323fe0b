/*
 * The partition's fsck, in a jail: it reads what anybody may have written.  It has
 * namespaces of its own, a read-only root with nothing in it but itself and the
 * node of the partition, a user that nothing else has, no capability and no file.
 */
#ifndef PITH_STORAGE_CHECK_H
#define PITH_STORAGE_CHECK_H

#include "storage_find.h"
#include "storage_state.h"

/* Runs it, twice if need be, and waits for it.  0 with is->check set, or -1 with
 * is->step and is->error. */
int storage_check(const struct storage_device *device, const char *type, struct storage *is);

/* Likewise, for one that cannot be mounted though it passed: every block is looked
 * at, and all that is wrong is mended.  Not for a medium that cannot be written. */
int storage_salvage(const struct storage_device *device, const char *type, struct storage *is);

#endif
