/*
 * Images that services have as their roots: what is known of each once check_images()
 * has been through with them.
 */
#ifndef PITH_TABLE_IMAGES_H
#define PITH_TABLE_IMAGES_H

#include "spec.h"

/* Uncompressed, of P-256. */
#define KEY_POINT_SIZE 65

/* Checked block by block; a partition always is. */
bool images_has_verity(const struct spec *spec, const struct image_spec *image);

/* What releases for this board say; "" if nobody has said it. */
const char *images_board_name(const struct spec *spec);

/* The id that its files' id 0 has in it, as text: "0" where the mount is mapped; "-" where
 * all of them are nobody's, since several services have it as it is. */
const char *images_owner(const struct spec *spec, const struct image_spec *image);

/* Why its UID_BASE must never change: the files of its image have those ids.  NULL:
 * there is no such reason. */
const char *images_fix_owner(const struct spec *spec, const struct service_spec *service);

#endif
