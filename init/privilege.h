/*
 * What a process of a service may do by its ids and capabilities: it becomes
 * the service's user and keeps the capabilities that its row names, for good.
 */
#ifndef PITH_PRIVILEGE_H
#define PITH_PRIVILEGE_H

#include "recipe.h"

/*
 * Joins the service's user namespace (r->box->user_fd) if it has one, and takes
 * its ids, no group and no_new_privs.  All five sets of capabilities(7) are then
 * s->caps, and no later exec, change of ids or prctl(2) adds to them.
 *
 * To be called with the capabilities of the initial namespace's root.
 */
void privilege_reduce(const struct recipe *r);

#endif
