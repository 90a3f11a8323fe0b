/*
 * A .config or defconfig, line by line: symbol, value, place.  Stricter than
 * kconfig, which passes over what it does not understand.  Decides what a
 * line is; refuses to know what a symbol means.
 */
#include "dotconfig.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#define PREFIX "CONFIG_"
#define NOT_SET " is not set"

#define SYMBOL_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"

struct reading {
	struct arena *arena;
	struct report *report;
	const char *path;
	unsigned int line;
	struct dotconfig config;
	size_t room;
};

/* What must not be in a value, wherever it ends up; NULL if all is well. */
static const char *text_error(const char *text, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t step = utf8_printable(text + at, length - at);

		if (!step)
			return "a control character or malformed UTF-8 (shown as \\xNN); "
			       "remove it";
		at += step;
	}
	return NULL;
}

static void line_error(const struct reading *reading, const char *line, const char *error)
{
	report_error(reading->report, "%s:%u: %s: %s", reading->path, reading->line, line,
		     error);
}

static void entry_add(struct reading *reading, struct dotconfig_entry entry)
{
	struct dotconfig *config = &reading->config;

	if (config->count == reading->room) {
		struct dotconfig_entry *old = config->at;

		reading->room = reading->room ? reading->room * 2 : 256;
		config->at = arena_array(reading->arena, reading->room, sizeof(*old));
		if (old)
			memcpy(config->at, old, config->count * sizeof(*old));
	}
	entry.line = reading->line;
	config->at[config->count++] = entry;
}

/* text starts with a quote.  Returns the value, or NULL if text is more or
 * less than one quoted string. */
static const char *unquote(struct arena *arena, const char *text)
{
	char *value = arena_alloc(arena, strlen(text));
	size_t length = 0;

	for (text++; *text && *text != '"'; text++) {
		if (*text == '\\' && !*++text)
			return NULL;
		value[length++] = *text;
	}
	return strcmp(text, "\"") ? NULL : value;
}

static void read_option(struct reading *reading, const char *line)
{
	const char *name = line + strlen(PREFIX);
	size_t length = strspn(name, SYMBOL_CHARACTERS);
	struct dotconfig_entry entry = { .symbol = arena_copy(reading->arena, name, length) };

	if (!length || name[length] != '=') {
		line_error(reading, line, "not an option; write CONFIG_NAME=value");
		return;
	}
	entry.text = entry.value = arena_copy(reading->arena, name + length + 1,
					      strlen(name + length + 1));
	entry.quoted = *entry.text == '"';
	if (entry.quoted)
		entry.value = unquote(reading->arena, entry.text);
	if (!entry.value)
		line_error(reading, line, "unbalanced quotes; write \"...\" with \\\" and \\\\ "
			   "for a quote and a backslash inside");
	else
		entry_add(reading, entry);
}

static void read_comment(struct reading *reading, const char *line)
{
	const char *name = line + strlen("# " PREFIX);
	size_t length;

	if (strncmp(line, "# " PREFIX, strlen("# " PREFIX)))
		return;
	length = strspn(name, SYMBOL_CHARACTERS);
	if (length && !strcmp(name + length, NOT_SET))
		entry_add(reading, (struct dotconfig_entry){
			.symbol = arena_copy(reading->arena, name, length),
			.value = "n",
			.text = "n",
		});
}

static void read_line(struct reading *reading, const char *line, size_t length)
{
	const char *error = text_error(line, length);

	if (error)
		line_error(reading, line, error);
	else if (*line == '#')
		read_comment(reading, line);
	else if (!strncmp(line, PREFIX, strlen(PREFIX)))
		read_option(reading, line);
	else if (line[strspn(line, " ")])
		line_error(reading, line, "not an option; write CONFIG_NAME=value");
}

static int by_symbol(const void *a, const void *b)
{
	const struct dotconfig_entry *left = a, *right = b;
	int order = strcmp(left->symbol, right->symbol);

	return order ? order : (left->line > right->line) - (left->line < right->line);
}

/* Sorted by symbol, twins are neighbours; the last one is what kconfig takes. */
static void drop_twins(const struct reading *reading, struct dotconfig *config)
{
	size_t kept = 0;

	for (size_t i = 0; i < config->count; i++) {
		struct dotconfig_entry *entry = &config->at[i];

		if (kept && !strcmp(config->at[kept - 1].symbol, entry->symbol)) {
			report_error(reading->report, "%s:%u: %s=%s: stands in line %u already; "
				     "remove one of the two", reading->path, entry->line,
				     entry->symbol, entry->text, config->at[kept - 1].line);
			kept--;
		}
		config->at[kept++] = *entry;
	}
	config->count = kept;
}

struct dotconfig dotconfig_read(struct arena *arena, struct report *report, const char *path)
{
	struct reading reading = { .arena = arena, .report = report, .path = path };
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file) {
		report_error(report, "%s: %s", path, strerror(errno));
		return reading.config;
	}
	while ((length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		reading.line++;
		read_line(&reading, line, (size_t)length);
	}
	if (ferror(file))
		report_error(report, "%s: %s", path, strerror(errno));
	free(line);
	fclose(file);

	if (reading.config.count)
		qsort(reading.config.at, reading.config.count, sizeof(reading.config.at[0]),
		      by_symbol);
	drop_twins(&reading, &reading.config);
	return reading.config;
}

static int symbol_against_entry(const void *symbol, const void *entry)
{
	return strcmp(symbol, ((const struct dotconfig_entry *)entry)->symbol);
}

const struct dotconfig_entry *dotconfig_find(const struct dotconfig *config, const char *symbol)
{
	if (!config->count)
		return NULL;
	return bsearch(symbol, config->at, config->count, sizeof(config->at[0]),
		       symbol_against_entry);
}

bool dotconfig_is_on(const struct dotconfig *config, const char *symbol)
{
	const struct dotconfig_entry *entry = dotconfig_find(config, symbol);

	return entry && !entry->quoted && !strcmp(entry->value, "y");
}

const char *dotconfig_quote(struct arena *arena, const char *value)
{
	char *text = arena_alloc(arena, 2 * strlen(value) + 3), *at = text;

	*at++ = '"';
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			*at++ = '\\';
		*at++ = *value;
	}
	*at = '"';
	return text;
}
