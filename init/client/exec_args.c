/*
 * Decides what the words of `pith exec` mean, which variables the command gets,
 * and in which order the folders of PATH are tried.  Refuses to know whether
 * anything of that exists.
 */
#include "exec_args.h"

#include <errno.h>
#include <string.h>

static int add_variable(struct exec_args *args, const char *var)
{
	if (!strchr(var, '=') || var[0] == '=' || args->set_count == EXEC_SET_MAX)
		return -EINVAL;
	args->set[args->set_count++] = var;
	return 0;
}

/* Returns how many words it took, or -EINVAL. */
static int take_option(char **word, struct exec_args *args)
{
	if (strcmp(word[0], "--toolbox") == 0) {
		args->toolbox = true;
		return 1;
	}
	if (strcmp(word[0], "-T") == 0) {
		args->no_terminal = true;
		return 1;
	}
	if (strcmp(word[0], "-w") == 0 && word[1]) {
		args->workdir = word[1];
		return 2;
	}
	if (strcmp(word[0], "-e") == 0 && word[1])
		return add_variable(args, word[1]) < 0 ? -EINVAL : 2;
	return -EINVAL;
}

int exec_parse(int argc, char **argv, struct exec_args *args)
{
	static const char *shell[] = { "sh", NULL };
	char **word = argv + (argc > 0);

	*args = (struct exec_args){ 0 };
	while (*word && (*word)[0] == '-') {
		int taken = strcmp(*word, "--") == 0 ? 0 : take_option(word, args);

		if (taken < 0)
			return taken;
		word += taken ? taken : 1;
		if (!taken)
			break;
	}
	if (!*word)
		return -EINVAL;
	args->name = *word++;
	args->command = (const char **)word;
	if (!*word && args->toolbox)
		args->command = shell;
	return args->command[0] ? 0 : -EINVAL;
}

/* Length of the name, with the '=' behind it. */
static size_t name_length(const char *var)
{
	return (size_t)(strchrnul(var, '=') - var) + 1;
}

static int env_set(struct exec_env *env, const char *var)
{
	unsigned i = 0;

	while (i < env->count && strncmp(env->vars[i], var, name_length(var)) != 0)
		i++;
	if (i == EXEC_ENV_MAX)
		return -E2BIG;
	env->vars[i] = var;
	if (i == env->count)
		env->vars[++env->count] = NULL;
	return 0;
}

/* The sockets of LISTEN are the main process's alone. */
static bool is_of_listen(const char *var)
{
	static const char *const names[] = { "LISTEN_FDS=", "LISTEN_PID=", "LISTEN_FDNAMES=" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(var, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

int exec_env_build(struct exec_env *env, const char *const *row, const char *const *extra,
		   unsigned count)
{
	int rc = 0;

	env->count = 0;
	env->vars[0] = NULL;
	for (; *row && rc == 0; row++)
		if (!is_of_listen(*row))
			rc = env_set(env, *row);
	for (unsigned i = 0; i < count && rc == 0; i++)
		if (extra[i])
			rc = env_set(env, extra[i]);
	return rc;
}

const char *exec_env_get(const struct exec_env *env, const char *name)
{
	size_t len = strlen(name);

	for (unsigned i = 0; i < env->count; i++)
		if (strncmp(env->vars[i], name, len) == 0 && env->vars[i][len] == '=')
			return env->vars[i] + len + 1;
	return NULL;
}

int exec_env_add_folder(struct exec_env *env, const char *folder)
{
	const char *old = exec_env_get(env, "PATH");
	struct text t = TEXT_ON(env->path);

	text_add(&t, "PATH=%s%s%s", folder, old ? ":" : "", old ? old : "");
	return t.cut ? -E2BIG : env_set(env, env->path);
}

bool exec_next_candidate(const char **path, const char *command, struct text *to)
{
	while (**path) {
		const char *folder = *path, *end = strchrnul(folder, ':');

		*path = *end ? end + 1 : end;
		to->len = 0;
		to->cut = false;
		text_add(to, "%.*s/%s", (int)(end - folder), folder, command);
		if (folder[0] == '/' && !to->cut)
			return true;
	}
	return false;
}
