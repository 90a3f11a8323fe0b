/*
 * Readers of values: what a service sees besides its root, that is folders in
 * memory, folders that survive and devices.  Decides how they are written;
 * whether they get into each other's way, nesting.c decides, and whether the
 * board has what they need, sanity.c.
 */
#include <string.h>

#include "../service.h"
#include "number.h"
#include "values.h"
#include "words.h"

/* A volume's folder is "<service>/<name>", with the NUL at most 64 bytes. */
#define VOLUME_NAME_MAX_LENGTH 47

/* What ext4 has room for (EXT2_LABEL_LEN); f2fs takes longer ones. */
#define LABEL_MAX_LENGTH 16

static const char *mount_point_error(const char *path)
{
	const char *error = values_path_error(path);

	if (!error && !path[1])
		error = "would hide the whole root; name a folder in it";
	return error;
}

/* Takes ":exec" off the end of the word. */
static bool takes_exec(char *word)
{
	static const char flag[] = ":exec";
	size_t length = strlen(word), flag_length = sizeof(flag) - 1;

	if (length < flag_length || strcmp(word + length - flag_length, flag))
		return false;
	word[length - flag_length] = '\0';
	return true;
}

static const char *tmpfs_parse(struct arena *arena, const char *word, void *items, size_t count)
{
	struct tmpfs *tmpfs = (struct tmpfs *)items + count;
	char *path = arena_copy(arena, word, strlen(word)), *colon;
	const char *error;

	tmpfs->exec = takes_exec(path);
	tmpfs->path = path;
	colon = strrchr(path, ':');
	if (!colon)
		return arena_printf(arena, "\"%s\" has no size; write path:size, such as /run:1M",
				    word);
	*colon = '\0';
	if (strchr(path, ':'))
		return arena_printf(arena, "\"%s\" is not path:size or path:size:exec; write such "
				    "words with blanks between them, as in /run:1M /tmp:4M:exec",
				    word);
	error = mount_point_error(path);
	if (error)
		return arena_printf(arena, "\"%s\": %s", path, error);
	if (number_parse_scaled(colon + 1, strlen(colon + 1), &tmpfs->bytes) || !tmpfs->bytes ||
	    tmpfs->bytes > VALUES_SIZE_MAX)
		return arena_printf(arena, "\"%s\" has no valid size; write path:size, such as "
				    "/run:1M, or path:size:exec", word);
	return NULL;
}

const char *read_tmpfs(struct arena *arena, const struct option *option, const char *value,
		       void *field)
{
	struct items items = words_read(arena, value, sizeof(struct tmpfs), tmpfs_parse);

	(void)option;
	*(struct tmpfs_list *)field = (struct tmpfs_list){ items.at, items.count };
	return items.error;
}

static bool is_volume_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	return length && !name[length] && length <= VOLUME_NAME_MAX_LENGTH;
}

/* "ro:exec", each at most once, or NULL for none at all. */
static bool volume_flags_are_read(const char *flags, struct volume *volume)
{
	while (flags) {
		size_t length = strcspn(flags, ":");
		bool *flag = length == 2 && !strncmp(flags, "ro", 2) ? &volume->read_only :
			     length == 4 && !strncmp(flags, "exec", 4) ? &volume->exec : NULL;

		if (!flag || *flag)
			return false;
		*flag = true;
		flags = flags[length] ? flags + length + 1 : NULL;
	}
	return true;
}

static const char *volume_parse(struct arena *arena, const char *word, void *items, size_t count)
{
	struct volume *volume = (struct volume *)items + count;
	char *name = arena_copy(arena, word, strlen(word));
	char *path = strchr(name, ':'), *flags;
	const char *error;

	if (!path)
		return arena_printf(arena, "\"%s\" has no path; write name:path, such as "
				    "data:/var/lib/x", word);
	*path++ = '\0';
	flags = strchr(path, ':');
	if (flags)
		*flags++ = '\0';
	*volume = (struct volume){ .name = name, .path = path };
	if (!is_volume_name(name))
		return arena_printf(arena, "\"%s\" is no name of a volume; write one of a-z, 0-9, "
				    "_ and -, of at most %d characters", name,
				    VOLUME_NAME_MAX_LENGTH);
	error = mount_point_error(path);
	if (error)
		return arena_printf(arena, "\"%s\": %s", path, error);
	if (!volume_flags_are_read(flags, volume))
		return arena_printf(arena, "\"%s\" has something else behind its path than ro and "
				    "exec, each once; write it such as %s:%s:ro", word, name, path);
	return NULL;
}

const char *read_volumes(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	struct items items = words_read(arena, value, sizeof(struct volume), volume_parse);

	(void)option;
	*(struct volumes *)field = (struct volumes){ items.at, items.count };
	return items.error;
}

/* What ../view.c puts into every /dev. */
static bool device_is_ours(const char *path)
{
	static const char *const ours[] = {
		"null", "zero", "full", "random", "urandom", "tty", "fd", "stdin", "stdout",
		"stderr", "ptmx", "pts", "shm", "mqueue", "notify", "toolbox",
	};
	const char *name = path + strlen("/dev/");
	size_t length = strcspn(name, "/");

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == length && !strncmp(ours[i], name, length))
			return true;
	return false;
}

static bool device_rights_are_read(const char *rights, struct device *device)
{
	device->read = *rights == 'r';
	rights += device->read;
	device->write = *rights == 'w';
	rights += device->write;
	return !*rights && (device->read || device->write);
}

static const char *device_parse(struct arena *arena, const char *word, struct device *device)
{
	char *path = arena_copy(arena, word, strlen(word)), *colon = strrchr(path, ':');
	const char *error;

	if (!colon || !device_rights_are_read(colon + 1, device))
		return arena_printf(arena, "\"%s\" does not say what is allowed; write path:r, "
				    "path:w or path:rw, such as /dev/ttyS1:rw", word);
	*colon = '\0';
	device->path = path;
	error = values_path_error(path);
	if (error)
		return arena_printf(arena, "\"%s\": %s", path, error);
	if (strncmp(path, "/dev/", 5))
		return arena_printf(arena, "\"%s\" is no device; write one such as /dev/ttyS1:rw",
				    path);
	if (device_is_ours(path))
		return arena_printf(arena, "%s is made by pith in every service; leave it out",
				    path);
	if (strpbrk(path, ",*?["))
		return arena_printf(arena, "\"%s\" is not one device; write each by its name, with "
				    "blanks between them, as in /dev/ttyS1:rw /dev/rtc0:r", path);
	return NULL;
}

static const char *device_add(struct arena *arena, const char *word, void *items, size_t count)
{
	struct device *devices = items;
	const char *error = device_parse(arena, word, &devices[count]);

	for (size_t i = 0; !error && i < count; i++)
		if (!strcmp(devices[i].path, devices[count].path))
			error = arena_printf(arena, "names %s twice; write one of them, with all "
					     "that is allowed", devices[count].path);
	return error;
}

const char *read_devices(struct arena *arena, const struct option *option, const char *value,
			 void *field)
{
	struct items items = words_read(arena, value, sizeof(struct device), device_add);

	(void)option;
	*(struct devices *)field = (struct devices){ items.at, items.count };
	if (!items.error && items.count > SERVICE_DEVICES_MAX)
		return arena_printf(arena, "%zu devices; write at most %d", items.count,
				    SERVICE_DEVICES_MAX);
	return items.error;
}

const char *read_label(struct arena *arena, const struct option *option, const char *value,
		       void *field)
{
	(void)option;
	*(const char **)field = arena_copy(arena, value, strlen(value));
	if (strlen(value) > LABEL_MAX_LENGTH)
		return "too long; write a label of at most 16 bytes";
	return NULL;
}
