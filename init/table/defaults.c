/*
 * The Kconfig file in a service's folder.  kconfig itself reads it; this only
 * looks for what it would not complain about: a misspelt symbol has no type
 * and vanishes, a default out of range is moved into it.  Knows no more of
 * Kconfig's language than lines that start with config, default and help.
 */
#include "defaults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "values.h"
#include "vocabulary.h"

struct defaults_reading {
	struct arena *arena;
	struct report *report;
	const struct folder *folder;
	unsigned int line;
	const char *symbol;		/* of the entry that the line belongs to */
	const struct option *option;	/* NULL for the switch and other symbols */
	bool is_bool;			/* the switch is one too */
	enum help { HELP_NONE, HELP_STARTS, HELP_GOES_ON } help;
	unsigned int help_indent;	/* of the text's first line */
};

static void line_error(const struct defaults_reading *reading, const char *subject,
		       const char *error)
{
	report_error(reading->report, "%s/Kconfig:%u: %s: %s", reading->folder->path,
		     reading->line, subject, error);
}

/* The word behind keyword, without quotes, or NULL for another line. */
static const char *word_after(struct arena *arena, const char *line, const char *keyword)
{
	size_t length = strlen(keyword);

	line += strspn(line, " \t");
	if (strncmp(line, keyword, length) || !strspn(line + length, " \t"))
		return NULL;
	line += length + strspn(line + length, " \t");
	line += *line == '"';
	return arena_copy(arena, line, strcspn(line, " \t\""));
}

static const char *nearest_option(const struct defaults_reading *reading, const char *name)
{
	struct nearest nearest = { .word = name };

	for (size_t i = 0; i < service_vocabulary.count; i++)
		nearest_offer(&nearest, service_vocabulary.at[i].name);
	if (!nearest.best)
		return "unknown option; remove it";
	return arena_printf(reading->arena, "unknown option; write %s_%s",
			    reading->folder->symbol, nearest.best);
}

static void read_symbol(struct defaults_reading *reading, const char *symbol)
{
	const char *own = reading->folder->symbol;
	size_t length = strlen(own);

	reading->symbol = symbol;
	reading->option = NULL;
	reading->is_bool = !strcmp(symbol, own);
	if (vocabulary_find(&board_vocabulary, symbol, strlen(symbol))) {
		line_error(reading, symbol, "an option of the board, which no service sets; write "
			   "it in the board's defconfig");
		return;
	}
	if (strncmp(symbol, "SVC_", 4) || !strcmp(symbol, own))
		return;
	if (strncmp(symbol, own, length) || symbol[length] != '_') {
		line_error(reading, symbol, arena_printf(reading->arena, "not an option of this "
			   "service; write one that starts with %s_", own));
		return;
	}
	symbol += length + 1;
	reading->option = vocabulary_find(&service_vocabulary, symbol, strlen(symbol));
	if (!reading->option)
		line_error(reading, reading->symbol, nearest_option(reading, symbol));
	else
		reading->is_bool = reading->option->kind == OPTION_BOOL;
}

static void read_default(const struct defaults_reading *reading, const char *value)
{
	const char *error = NULL;
	int64_t number;
	bool flag;

	if (reading->is_bool)
		error = read_bool(reading->arena, reading->option, value, &flag);
	else if (reading->option && reading->option->kind == OPTION_INT)
		error = read_int(reading->arena, reading->option, value, &number);
	if (error)
		line_error(reading, arena_printf(reading->arena, "%s=%s", reading->symbol, value),
			   error);
}

/* In columns; a tab leads to the next multiple of 8, as kconfig counts. */
static unsigned int indent_of(const char *line)
{
	unsigned int columns = 0;

	for (; *line == ' ' || *line == '\t'; line++)
		columns += *line == '\t' ? 8 - columns % 8 : 1;
	return columns;
}

/* True if the line is help text: it goes on as far as lines are blank or
 * indented at least as deep as the first. */
static bool is_help_text(struct defaults_reading *reading, const char *line)
{
	if (reading->help == HELP_NONE)
		return false;
	if (!line[strspn(line, " \t")])
		return true;
	if (reading->help == HELP_STARTS)
		reading->help_indent = indent_of(line);
	reading->help = HELP_GOES_ON;
	if (!indent_of(line) || indent_of(line) < reading->help_indent)
		reading->help = HELP_NONE;
	return reading->help == HELP_GOES_ON;
}

static bool starts_help(const char *line)
{
	line += strspn(line, " \t");
	return !strcmp(line, "help") || !strcmp(line, "---help---");
}

static void read_line(struct defaults_reading *reading, const char *line)
{
	const char *symbol = word_after(reading->arena, line, "config");
	const char *value = word_after(reading->arena, line, "default");

	if (!symbol)
		symbol = word_after(reading->arena, line, "menuconfig");
	if (starts_help(line))
		reading->help = HELP_STARTS;
	else if (symbol)
		read_symbol(reading, symbol);
	else if (value)
		read_default(reading, value);
}

void defaults_check(struct arena *arena, struct report *report, const struct folder *folder)
{
	struct defaults_reading reading = { .arena = arena, .report = report, .folder = folder };
	const char *path = arena_printf(arena, "%s/Kconfig", folder->path);
	size_t room = 0;
	char *line = NULL;
	FILE *file;

	if (!folder->has_kconfig)
		return;
	file = fopen(path, "re");
	if (!file) {
		report_error(report, "%s: %s", path, strerror(errno));
		return;
	}
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		reading.line++;
		if (!is_help_text(&reading, line))
			read_line(&reading, line);
	}
	free(line);
	fclose(file);
}
