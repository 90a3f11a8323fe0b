/*
 * Readers of values: where a root comes from, and what releases are called.  Decides
 * how they are written; what they need beside them, images.c decides.
 */
#include <string.h>

#include "../manifest.h"
#include "values.h"
#include "words.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-_"

bool values_is_release_name(const char *name)
{
	return name[0] >= 'a' && name[0] <= 'z' && !name[strspn(name, NAME_CHARACTERS)];
}

/* Of an image; a release has a file of that name (slots.h). */
static const char *image_name_error(struct arena *arena, const char *name, const char *what)
{
	if (!values_is_release_name(name))
		return arena_printf(arena, "%s is made of a-z, 0-9, '-' and '_' and starts with a "
				    "letter; write one such as \"%s\"", what, "web");
	if (strlen(name) >= IMAGE_NAME_SIZE)
		return arena_printf(arena, "%s has at most %d characters; write a shorter one",
				    what, IMAGE_NAME_SIZE - 1);
	if (!strcmp(name, "manifest"))
		return "the release's own list has this name; write another";
	return NULL;
}

const char *read_root(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	static const char image[] = "image:", partition[] = "part:";
	struct service_spec *service = field;

	(void)option;
	service->root = ROOT_DIR;
	service->root_name = NULL;
	if (!strcmp(value, "dir"))
		return NULL;
	if (!strncmp(value, image, strlen(image))) {
		service->root = ROOT_IMAGE;
		service->root_name = value + strlen(image);
		return image_name_error(arena, service->root_name, "an image's name");
	}
	if (!strncmp(value, partition, strlen(partition))) {
		service->root = ROOT_PARTITION;
		service->root_name = value + strlen(partition);
		return image_name_error(arena, service->root_name,
					"what both PARTLABELs have before their _a and _b");
	}
	return "unknown; write \"dir\", or \"image:\" and a name, or \"part:\" and what both "
	       "PARTLABELs have before their _a and _b";
}

const char *read_release_name(struct arena *arena, const struct option *option, const char *value,
			      void *field)
{
	(void)option;
	*(const char **)field = value;
	if (!*value)
		return NULL;
	if (!values_is_release_name(value))
		return "made of a-z, 0-9, '-' and '_', and starts with a letter; write one such as "
		       "\"gateway\"";
	if (strlen(value) >= MANIFEST_NAME_SIZE)
		return arena_printf(arena, "longer than %d characters; write a shorter one",
				    MANIFEST_NAME_SIZE - 1);
	return NULL;
}

/* make and a shell see them as well. */
const char *read_key_paths(struct arena *arena, const struct option *option, const char *value,
			   void *field)
{
	struct words *paths = field;
	const char *error = read_names(arena, option, value, paths);

	for (size_t i = 0; !error && i < paths->count; i++)
		if (paths->at[i][strspn(paths->at[i], "abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+@-")])
			error = arena_printf(arena, "\"%s\" has more in it than letters, digits and "
					     "_ . / + @ -; rename the file", paths->at[i]);
	return error;
}
