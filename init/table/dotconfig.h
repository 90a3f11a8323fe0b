/*
 * A .config or defconfig as kconfig writes and reads it: which symbol has
 * which value on which line.  Knows nothing of what a symbol means.
 */
#ifndef PITH_TABLE_DOTCONFIG_H
#define PITH_TABLE_DOTCONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "report.h"

struct dotconfig_entry {
	const char *symbol;	/* without CONFIG_ */
	const char *value;	/* unquoted and unescaped; "n" if not set */
	const char *text;	/* as it stands there, such as "\"a\"" */
	bool quoted;
	unsigned int line;	/* from 1 */
};

struct dotconfig {
	struct dotconfig_entry *at;	/* sorted by symbol */
	size_t count;
};

/*
 * Reads a file.  Lines that are neither an option, a comment nor empty,
 * options that stand there twice, control characters and malformed UTF-8 are
 * reported with file and line and left out.
 */
struct dotconfig dotconfig_read(struct arena *arena, struct report *report,
				const char *path);

/* The entry of that symbol, or NULL. */
const struct dotconfig_entry *dotconfig_find(const struct dotconfig *config,
					     const char *symbol);

/* True if the symbol is there and is y. */
bool dotconfig_is_on(const struct dotconfig *config, const char *symbol);

/* A string in quotes, with \ before " and \, as kconfig writes it. */
const char *dotconfig_quote(struct arena *arena, const char *value);

#endif
