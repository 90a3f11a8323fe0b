/*
 * Splits text into words as POSIX's shell does (2.2, Quoting), but expands
 * nothing.  Decides where words begin and end; knows nothing of their use.
 */
#include "words.h"

#include <string.h>

/* text points behind the opening quote; copies to *to.  Returns the place
 * behind the closing one, or NULL. */
static const char *copy_single(const char *text, char **to)
{
	while (*text && *text != '\'')
		*(*to)++ = *text++;
	return *text ? text + 1 : NULL;
}

static const char *copy_double(const char *text, char **to)
{
	while (*text && *text != '"') {
		if (*text == '\\' && text[1] && strchr("\"\\$`", text[1]))
			text++;
		*(*to)++ = *text++;
	}
	return *text ? text + 1 : NULL;
}

/* Copies one word, or returns NULL with the phrase in *error. */
static const char *copy_word(const char *text, char *to, const char **error)
{
	while (*text && *text != ' ') {
		if (*text == '\'')
			text = copy_single(text + 1, &to);
		else if (*text == '"')
			text = copy_double(text + 1, &to);
		else if (*text != '\\')
			*to++ = *text++;
		else if (text[1])
			*to++ = text[1], text += 2;
		else {
			*error = "ends in a backslash; write \\\\ for one that is meant";
			return NULL;
		}
		if (!text) {
			*error = "unbalanced quotes; close them, or write \\' or \\\" "
				 "for one that is meant";
			return NULL;
		}
	}
	return text;
}

const char *words_split(struct arena *arena, const char *text, struct words *words)
{
	size_t most = strlen(text) / 2 + 2;
	const char *error = NULL;

	*words = (struct words){ arena_array(arena, most, sizeof(char *)), 0 };
	while (*(text += strspn(text, " "))) {
		char *word = arena_alloc(arena, strlen(text) + 1);

		text = copy_word(text, word, &error);
		if (!text)
			return error;
		words->at[words->count++] = word;
	}
	return NULL;
}

struct items words_read(struct arena *arena, const char *text, size_t size, word_reader *read)
{
	struct words words;
	struct items items = { .error = words_split(arena, text, &words) };

	items.at = arena_array(arena, items.error ? 0 : words.count, size);
	while (!items.error && items.count < words.count) {
		items.error = read(arena, words.at[items.count], items.at, items.count);
		items.count += !items.error;
	}
	return items;
}

const char *words_error(struct arena *arena, const struct words *words, size_t at,
			const char *error)
{
	if (!error || words->count == 1)
		return error;
	return arena_printf(arena, "\"%s\": %s", words->at[at], error);
}
