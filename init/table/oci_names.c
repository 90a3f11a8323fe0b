/*
 * Names of the image as the kernel needs them: who its User is, and where its program
 * lies.  Links lead where they lead inside, and nothing outside the root is looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../service.h"
#include "inroot.h"
#include "number.h"
#include "oci.h"

#define PATH_USUAL "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* passwd(5) has seven fields, group(5) four. */
#define FIELDS 7

/* Splits line at its colons; how many there are. */
static size_t split(char *line, char *fields[FIELDS])
{
	size_t count = 0;

	line[strcspn(line, "\n")] = '\0';
	while (line && count < FIELDS)
		fields[count++] = strsep(&line, ":");
	return count;
}

static FILE *open_inside(struct arena *arena, const char *root, const char *path)
{
	struct inroot found;

	if (inroot_resolve(arena, root, path, NULL, &found) || !S_ISREG(found.status.st_mode))
		return NULL;
	return fopen(found.outside, "re");
}

/* The first line of the file whose field has that text. */
static bool look_up(struct arena *arena, const char *root, const char *path, size_t field,
		    const char *text, char *fields[FIELDS])
{
	FILE *file = open_inside(arena, root, path);
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	while (file && !found && getline(&line, &size, file) > 0)
		found = split(arena_copy(arena, line, strlen(line)), fields) > 3 &&
			!strcmp(fields[field], text);
	free(line);
	if (file)
		fclose(file);
	return found;
}

static bool read_id(const char *text, uint32_t *id)
{
	uint64_t number;

	if (number_parse(text, strlen(text), &number) || number >= SERVICE_ID_RANGE)
		return false;
	*id = (uint32_t)number;
	return true;
}

static const char *find_user(struct arena *arena, const char *root, const char *name,
			     struct user_ids *ids, const char **home)
{
	char *fields[FIELDS] = { NULL };
	bool is_number = read_id(name, &ids->uid);

	ids->gid = 0;
	if (!look_up(arena, root, "/etc/passwd", is_number ? 2 : 0, name, fields))
		return is_number ? NULL :
		       arena_printf(arena, "its user %s is not in the /etc/passwd of its image, or no "
				    "id that there can be", name);
	if (!read_id(fields[2], &ids->uid) || !read_id(fields[3], &ids->gid))
		return arena_printf(arena, "the ids of its user %s are none from 0 to 65535", name);
	if (fields[5] && *fields[5] == '/')
		*home = fields[5];
	return NULL;
}

static const char *find_group(struct arena *arena, const char *root, const char *name,
			      struct user_ids *ids)
{
	char *fields[FIELDS];

	if (read_id(name, &ids->gid))
		return NULL;
	if (look_up(arena, root, "/etc/group", 0, name, fields) && read_id(fields[2], &ids->gid))
		return NULL;
	return arena_printf(arena, "its group %s is not in the /etc/group of its image, or no id "
			    "that there can be", name);
}

const char *oci_user(struct arena *arena, const char *root, const char *user,
		     struct user_ids *ids, const char **home)
{
	size_t length = strcspn(user, ":");
	const char *error = find_user(arena, root, arena_copy(arena, user, length), ids, home);

	if (!error && user[length])
		error = find_group(arena, root, user + length + 1, ids);
	return error;
}

static bool is_program(struct arena *arena, const char *root, const char *path)
{
	struct inroot found;

	return !inroot_resolve(arena, root, path, NULL, &found) &&
	       S_ISREG(found.status.st_mode) && (found.status.st_mode & 0111);
}

static const char *path_of(const struct words *env)
{
	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->at[i], "PATH=", 5))
			return env->at[i] + 5;
	return PATH_USUAL;
}

const char *oci_program(struct arena *arena, const char *root, const char *program,
			const char *workdir, const struct words *env)
{
	const char *path = path_of(env);

	if (*program == '/')
		return program;
	if (strchr(program, '/')) {
		while (!strncmp(program, "./", 2))
			program += 2;
		return arena_printf(arena, "%s/%s", strcmp(workdir, "/") ? workdir : "", program);
	}
	for (size_t length; *path; path += length + (path[length] == ':')) {
		const char *candidate;

		length = strcspn(path, ":");
		candidate = arena_printf(arena, "%.*s/%s", (int)length, path, program);
		if (*path == '/' && is_program(arena, root, candidate))
			return candidate;
	}
	return NULL;
}
