/*
 * The small subcommands: from the words of the call to files and folders and
 * back to standard output.  Decides nothing about what is in them.
 */
#include "commands.h"

#include "compare.h"
#include "defaults.h"
#include "dotconfig.h"
#include "folders.h"
#include "menu.h"

bool command_menu(const struct command_call *call)
{
	struct folders folders;

	if (call->argc < 2)
		return false;
	folders = folders_read(call->arena, call->report, call->argv + 1,
			       (size_t)call->argc - 1);
	for (size_t i = 0; i < folders.count; i++)
		defaults_check(call->arena, call->report, &folders.at[i]);
	menu_write(&folders, call->report, stdout);
	return true;
}

bool command_check_config(const struct command_call *call)
{
	struct dotconfig input, output;

	if (call->argc != 3)
		return false;
	input = dotconfig_read(call->arena, call->report, call->argv[1]);
	output = dotconfig_read(call->arena, call->report, call->argv[2]);
	compare_configs(call->arena, call->report, call->argv[1], &input, &output);
	return true;
}

/* The words are CONFIG DIR...: does something for each service that is switched on. */
static bool for_enabled(const struct command_call *call,
			void (*print)(const struct command_call *call,
				      const struct dotconfig *config, const struct folder *folder))
{
	struct folders folders;
	struct dotconfig config;

	if (call->argc < 3)
		return false;
	config = dotconfig_read(call->arena, call->report, call->argv[1]);
	folders = folders_read(call->arena, call->report, call->argv + 2,
			       (size_t)call->argc - 2);
	for (size_t i = 0; i < folders.count; i++)
		if (dotconfig_is_on(&config, folders.at[i].symbol))
			print(call, &config, &folders.at[i]);
	return true;
}

static void print_folder(const struct command_call *call, const struct dotconfig *config,
			 const struct folder *folder)
{
	(void)call;
	(void)config;
	printf("%s\t%s\n", folder->name, folder->path);
}

bool command_enabled(const struct command_call *call)
{
	return for_enabled(call, print_folder);
}

static void print_oci(const struct command_call *call, const struct dotconfig *config,
		      const struct folder *folder)
{
	const char *symbol = arena_printf(call->arena, "%s_OCI", folder->symbol);
	const struct dotconfig_entry *entry = dotconfig_find(config, symbol);

	if (entry && *entry->value)
		printf("%s\t%s\n", folder->name, entry->value);
}

bool command_oci(const struct command_call *call)
{
	return for_enabled(call, print_oci);
}
