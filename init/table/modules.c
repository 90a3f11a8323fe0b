/*
 * The list of kernel modules.  Decides only that each is a path; order and
 * presence were settled by what wrote the list.
 */
#include "modules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

static void module_add(struct arena *arena, struct words *modules, size_t *room,
		       const char *line)
{
	if (modules->count + 1 >= *room) {
		char **old = modules->at;

		*room = *room ? *room * 2 : 64;
		modules->at = arena_array(arena, *room, sizeof(*old));
		if (old)
			memcpy(modules->at, old, modules->count * sizeof(*old));
	}
	modules->at[modules->count++] = arena_copy(arena, line, strlen(line));
}

struct words modules_read(struct arena *arena, struct report *report, const char *path)
{
	struct words modules = { NULL, 0 };
	size_t room = 0, line_room = 0;
	char *line = NULL;
	FILE *file;

	if (!path)
		return modules;
	file = fopen(path, "re");
	if (!file) {
		report_error(report, "%s: %s", path, strerror(errno));
		return modules;
	}
	while (getline(&line, &line_room, file) > 0) {
		const char *error;

		line[strcspn(line, "\n")] = '\0';
		error = *line ? values_path_error(line) : NULL;
		if (error)
			report_error(report, "%s: %s: %s", path, line, error);
		else if (*line)
			module_add(arena, &modules, &room, line);
	}
	free(line);
	fclose(file);
	return modules;
}
