/*
 * Decides which name is like another.  A beginning is as near as one slip;
 * else a third of the letters may differ.
 */
#include "names.h"

#include <stdbool.h>
#include <string.h>

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned names_distance(const char *a, const char *b)
{
	/* Of the dynamic programme, whose row i needs the two before it. */
	unsigned rows[3][NAMES_LENGTH + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > NAMES_LENGTH || b_len > NAMES_LENGTH)
		return NAMES_FAR;
	for (unsigned j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= a_len; i++) {
		const unsigned *before = rows[(i + 1) % 3], *above = rows[(i + 2) % 3];
		unsigned *row = rows[i % 3];

		row[0] = i;
		for (unsigned j = 1; j <= b_len; j++) {
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

int names_nearest(const char *word, const char *(*name)(unsigned place), unsigned count)
{
	unsigned best = NAMES_FAR;
	int nearest = -1;

	for (unsigned i = 0; i < count; i++) {
		const char *is = name(i);
		size_t len = strlen(word);
		unsigned far;

		if (!is)
			continue;
		far = names_distance(word, is);
		if (len && !strncmp(is, word, len))
			far = least(far, 1);
		else if (far * 3 > least((unsigned)strlen(is), NAMES_LENGTH) + 2)
			continue;
		if (far < best) {
			best = far;
			nearest = (int)i;
		}
	}
	return nearest;
}
