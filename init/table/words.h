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

/*
 * Reads one word into items[count]; those before it are there already.  Returns NULL,
 * or what is wrong and what to write instead.
 */
typedef const char *word_reader(struct arena *arena, const char *word, void *items,
				size_t count);

struct items {
	void *at;
	size_t count;
	const char *error;	/* of the first word that has one, or NULL */
};

/* Splits text and reads its words, up to an error, into items of that size. */
struct items words_read(struct arena *arena, const char *text, size_t size, word_reader *read);

/* The error, if any, with the word that it is about if there are others. */
const char *words_error(struct arena *arena, const struct words *words, size_t at,
			const char *error);

#endif
