/*
 * The release that lies in a slot (slots.h), as a child of PID 1 and a client read it
 * alike: its manifest, once its signature is good.
 */
#ifndef PITH_SLOT_RELEASE_H
#define PITH_SLOT_RELEASE_H

#include "manifest.h"
#include "refusal.h"

/* An fd of the slot's folder (O_PATH), the caller's, with *to verified and not yet
 * checked (manifest_check); or -errno with why.  REFUSAL_ABSENT is a slot without a
 * folder or a manifest, in which nothing was laid or from which all is being taken: the
 * manifest goes first. */
int slot_read_release(unsigned slot, struct manifest *to, struct refusal *why);

#endif
