/*
 * The parts of a service's view, in the order in which view.c puts them
 * together.  Each is a recipe: it returns when it has worked.
 */
#ifndef PITH_VIEW_PARTS_H
#define PITH_VIEW_PARTS_H

#include "recipe.h"

/* The root of what the service is going to see, mounted over its folder in the
 * image: that folder, read-only, or a layer over it.  Returns an fd of it. */
int view_mount_root(const struct recipe *r);

/* /dev and what is in it: nodes, DEVICES, terminals, shared memory, queues, the
 * notify socket.  Returns an fd of /dev. */
int view_mount_dev(const struct recipe *r, int root);

/* /proc, /sys and the service's own part of cgroup v2, with what is covered in
 * them.  dev is of view_mount_dev(). */
void view_mount_kernel(const struct recipe *r, int root, int dev);

/* Unix sockets and resolv.conf, over files that are in the root by then, or in what
 * was mounted there. */
void view_place_files(const struct recipe *r, int root);

#endif
