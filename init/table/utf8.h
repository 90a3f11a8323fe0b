/*
 * UTF-8 that can be shown.
 */
#ifndef PITH_TABLE_UTF8_H
#define PITH_TABLE_UTF8_H

#include <stddef.h>

/* Length of the well-formed sequence at text that is no control character
 * (U+0000 to U+001F, U+007F to U+009F); 0 for anything else.  At most room
 * bytes are looked at, of which there is at least one.  RFC 3629, 4. */
size_t utf8_printable(const char *text, size_t room);

#endif
