/*
 * What kconfig did to its input without a word: it resets a number that is
 * out of range, forgets a symbol that it does not know, and drops what
 * depends on something that is off.  Decides which of these happened to a
 * line, and what to write instead.
 */
#include "compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "vocabulary.h"

struct comparison {
	struct arena *arena;
	struct report *report;
	const char *path;
	const struct dotconfig *input, *output;
};

static const struct option *option_of(const char *symbol)
{
	size_t service_length;
	const struct option *option = vocabulary_of_symbol(symbol, &service_length);

	return option ? option : vocabulary_find(&board_vocabulary, symbol, strlen(symbol));
}

/* SVC_WEB for any option of web, NULL for another symbol. */
static const char *switch_of(const struct comparison *comparison, const char *symbol)
{
	size_t length;

	if (!vocabulary_of_symbol(symbol, &length))
		return NULL;
	return arena_copy(comparison->arena, symbol, length);
}

static void line_error(const struct comparison *comparison, const struct dotconfig_entry *entry,
		       const char *error)
{
	report_error(comparison->report, "%s:%u: %s=%s: %s", comparison->path, entry->line,
		     entry->symbol, entry->text, error);
}

/* The switch of the service whose options start as symbol does, or NULL; of
 * web and web-ui the longer. */
static const char *owner_of(const struct comparison *comparison, const char *symbol)
{
	const char *owner = NULL;

	for (const char *bar = strchr(symbol, '_'); bar; bar = strchr(bar + 1, '_')) {
		const char *service = arena_copy(comparison->arena, symbol,
						 (size_t)(bar - symbol));

		if (!strncmp(service, "SVC_", 4) && dotconfig_find(comparison->output, service))
			owner = service;
	}
	return owner;
}

static const char *nearest_symbol(const struct comparison *comparison, const char *symbol)
{
	struct nearest nearest = { .word = symbol };
	const char *service = owner_of(comparison, symbol);

	for (size_t i = 0; service && i < service_vocabulary.count; i++)
		nearest_offer(&nearest, arena_printf(comparison->arena, "%s_%s", service,
						     service_vocabulary.at[i].name));
	/* Another service's option would be a wrong guess that works. */
	if (!strncmp(symbol, "SVC_", 4))
		return nearest.best;
	for (size_t i = 0; i < comparison->output->count; i++)
		nearest_offer(&nearest, comparison->output->at[i].symbol);
	return nearest.best;
}

static void explain_dropped(const struct comparison *comparison,
			    const struct dotconfig_entry *entry)
{
	const char *service = switch_of(comparison, entry->symbol);
	const char *nearest;

	if (service && dotconfig_find(comparison->output, service)) {
		line_error(comparison, entry, arena_printf(comparison->arena,
			"dropped, because %s is off; write CONFIG_%s=y or remove this line",
			service, service));
		return;
	}
	nearest = nearest_symbol(comparison, entry->symbol);
	if (nearest)
		line_error(comparison, entry, arena_printf(comparison->arena,
			"unknown option; write CONFIG_%s", nearest));
	else if (!strncmp(entry->symbol, "SVC_", 4))
		line_error(comparison, entry, "unknown option; remove this line, or name the tree "
			   "that has the service's folder with EXTERNAL=");
	else
		line_error(comparison, entry, "unknown option; remove this line");
}

/* What the option accepts, as far as kconfig itself checks it. */
static const char *remedy(struct arena *arena, const struct option *option)
{
	if (!option)
		return "write a value that it accepts";
	switch (option->kind) {
	case OPTION_INT:
		return arena_printf(arena, "write a number from %" PRId64 " to %" PRId64
				    ", without quotes or leading zeros", option->min, option->max);
	case OPTION_BOOL:
		return "write y or n";
	case OPTION_STRING:
		break;
	}
	return "write it in quotes";
}

static void explain_changed(const struct comparison *comparison,
			    const struct dotconfig_entry *entry, const char *now)
{
	line_error(comparison, entry, arena_printf(comparison->arena,
		"out of range or of the wrong type, and was reset to %s; %s", now,
		remedy(comparison->arena, option_of(entry->symbol))));
}

/* True if the input says itself that the service is off: whoever switches it
 * off may leave its options where they are. */
static bool is_switched_off(const struct comparison *comparison,
			    const struct dotconfig_entry *entry)
{
	const char *service = switch_of(comparison, entry->symbol);
	const struct dotconfig_entry *off =
		service ? dotconfig_find(comparison->input, service) : NULL;

	return off && !strcmp(off->text, "n");
}

static void compare_entry(const struct comparison *comparison,
			  const struct dotconfig_entry *entry)
{
	const struct dotconfig_entry *now = dotconfig_find(comparison->output, entry->symbol);

	if (now && now->quoted == entry->quoted && !strcmp(now->value, entry->value))
		return;
	if (is_switched_off(comparison, entry))
		return;
	if (now && !(switch_of(comparison, entry->symbol) &&
		     !dotconfig_is_on(comparison->output, switch_of(comparison, entry->symbol))))
		explain_changed(comparison, entry, now->text);
	else
		explain_dropped(comparison, entry);
}

static int by_line(const void *a, const void *b)
{
	const struct dotconfig_entry *left = a, *right = b;

	return (left->line > right->line) - (left->line < right->line);
}

void compare_configs(struct arena *arena, struct report *report, const char *path,
		     const struct dotconfig *input, const struct dotconfig *output)
{
	struct comparison comparison = { arena, report, path, input, output };
	struct dotconfig_entry *lines = arena_array(arena, input->count, sizeof(*lines));

	if (!input->count)
		return;
	memcpy(lines, input->at, input->count * sizeof(*lines));
	qsort(lines, input->count, sizeof(lines[0]), by_line);
	for (size_t i = 0; i < input->count; i++)
		compare_entry(&comparison, &lines[i]);
}
