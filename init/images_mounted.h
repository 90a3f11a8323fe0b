/*
 * Which images are mounted: PATH_IMAGES/SERIAL/NAME, each with a mark beside it,
 * NAME.sha256, that says what its content is.  All of it is on PID 1's own tmpfs, so it
 * is gone with the system, and not with a PID 1.
 *
 * For the images' child.  Errors: -errno.
 */
#ifndef PITH_IMAGES_MOUNTED_H
#define PITH_IMAGES_MOUNTED_H

#include <stdbool.h>
#include <stdint.h>

#include "manifest.h"

/* An fd of the folder for one (O_PATH); nothing is mounted there when this returns. */
int images_mounted_make(uint64_t serial, const char *name);

/* It is mounted now, with that content. */
int images_mounted_mark(uint64_t serial, const char *name, const uint8_t sha256[SHA256_SIZE]);
bool images_mounted_is(uint64_t serial, const char *name, const uint8_t sha256[SHA256_SIZE]);

/* Takes away all but those of the table's images: keep has the serial of each, or 0.
 * What a service still has stays until it ends. */
void images_mounted_tidy(const uint64_t *keep);

#endif
