/*
 * The mounts that a service sees.
 *
 * Some are alike at each start: the root, /dev with its nodes, /sys.  The first start
 * makes them, pivots to them and hands its mount namespace, as it is then, to PID 1: the
 * view, which is kept by an fd and in which no process ever stays.  Every start, the
 * first one too, goes on in a copy of it of its own, to which comes what must be fresh:
 * /proc, terminals, shared memory, queues, every TMPFS; what covers parts of /proc and
 * /sys, since the kernel may have got more of them; and what the board may take away
 * while nobody runs: volumes and single files.
 *
 * A view is given up with the cgroup and the namespaces that its mounts show, when one
 * of its DEVICES has another number, when a start fails, when its service stays down,
 * and when another binary takes over.  All of this belongs to the initial user
 * namespace, so nothing that a service keeps in its own changes a view.
 */
#ifndef PITH_VIEW_H
#define PITH_VIEW_H

#include "recipe.h"

/*
 * Whether what one start has made serves the next ones too.  Not a layer of WRITABLE,
 * which is one run's; not the root of an image, which shall go when nobody runs; not
 * /sys of a network namespace that is another service's and goes with that; and
 * nothing for a service that has capabilities outside, with which it may change all of
 * it.
 */
bool view_is_kept(const struct service *s);

/* Mounts root, /dev, /proc, /sys, the masks, every TMPFS, every volume and single
 * files, and makes that the root, in a mount namespace of this start's own; cgroup and
 * IPC namespace are new as well.  The caller sees PID 1's mounts, and is in the
 * namespaces of its sandbox. */
void view_enter(struct recipe *r);

#endif
