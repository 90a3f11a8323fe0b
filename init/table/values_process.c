/*
 * Readers of values: what a process is started with and what it sees, that
 * is words, paths, ids and names.  Whether a path exists is root.c's business.
 */
#include <ctype.h>
#include <string.h>

#include "number.h"
#include "values.h"
#include "words.h"

/* sethostname(2) takes 64 bytes (__NEW_UTS_LEN) and wants no NUL.  One less
 * fits with its NUL into the 64 bytes that programs like to hand to
 * gethostname(2), and is the longest label of DNS: RFC 1035, 2.3.4. */
#define HOSTNAME_MAX_LENGTH 63

/* NAME_MAX, and PATH_MAX less what stands before a service's path in the image. */
#define PART_MAX_LENGTH 255
#define PATH_MAX_LENGTH 4000

/* With the number of the oldest one, ".99", and a NUL it stays below 256. */
#define LOG_FILE_MAX_LENGTH 250

const char *read_argv(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	struct words *argv = field;
	const char *error = words_split(arena, value, argv);

	(void)option;
	if (error)
		return error;
	if (argv->count && argv->at[0][0] != '/')
		return arena_printf(arena, "\"%s\" is no absolute path; write the program's path "
				    "in the service's root, such as /usr/bin/%s", argv->at[0],
				    argv->at[0]);
	return NULL;
}

/* Length of K in K=V, or 0 for something else. */
static size_t variable_length(const char *word)
{
	size_t length = strcspn(word, "=");

	if (!word[length] || isdigit((unsigned char)*word))
		return 0;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)word[i]) && word[i] != '_')
			return 0;
	return length;
}

static bool variable_is_among(const struct words *env, size_t count, const char *word)
{
	size_t length = strcspn(word, "=") + 1;

	for (size_t i = 0; i < count; i++)
		if (!strncmp(env->at[i], word, length))
			return true;
	return false;
}

/* What a service learns from pith alone: sd_notify(3), sd_watchdog_enabled(3),
 * sd_listen_fds(3).  One that was made up would lead its program astray. */
static bool variable_is_ours(const char *word)
{
	static const char *const ours[] = {
		"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID",
		"LISTEN_FDNAMES", "MAINPID",
	};
	size_t length = variable_length(word);

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strlen(ours[i]) == length && !strncmp(ours[i], word, length))
			return true;
	return false;
}

const char *values_variable_error(const char *word)
{
	if (!variable_length(word))
		return "a name is of letters, digits and _, and has no digit first";
	return variable_is_ours(word) ? "it is pith's own" : NULL;
}

/* skopeo and the like have no colon in a path either; services.oci (dotconfig) is made of lines,
 * and board/scripts/service-root has the rest to say. */
const char *read_oci(struct arena *arena, const struct option *option, const char *value,
		     void *field)
{
	const char *colon = strchr(value, ':');

	(void)arena;
	(void)option;
	*(const char **)field = value;
	if (*value && (!colon || colon == value || !colon[1]))
		return "not PATH:TAG; write the path of an OCI layout or archive, a colon, and a tag "
		       "of it, such as \"image.tar:latest\"";
	return NULL;
}

const char *read_env(struct arena *arena, const struct option *option, const char *value,
		     void *field)
{
	struct words *env = field;
	const char *error = words_split(arena, value, env);

	(void)option;
	for (size_t i = 0; !error && i < env->count; i++) {
		if (!variable_length(env->at[i]))
			return arena_printf(arena, "\"%s\" is not K=V; write a name of letters, "
					    "digits and _, then = and the value, in quotes if it "
					    "has blanks", env->at[i]);
		if (variable_is_ours(env->at[i]))
			return arena_printf(arena, "%.*s is pith's own; leave it out",
					    (int)variable_length(env->at[i]), env->at[i]);
		if (variable_is_among(env, i, env->at[i]))
			return arena_printf(arena, "\"%s\" gives a variable a second time; remove "
					    "one of the two", env->at[i]);
	}
	return error;
}

const char *read_names(struct arena *arena, const struct option *option, const char *value,
		       void *field)
{
	struct words *names = field;
	const char *error = words_split(arena, value, names);

	(void)option;
	for (size_t i = 1; !error && i < names->count; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(names->at[i], names->at[j]))
				return arena_printf(arena, "names %s twice; remove one",
						    names->at[i]);
	return error;
}

const char *values_path_error(const char *path)
{
	if (*path != '/')
		return "no absolute path; start it with '/'";
	if (strlen(path) > PATH_MAX_LENGTH)
		return "too long; write at most 4000 characters";
	for (const char *part = path + 1; part[-1]; part += strcspn(part, "/") + 1) {
		size_t length = strcspn(part, "/");

		if (!length && path[1])
			return "has an empty part; write it with single '/' and none at its end";
		if ((length == 1 && !strncmp(part, ".", 1)) ||
		    (length == 2 && !strncmp(part, "..", 2)))
			return "has a part '.' or '..'; write the path without it";
		if (length > PART_MAX_LENGTH)
			return "has a part of more than 255 characters; write a shorter one";
		if (!part[length])
			break;
	}
	return NULL;
}

const char *read_path(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	(void)option;
	*(const char **)field = arena_copy(arena, value, strlen(value));
	return *value ? values_path_error(value) : NULL;
}

const char *read_log_file(struct arena *arena, const struct option *option, const char *value,
			  void *field)
{
	(void)option;
	*(const char **)field = arena_copy(arena, value, strlen(value));
	if (!*value)
		return NULL;
	if (strlen(value) > LOG_FILE_MAX_LENGTH)
		return "too long; write at most 250 characters";
	if (!strcmp(value, "/"))
		return "a folder; write a file's path, such as \"/data/log\"";
	return values_path_error(value);
}

static bool id_is_read(const char *text, size_t length, uint32_t *id)
{
	uint64_t number;

	if (number_parse(text, length, &number) || number > UINT16_MAX)
		return false;
	*id = (uint32_t)number;
	return true;
}

const char *read_user(struct arena *arena, const struct option *option, const char *value,
		      void *field)
{
	struct user_ids *user = field;
	size_t length = strcspn(value, ":");
	const char *group = value[length] ? value + length + 1 : value;

	(void)arena;
	(void)option;
	*user = (struct user_ids){ USER_OPEN, USER_OPEN };
	if (!*value)
		return NULL;
	if (id_is_read(value, length, &user->uid) &&
	    id_is_read(group, value[length] ? strlen(group) : length, &user->gid))
		return NULL;
	return "not uid or uid:gid; write numbers from 0 to 65535, such as \"1000:1000\" "
	       "(names in the root's /etc/passwd are not looked up)";
}

const char *read_hostname(struct arena *arena, const struct option *option, const char *value,
			  void *field)
{
	(void)option;
	*(const char **)field = arena_copy(arena, value, strlen(value));
	if (strlen(value) > HOSTNAME_MAX_LENGTH)
		return "too long; write at most 63 characters";
	for (; *value; value++)
		if (!isalnum((unsigned char)*value) && !strchr("-.", *value))
			return "not a host name; write letters, digits, '-' and '.'";
	return NULL;
}
