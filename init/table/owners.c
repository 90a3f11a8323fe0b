/*
 * Reads the owners in a root.  Decides which mode counts where a later step put another
 * file into the place of one: its own.
 */
#include "owners.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "quoted.h"

static int by_path(const void *one, const void *other)
{
	return strcmp(((const struct owner *)one)->path, ((const struct owner *)other)->path);
}

static bool read_number(char **rest, int base, unsigned long most, unsigned long *number)
{
	char *field = strsep(rest, "\t"), *end;

	if (!field || *field < '0' || *field > '9')
		return false;
	*number = strtoul(field, &end, base);
	return !*end && *number <= most;
}

static bool read_line(char *line, struct owner *owner)
{
	unsigned long uid, gid, mode;

	if (!read_number(&line, 10, UINT16_MAX, &uid) || !read_number(&line, 10, UINT16_MAX, &gid) ||
	    !read_number(&line, 8, 07777, &mode) || !line || !quoted_undo(line))
		return false;
	*owner = (struct owner){ line, (uint32_t)uid, (uint32_t)gid, (mode_t)mode };
	return true;
}

static bool read_lines(struct arena *arena, FILE *file, struct owners *owners)
{
	char *line = NULL;
	size_t size = 0, room = 0;
	bool good = true;

	for (ssize_t length; good && (length = getline(&line, &size, file)) > 0;) {
		if (owners->count == room) {
			struct owner *more;

			room = room ? 2 * room : 64;
			more = arena_array(arena, room, sizeof(*more));
			if (owners->count)
				memcpy(more, owners->at, owners->count * sizeof(*more));
			owners->at = more;
		}
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		good = read_line(arena_copy(arena, line, (size_t)length),
				 &owners->at[owners->count++]);
	}
	free(line);
	return good;
}

bool owners_read(struct arena *arena, const char *path, struct owners *owners)
{
	FILE *file = fopen(path, "re");
	bool good;

	*owners = (struct owners){ NULL, 0 };
	if (!file)
		return true;
	good = read_lines(arena, file, owners);
	fclose(file);
	if (good && owners->count)
		qsort(owners->at, owners->count, sizeof(owners->at[0]), by_path);
	return good;
}

struct owner owners_of(const struct owners *owners, const char *path, mode_t mode)
{
	const struct owner wanted = { .path = path, .mode = mode & 07777 };
	const struct owner *found = NULL;
	struct owner owner = wanted;

	if (owners->count)
		found = bsearch(&wanted, owners->at, owners->count, sizeof(wanted), by_path);
	if (!found)
		return owner;
	owner = *found;
	if ((found->mode ^ mode) & 01077)
		owner.mode = mode & 07777;
	return owner;
}
