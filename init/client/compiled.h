/*
 * Parts of a row of the table that are shown beside what the kernel says.
 */
#ifndef PITH_CLIENT_COMPILED_H
#define PITH_CLIENT_COMPILED_H

#include "service.h"
#include "show.h"

/* What may loosen it, but for what is a list. */
void compiled_show_trust(struct show *s, const struct service *row);

/* Its tmpfs, volumes and devices. */
void compiled_show_places(struct show *s, const struct service *row);

#endif
