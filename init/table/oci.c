/*
 * Reads what board/scripts/oci wrote of an image.  Decides only what the lines are;
 * what becomes of them, oci_defaults.c decides.
 */
#include "oci.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quoted.h"

/* field: NULL is of no use here, but in the list of what is in the image. */
struct row {
	const char *key;
	bool is_list;
	size_t field;
};

#define NOWHERE SIZE_MAX
#define IN(member) offsetof(struct oci_image, member)

static const struct row rows[] = {
	{ "image", false, NOWHERE },
	{ "digest", false, NOWHERE },
	{ "architecture", false, NOWHERE },
	{ "entrypoint", true, IN(entrypoint) },
	{ "cmd", true, IN(cmd) },
	{ "env", true, IN(env) },
	{ "user", false, IN(user) },
	{ "workdir", false, IN(workdir) },
	{ "stopsignal", false, IN(stop_signal) },
	{ "port", true, IN(ports) },
	{ "volume", true, IN(volumes) },
	{ "title", false, NOWHERE },
	{ "version", false, NOWHERE },
	{ "licenses", false, NOWHERE },
	{ "source", false, NOWHERE },
	{ "vendor", false, NOWHERE },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void append(struct arena *arena, struct words *words, char *word)
{
	struct words longer = { arena_array(arena, words->count + 2, sizeof(char *)), 0 };

	for (; longer.count < words->count; longer.count++)
		longer.at[longer.count] = words->at[longer.count];
	longer.at[longer.count++] = word;
	*words = longer;
}

/* Takes the line, of the row at *next or of one behind it. */
static bool take(struct arena *arena, struct oci_image *image, char *line, size_t *next)
{
	char *value = strchr(line, ' ');

	if (!value)
		return false;
	*value++ = '\0';
	while (*next < ROW_COUNT && strcmp(rows[*next].key, line))
		++*next;
	if (*next == ROW_COUNT || !quoted_undo(value))
		return false;
	if (rows[*next].field != NOWHERE && rows[*next].is_list)
		append(arena, (struct words *)((char *)image + rows[*next].field), value);
	else if (rows[*next].field != NOWHERE)
		*(const char **)((char *)image + rows[*next].field) = value;
	*next += !rows[*next].is_list;
	return true;
}

static bool read_lines(struct arena *arena, FILE *file, struct oci_image *image)
{
	char *line = NULL;
	size_t size = 0, next = 0;
	unsigned int count = 0;
	bool good = true, ended = false;

	for (ssize_t length; good && (length = getline(&line, &size, file)) > 0; count++) {
		good = !ended && line[length - 1] == '\n';
		line[length - 1] = '\0';
		ended = !strcmp(line, "end ");
		if (!count)
			good = good && !strcmp(line, "pith-oci 1");
		else if (good && !ended)
			good = take(arena, image, arena_copy(arena, line, strlen(line)), &next);
	}
	free(line);
	return good && ended;
}

bool oci_read(struct arena *arena, const char *path, struct oci_image *image)
{
	FILE *file = fopen(path, "re");
	bool good;

	*image = (struct oci_image){ .user = NULL };
	if (!file)
		return false;
	good = read_lines(arena, file, image);
	fclose(file);
	return good;
}
