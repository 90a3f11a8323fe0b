/*
 * Reads the board and the enabled services from .config, by walking the
 * vocabulary.  Decides which symbols belong to what, and how an error is
 * introduced; what a value means is its reader's business.
 */
#include "spec.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../service.h"
#include "nearest.h"
#include "vocabulary.h"

static const char *symbol_of(const struct spec *spec, const struct service_spec *service,
			     const char *option)
{
	if (!service)
		return option;
	return arena_printf(spec->arena, "%s_%s", service->folder->symbol, option);
}

/* As .config spells it, or would. */
static const char *value_text(const struct spec *spec, const struct option *option,
			      const char *symbol)
{
	const struct dotconfig_entry *entry = dotconfig_find(spec->config, symbol);

	if (entry)
		return entry->text;
	if (option->kind == OPTION_STRING)
		return dotconfig_quote(spec->arena, option->initial);
	return option->initial;
}

static void option_error(const struct spec *spec, const struct service_spec *service,
			 const char *name, const char *phrase)
{
	const struct vocabulary *words = service ? &service_vocabulary : &board_vocabulary;
	const struct option *option = vocabulary_find(words, name, strlen(name));
	const char *symbol = symbol_of(spec, service, name);

	report_error(spec->report, "%s: %s=%s: %s", service ? service->name : "board", symbol,
		     value_text(spec, option, symbol), phrase);
}

void spec_service_error(const struct spec *spec, const struct service_spec *service,
			const char *option, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	option_error(spec, service, option, arena_vprintf(spec->arena, format, arguments));
	va_end(arguments);
}

void spec_board_error(const struct spec *spec, const char *option, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	option_error(spec, NULL, option, arena_vprintf(spec->arena, format, arguments));
	va_end(arguments);
}

/* kconfig writes strings in quotes and nothing else so. */
static const char *kind_error(const struct option *option, const struct dotconfig_entry *entry)
{
	if (entry->quoted == (option->kind == OPTION_STRING))
		return NULL;
	return entry->quoted ? "a string; write it without quotes"
			     : "not a string; write it in quotes";
}

/* Returns false if the value was not understood. */
static bool read_option(struct spec *spec, const struct service_spec *service,
			const struct option *option, void *fields)
{
	const struct dotconfig_entry *entry =
		dotconfig_find(spec->config, symbol_of(spec, service, option->name));
	const char *value = entry ? entry->value : option->initial;
	const char *error = entry ? kind_error(option, entry) : NULL;

	if (!error)
		error = option->read(spec->arena, option, value, (char *)fields + option->field);
	if (error)
		option_error(spec, service, option->name, error);
	return !error;
}

static void read_services(struct spec *spec)
{
	spec->services = arena_array(spec->arena, spec->folders->count,
				     sizeof(*spec->services));
	for (size_t i = 0; i < spec->folders->count; i++) {
		const struct folder *folder = &spec->folders->at[i];
		struct service_spec *service = &spec->services[spec->count];

		if (!dotconfig_is_on(spec->config, folder->symbol))
			continue;
		service->folder = folder;
		service->name = folder->name;
		spec->count++;
		for (size_t j = 0; j < service_vocabulary.count; j++)
			if (!read_option(spec, service, &service_vocabulary.at[j], service))
				service->broken = true;
	}
}

/* The folder that a symbol such as SVC_WEB_UI, of that length, belongs to. */
static const struct folder *folder_of_symbol(const struct spec *spec, const char *symbol,
					     size_t length)
{
	char *name = arena_copy(spec->arena, symbol + 4, length - 4);

	for (char *at = name; *at; at++)
		*at = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
	return folders_find(spec->folders, name);
}

static void unknown_symbol(const struct spec *spec, const struct dotconfig_entry *entry)
{
	struct nearest nearest = { .word = entry->symbol };

	for (size_t i = 0; i < spec->folders->count; i++) {
		const char *symbol = spec->folders->at[i].symbol;

		nearest_offer(&nearest, symbol);
		if (strncmp(entry->symbol, symbol, strlen(symbol)))
			continue;
		for (size_t j = 0; j < service_vocabulary.count; j++)
			nearest_offer(&nearest, arena_printf(spec->arena, "%s_%s", symbol,
							     service_vocabulary.at[j].name));
	}
	if (nearest.best)
		report_error(spec->report, "%s=%s: unknown option; write %s", entry->symbol,
			     entry->text, nearest.best);
	else
		report_error(spec->report, "%s=%s: unknown option; remove it, or add the folder of "
			     "the service that it belongs to", entry->symbol, entry->text);
}

static void check_symbols(const struct spec *spec)
{
	for (size_t i = 0; i < spec->config->count; i++) {
		const struct dotconfig_entry *entry = &spec->config->at[i];
		size_t length = strlen(entry->symbol), service_length;

		if (strncmp(entry->symbol, "SVC_", 4) ||
		    folder_of_symbol(spec, entry->symbol, length))
			continue;
		if (!vocabulary_of_symbol(entry->symbol, &service_length) ||
		    !folder_of_symbol(spec, entry->symbol, service_length))
			unknown_symbol(spec, entry);
	}
}

void spec_read(struct spec *spec)
{
	check_symbols(spec);
	for (size_t i = 0; i < board_vocabulary.count; i++)
		if (!read_option(spec, NULL, &board_vocabulary.at[i], &spec->board))
			spec->board.broken = true;
	read_services(spec);
}

uint64_t spec_log_bytes(const struct service_spec *service)
{
	return (uint64_t)service->log_kb << 10;
}

uint64_t spec_board_log_bytes(const struct spec *spec)
{
	return (uint64_t)spec->board.log_kb << 10;
}

bool spec_notifies(const struct service_spec *service)
{
	return service->ready == SERVICE_READY_NOTIFY || service->watchdog_ms ||
	       service->provides == PROVIDES_LEASE;
}

bool spec_has_address(const struct uplink_spec *uplink)
{
	return uplink->dhcp || uplink->subnet.address || uplink->ipv6;
}

/* Services that are made of one folder have one root, as those of one image. */
const struct folder *spec_root_folder(const struct spec *spec, const struct service_spec *service)
{
	if (service->image)
		service = &spec->services[spec->images[service->image - 1].maker];
	return service->folder;
}

const char *spec_root(const struct spec *spec, const struct service_spec *service)
{
	return arena_printf(spec->arena, "%s/%s", spec->roots,
			    spec_root_folder(spec, service)->name);
}

static int name_against_service(const void *name, const void *service)
{
	return strcmp(name, ((const struct service_spec *)service)->name);
}

struct service_spec *spec_find(const struct spec *spec, const char *name)
{
	if (!spec->count)
		return NULL;
	return bsearch(name, spec->services, spec->count, sizeof(spec->services[0]),
		       name_against_service);
}
