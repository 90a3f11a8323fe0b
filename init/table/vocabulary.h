/*
 * The vocabulary: every option of a service and of the board, as rows of a
 * const table.  A row says how the option is called, what kconfig makes of
 * it, its default and range, who reads it and into which field of struct
 * service_spec or struct board_spec.  A new option is a new row, a field and
 * a paragraph in service.kconfig.in; a test compares the latter with the rows.
 */
#ifndef PITH_TABLE_VOCABULARY_H
#define PITH_TABLE_VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

enum option_kind {
	OPTION_STRING,
	OPTION_INT,
	OPTION_BOOL,
};

struct option;

/*
 * Reads value into *field.  Returns NULL, or what is wrong and what to write
 * instead, as a phrase that follows `web: SVC_WEB_X="value": `.
 */
typedef const char *option_reader(struct arena *arena, const struct option *option,
				  const char *value, void *field);

struct option {
	const char *name;	/* after SVC_<NAME>_, or whole for the board */
	enum option_kind kind;
	const char *initial;	/* the default as .config spells it, unquoted */
	int64_t min, max;	/* of an OPTION_INT, both valid */
	option_reader *read;
	size_t field;
	const char *const *choices;	/* read_choice: the words, in enum's order */
};

struct vocabulary {
	const struct option *at;
	size_t count;
};

extern const struct vocabulary service_vocabulary;
extern const struct vocabulary board_vocabulary;

/* The row of that name, whose first length bytes count, or NULL. */
const struct option *vocabulary_find(const struct vocabulary *vocabulary, const char *name,
				     size_t length);

/*
 * Splits a symbol without CONFIG_, such as SVC_WEB_UI_MEMORY_MAX, into the
 * service's part (its length, "SVC_WEB_UI") and the option.  The longest
 * option that fits wins.  Returns NULL for anything else.
 */
const struct option *vocabulary_of_symbol(const char *symbol, size_t *service_length);

/*
 * True if a service A_<rest> would share a symbol with a service A: rest, or
 * rest and '_' and an option, is an option.
 */
bool vocabulary_overlaps(const char *rest);

#endif
