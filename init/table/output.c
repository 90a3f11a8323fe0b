/*
 * The files that a run leaves.  Decides when a file is touched; knows nothing
 * of its content.
 */
#include "output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_unchanged(struct arena *arena, const char *path, const struct output *output)
{
	FILE *file = fopen(path, "re");
	/* One byte more, so that a longer file is seen to be longer. */
	char *old = arena_alloc(arena, output->length + 1);
	size_t length;

	if (!file)
		return false;
	length = fread(old, 1, output->length + 1, file);
	fclose(file);
	return length == output->length && !memcmp(old, output->text, length);
}

static bool write_whole(const char *path, const struct output *output)
{
	FILE *file = fopen(path, "we");
	bool written;

	if (!file)
		return false;
	written = fwrite(output->text, 1, output->length, file) == output->length;
	return !fclose(file) && written;
}

static const char *path_in(struct arena *arena, const char *directory, const char *name,
			   const char *suffix)
{
	return arena_printf(arena, "%s/%s%s", directory, name, suffix);
}

void output_write(struct arena *arena, struct report *report, const char *directory,
		  const struct output *outputs, size_t count)
{
	const char **new = arena_array(arena, count, sizeof(*new));
	bool failed = false;

	for (size_t i = 0; i < count && !failed; i++) {
		if (is_unchanged(arena, path_in(arena, directory, outputs[i].name, ""),
				 &outputs[i]))
			continue;
		new[i] = path_in(arena, directory, outputs[i].name, ".new");
		failed = !write_whole(new[i], &outputs[i]);
		if (failed)
			report_error(report, "%s: %s", new[i], strerror(errno));
	}
	for (size_t i = 0; i < count; i++) {
		const char *path = path_in(arena, directory, outputs[i].name, "");

		if (!new[i])
			continue;
		if (!failed && rename(new[i], path)) {
			report_error(report, "%s: %s", path, strerror(errno));
			failed = true;
		}
		if (failed)
			unlink(new[i]);
	}
}
