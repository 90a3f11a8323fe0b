/*
 * The Kconfig file in a service's folder.  kconfig itself reads it; this only
 * looks for what it would not complain about: a misspelt symbol has no type
 * and vanishes, a default out of range is moved into it.  Knows no more of
 * Kconfig's language than lines that start with config and default.
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
}

static void read_default(const struct defaults_reading *reading, const char *value)
{
	const char *error = NULL;
	int64_t number;

	if (!reading->option || reading->option->kind != OPTION_INT)
		return;
	error = read_int(reading->arena, reading->option, value, &number);
	if (error)
		line_error(reading, arena_printf(reading->arena, "%s=%s", reading->symbol, value),
			   error);
}

static void read_line(struct defaults_reading *reading, const char *line)
{
	const char *symbol = word_after(reading->arena, line, "config");
	const char *value = word_after(reading->arena, line, "default");

	if (!symbol)
		symbol = word_after(reading->arena, line, "menuconfig");
	if (symbol)
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
		read_line(&reading, line);
	}
	free(line);
	fclose(file);
}
