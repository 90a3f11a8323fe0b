/*
 * Text in files that scripts write for the host tool, where a line has to be
 * a line: a backslash and what is no printable ASCII are \xNN there.
 */
#ifndef PITH_TABLE_QUOTED_H
#define PITH_TABLE_QUOTED_H

#include <stdbool.h>

/* In place.  False if a backslash has something else behind it, or NUL's number. */
bool quoted_undo(char *text);

#endif
