/*
 * The mounts that a service sees.
 */
#ifndef PITH_VIEW_H
#define PITH_VIEW_H

#include "recipe.h"

/* Mounts root, /dev, /proc, /sys, the masks, every TMPFS, every volume and single
 * files, and makes that the root of this mount namespace. */
void view_enter(const struct recipe *r);

#endif
