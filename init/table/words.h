/*
 * Words of a command line or a list.
 */
#ifndef PITH_TABLE_WORDS_H
#define PITH_TABLE_WORDS_H

#include "spec.h"

/*
 * Splits text at blanks as a shell does, without expanding anything: '...'
 * takes all as it is, "..." knows \" and \\ (and a backslash before $ and `
 * as the shell has it), \x outside quotes is x.  '' is an empty word.
 * Returns NULL, or what is wrong and what to write instead.
 */
const char *words_split(struct arena *arena, const char *text, struct words *words);

/* The error, if any, with the word that it is about if there are others. */
const char *words_error(struct arena *arena, const struct words *words, size_t at,
			const char *error);

#endif
