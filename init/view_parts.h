/*
 * The parts of a service's view, in the order in which view.c puts them
 * together.  Each is a recipe: it returns when it has worked.
 */
#ifndef PITH_VIEW_PARTS_H
#define PITH_VIEW_PARTS_H

#include "recipe.h"

/* --- While PID 1's mounts are seen ------------------------------------------------ */

/* Copies what the service sees of the board's volumes and files: mounts that are nowhere
 * yet, until view_place_volumes() and view_place_files(). */
void view_take_volumes(const struct recipe *r);
void view_take_files(const struct recipe *r);

/* --- What is alike at each start --------------------------------------------------- */

/* The root of what the service is going to see, mounted over its folder in the
 * image: that folder, read-only, or a layer over it.  Returns an fd of it. */
int view_mount_root(const struct recipe *r);

/* /dev and what is in it: nodes, DEVICES, the notify socket. */
void view_mount_dev(const struct recipe *r, int root);

/* /sys and the service's own part of cgroup v2, with the folder that covers others. */
void view_mount_sys(const struct recipe *r, int root);

/* --- In the root that was made so -------------------------------------------------- */

/* /proc, with what is covered in it and in /sys. */
void view_mount_proc(struct recipe *r);

/* Terminals, shared memory and queues in /dev. */
void view_mount_ipc(const struct recipe *r);

void view_place_volumes(const struct recipe *r);

/* Unix sockets and resolv.conf, over files that are in the root by then, or in what
 * was mounted there. */
void view_place_files(const struct recipe *r);

#endif
