/*
 * The host tool: everything that can be decided when the firmware is built.
 * Decides which subcommand runs and what the exit status says: 0 is success,
 * 1 errors in what was read, 2 a call that is not understood.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct command {
	const char *name, *arguments, *help;
	bool (*run)(const struct command_call *call);
} commands[] = {
	{
		"menu", "DIR...",
		"Writes on standard output the Kconfig text with one menu for each service's\n"
		"folder DIR/<name>/, in the order of the names.",
		command_menu,
	}, {
		"check-config", "INPUT OUTPUT",
		"Compares INPUT, the defconfig or .config that kconfig was given, with OUTPUT,\n"
		"the .config that it made of it.  Whatever was changed or dropped is an error.",
		command_check_config,
	}, {
		"enabled", "CONFIG DIR...",
		"Prints name and folder of every service that the .config CONFIG switches on,\n"
		"separated by a tab, one per line.",
		command_enabled,
	}, {
		"oci", "CONFIG DIR...",
		"Prints name and OCI of every service that the .config CONFIG switches on and\n"
		"that has one, separated by a tab, one per line.",
		command_oci,
	}, {
		"generate",
		"--arch ARCH --config FILE --services DIR... --roots DIR [--modules FILE] "
		"[--kernel-config FILE] [--board NAME] [--keys FILE] [--time SECONDS] --out DIR",
		"Checks everything and writes table.c, table.h and image.plan into the folder\n"
		"of --out: all of them, or none if there is any error.\n"
		"  --arch ARCH      the board's: x86_64, arm64 or arm\n"
		"  --config FILE    the .config\n"
		"  --services DIR   a directory with services' folders; may be repeated\n"
		"  --roots DIR      has the filled root of each enabled service, by its name\n"
		"  --modules FILE   kernel modules, one absolute path of the image per line,\n"
		"                   in the order in which to load them; none if left out\n"
		"  --kernel-config FILE   the kernel's own .config, which has to have all that\n"
		"                   is used; an empty file: none is at hand, and that is said;\n"
		"                   if left out, nothing is checked\n"
		"  --board NAME     what a release has to be for, unless UPDATE_BOARD says it\n"
		"  --keys FILE      the keys of IMAGE_KEYS, as board/scripts/trusted-keys writes\n"
		"                   them; needed if a service has an image\n"
		"  --time SECONDS   since 1970: when this was built, before which no board's clock\n"
		"                   can be; none if left out\n"
		"  --out DIR        where to write; an unchanged file keeps its time stamp",
		command_generate,
	},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_help(void)
{
	puts("Turns pith's configuration into the table that is compiled into /init.\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		printf("table %s %s\n", commands[i].name, commands[i].arguments);
		for (const char *line = commands[i].help; *line;) {
			size_t length = strcspn(line, "\n");

			printf("    %.*s\n", (int)length, line);
			line += length + (line[length] == '\n');
		}
		putchar('\n');
	}
	puts("Errors go to standard error, one per line and all at once, and say what to\n"
	     "write instead.  The exit status is 0, 1 after an error, or 2 for a call that\n"
	     "is not understood.");
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct arena arena = { NULL };
	struct report report = { .to = stderr };
	struct command_call call = { &arena, &report, argc, argv };
	bool understood = command->run(&call);

	if (!understood)
		fprintf(stderr, "usage: table %s %s\n", command->name, command->arguments);
	else if (fflush(stdout))
		report_error(&report, "standard output cannot be written");
	arena_free(&arena);
	return !understood ? 2 : report.errors ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;

	if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		print_help();
		return 0;
	}
	if (!command) {
		fputs("usage: table menu | check-config | enabled | oci | generate ...; "
		      "table --help says more\n", stderr);
		return 2;
	}
	return run_command(command, argc - 1, argv + 1);
}
