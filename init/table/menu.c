/*
 * The services' menus.  The template is part of the binary, so that the tool
 * works from any folder; whoever builds it names the template among this
 * object's prerequisites.  Decides where the two placeholders go; knows
 * nothing of the options.
 */
#include "menu.h"

#include <string.h>

/* Found by the assembler in its working directory, the top of the tree. */
__asm__(".section .rodata\n"
	".global menu_template\n"
	"menu_template:\n"
	"	.incbin \"init/table/service.kconfig.in\"\n"
	"	.byte 0\n"
	".previous\n");

/* @NAME@ is upper-cased, with '_' for '-', as in the folder's symbol. */
static void write_instance(const struct folder *folder, FILE *to)
{
	const char *at = menu_template;

	for (const char *mark; (mark = strchr(at, '@')); at = mark) {
		fwrite(at, 1, (size_t)(mark - at), to);
		if (!strncmp(mark, "@NAME@", 6)) {
			fputs(folder->symbol + strlen("SVC_"), to);
			mark += 6;
		} else if (!strncmp(mark, "@name@", 6)) {
			fputs(folder->name, to);
			mark += 6;
		} else {
			fputc(*mark++, to);
		}
	}
	fputs(at, to);
}

void menu_write(const struct folders *folders, struct report *report, FILE *to)
{
	fputs("# Written by `table menu`; any change here is lost.\n", to);
	for (size_t i = 0; i < folders->count; i++) {
		const struct folder *folder = &folders->at[i];

		/* kconfig expands $NAME in a source line and knows no way out. */
		if (folder->has_kconfig && strpbrk(folder->path, "$\"\\")) {
			report_error(report, "%s/Kconfig: kconfig cannot read a path with '$', "
				     "'\"' or '\\'; move the tree", folder->path);
			continue;
		}
		fputc('\n', to);
		if (folder->has_kconfig)
			fprintf(to, "source \"%s/Kconfig\"\n\n", folder->path);
		write_instance(folder, to);
	}
}
