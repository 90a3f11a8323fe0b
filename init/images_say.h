/*
 * What is said of the images on the console: one line for each change.
 */
#ifndef PITH_IMAGES_SAY_H
#define PITH_IMAGES_SAY_H

#include "images_child.h"
#include "images_state.h"

/* It was otherwise before. */
void images_say(const struct images *was, const struct images *is);

/* A word of the child that has that task, if it is worth a line by itself. */
void images_say_word(unsigned task, const struct images_word *word);

#endif
