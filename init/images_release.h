/*
 * The releases that there are, for the images' child: read and verified once each at
 * most; and their images, as far as mounted at PATH_IMAGES/SERIAL/NAME.  Each image that
 * is usable is told of (images_words.h).
 */
#ifndef PITH_IMAGES_RELEASE_H
#define PITH_IMAGES_RELEASE_H

#include <stdint.h>

#include "refusal.h"
#include "slots.h"

/* Of the one in that slot, whose signature is good; 0: there is none. */
uint64_t images_release_serial(unsigned slot);

/* It is there, signed, for this board, complete, and not older than serial_least, nor
 * than board.serial_least.  0, or -errno with why; from here on why.image too. */
int images_release_check(unsigned slot, uint64_t serial_least, struct refusal *why);

/* Mounts those of its images that differ from what is mounted of the releases in keep,
 * one for each of images[]; 0: none.  What dm-verity is going to check is not read
 * beforehand. */
int images_release_bring_up(unsigned slot, const uint64_t *keep, struct refusal *why);

/* The same, but all its images are read through, from the disk. */
int images_release_try(unsigned slot, const uint64_t *keep, struct refusal *why);

#endif
