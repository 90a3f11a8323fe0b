/*
 * What the images' child tells PID 1 (images_child.h), one word each.
 */
#ifndef PITH_IMAGES_WORDS_H
#define PITH_IMAGES_WORDS_H

#include <stdint.h>

#include "refusal.h"

/* Of a release or of one of its images; i is its place in images[], or
 * REFUSAL_NO_IMAGE_ID. */
void images_word_of(unsigned said, unsigned slot, uint64_t serial, unsigned i);

/* why has the image, if it is about one. */
void images_word_refused(unsigned slot, const struct refusal *why);

/* The last word. */
_Noreturn void images_word_done(unsigned slot, uint64_t serial, const struct refusal *why);

#endif
