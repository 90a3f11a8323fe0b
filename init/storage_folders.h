/*
 * The folders of the data partition: SERVICE/VOLUME, the first one root's, the
 * second one its service's.  What lies in there was written by services: no link
 * is followed, and no mount.
 */
#ifndef PITH_STORAGE_FOLDERS_H
#define PITH_STORAGE_FOLDERS_H

#include "service.h"

/* Makes it, if it is not there, below the folder `at`, and gives it to the
 * service's user: it alone, not what is in it.  0 or -errno: -ENOTDIR or -ELOOP
 * if something else has its name. */
int storage_make_folder(const char *at, const struct service *s,
			const struct service_volume *volume);

#endif
