/*
 * Where a service is confined less than every service is by default, in words.
 */
#ifndef PITH_CLIENT_LOOSENED_H
#define PITH_CLIENT_LOOSENED_H

#include "confined.h"

/* is: what the kernel says of its process; NULL if it does not run, and then only
 * the table speaks. */
void loosened_show(struct show *s, const struct confined *is, const struct service *row);

#endif
