/*
 * What somebody meant who wrote a name that there is not.  Pure.
 */
#ifndef PITH_CLIENT_NAMES_H
#define PITH_CLIENT_NAMES_H

/* Insertions, deletions, replacements and swaps of neighbours between two words
 * (optimal string alignment); NAMES_FAR if one has more than NAMES_LENGTH. */
#define NAMES_LENGTH 31
#define NAMES_FAR 1000
unsigned names_distance(const char *a, const char *b);

/* Place of the name that is meant, of those that name() returns for 0 to
 * count - 1; -1 if none is like it.  name() may return NULL for one that
 * nobody shall be told of. */
int names_nearest(const char *word, const char *(*name)(unsigned place), unsigned count);

#endif
