/*
 * "Did you mean".  Decides what is close enough to be worth a word: at most
 * a third of the name may differ.
 */
#include "nearest.h"

#include <string.h>

/* Longer than any symbol (SVC_, 15 characters, the longest option); what is
 * longer gets no suggestion. */
#define NAME_MAX 63

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Levenshtein's distance, by rows. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_MAX + 1];
	size_t b_length = strlen(b);

	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < b_length; j++) {
			size_t above = row[j + 1];

			row[j + 1] = least(diagonal + (a[i] != b[j]), above + 1, row[j] + 1);
			diagonal = above;
		}
	}
	return row[b_length];
}

void nearest_offer(struct nearest *nearest, const char *candidate)
{
	size_t length = strlen(nearest->word), other = strlen(candidate);
	size_t limit = (length + 2) / 3, found;

	if (length > NAME_MAX || other > NAME_MAX || length + limit < other ||
	    other + limit < length)
		return;
	found = distance(nearest->word, candidate);
	if (found <= limit && (!nearest->best || found < nearest->distance)) {
		nearest->best = candidate;
		nearest->distance = found;
	}
}
