/*
 * Which image a service starts from, for who starts it.  How it comes to be there is no
 * concern of theirs (images.h).
 */
#ifndef PITH_IMAGES_START_H
#define PITH_IMAGES_START_H

#include <stdbool.h>
#include <stdint.h>

#include "manifest.h"
#include "paths.h"
#include "service.h"

/* PATH_IMAGES, a serial of up to 20 digits, a name; with two slashes. */
#define IMAGES_ROOT_SIZE (sizeof(PATH_IMAGES) + 1 + 20 + 1 + IMAGE_NAME_SIZE)

/* The release whose image it starts from now; 0: it has no image. */
uint64_t images_serial(const struct service *s);

/* It has no image, or one that this table's keys have vouched for.  A hold (order.h)
 * keeps nobody from a start that was under way, or that a back-off ends in. */
bool images_may_start(const struct service *s);

/* It starts from the release that is tried. */
bool images_tries(const struct service *s);

/* That image's folder, in buf of IMAGES_ROOT_SIZE; without an image its root's. */
const char *images_root(const struct service *s, char *buf);

#endif
