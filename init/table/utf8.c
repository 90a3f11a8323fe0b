/*
 * UTF-8 that can be shown: which bytes make a character.  A configuration
 * holds nothing else, and an error about one that does shows what is there.
 */
#include "utf8.h"

/* The table of RFC 3629 by first byte; U+0080 to U+009F, which 0xc2 starts,
 * are left out as the controls that they are. */
static const struct {
	unsigned char first, last;	/* of the first byte */
	unsigned char low, high;	/* of the second */
	unsigned char length;
} forms[] = {
	{ 0x20, 0x7e, 0x00, 0xff, 1 },
	{ 0xc2, 0xc2, 0xa0, 0xbf, 2 },
	{ 0xc3, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

size_t utf8_printable(const char *text, size_t room)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t form = 0, length;

	while (bytes[0] < forms[form].first || bytes[0] > forms[form].last)
		if (++form == sizeof(forms) / sizeof(forms[0]))
			return 0;
	length = forms[form].length;
	if (length > room)
		return 0;
	if (length > 1 && (bytes[1] < forms[form].low || bytes[1] > forms[form].high))
		return 0;
	for (size_t at = 2; at < length; at++)
		if ((bytes[at] & 0xc0) != 0x80)
			return 0;
	return length;
}
