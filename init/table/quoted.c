/*
 * \xNN as the byte that it stands for.
 */
#include "quoted.h"

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool quoted_undo(char *text)
{
	char *to = text;

	while (*text) {
		int high, low;

		if (*text != '\\') {
			*to++ = *text++;
			continue;
		}
		high = text[1] == 'x' ? digit(text[2]) : -1;
		low = high < 0 ? -1 : digit(text[3]);
		if (low < 0 || !(high | low))
			return false;
		*to++ = (char)(high << 4 | low);
		text += 4;
	}
	*to = '\0';
	return true;
}
