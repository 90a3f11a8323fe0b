/*
 * The images' part of the table as C source; nothing at all if no service has one.
 */
#ifndef PITH_TABLE_ROWS_IMAGES_H
#define PITH_TABLE_ROWS_IMAGES_H

#include <stdio.h>

#include "spec.h"

/* images[] and trusted_keys[]. */
void rows_of_images(const struct spec *spec, FILE *to);

/* The board's own fields. */
void rows_images_fields(const struct spec *spec, FILE *to);

#endif
