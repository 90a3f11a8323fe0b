/*
 * What the words of `pith exec` mean, what the command's environment is, and
 * where its program is looked for.
 *
 * links: init/client/exec_args.c init/text.c
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "init/client/exec_args.h"

#define WORDS_MAX 8

/* {} is an empty list; both end with NULL. */
struct line {
	const char *words[WORDS_MAX];	/* behind "exec" */
	const char *name;		/* NULL: refused */
	const char *command[WORDS_MAX];
	const char *workdir;
	const char *set[WORDS_MAX];
	bool toolbox, no_terminal;
};

static const struct line lines[] = {
	{ .words = { "web", "ls" }, .name = "web", .command = { "ls" } },
	{ .words = { "web", "ls", "-T", "--toolbox", "-w" }, .name = "web",
	  .command = { "ls", "-T", "--toolbox", "-w" } },
	{ .words = { "-T", "-w", "/tmp", "web", "ls" }, .name = "web", .command = { "ls" },
	  .workdir = "/tmp", .no_terminal = true },
	{ .words = { "-e", "A=1", "-e", "B=", "web", "ls" }, .name = "web",
	  .command = { "ls" }, .set = { "A=1", "B=" } },
	{ .words = { "--toolbox", "web" }, .name = "web", .command = { "sh" },
	  .toolbox = true },
	{ .words = { "--toolbox", "web", "vi", "x" }, .name = "web", .command = { "vi", "x" },
	  .toolbox = true },
	{ .words = { "-T", "--", "-web", "ls" }, .name = "-web", .command = { "ls" },
	  .no_terminal = true },
	{ .words = { "--", "--", "ls" }, .name = "--", .command = { "ls" } },
	{ .words = { "-w", "--", "web", "ls" }, .name = "web", .command = { "ls" },
	  .workdir = "--" },
	{ .words = { "web", "" }, .name = "web", .command = { "" } },
	{ .words = { NULL } },
	{ .words = { "--" } },
	{ .words = { "web" } },
	{ .words = { "--toolbox" } },
	{ .words = { "-w" } },
	{ .words = { "-w", "/tmp" } },
	{ .words = { "-e" } },
	{ .words = { "-e", "A", "web", "ls" } },
	{ .words = { "-e", "=1", "web", "ls" } },
	{ .words = { "-e", "", "web", "ls" } },
	{ .words = { "-x", "web", "ls" } },
	{ .words = { "-", "web", "ls" } },
	{ .words = { "-Tw", "/tmp", "web", "ls" } },
};

static void assert_list_equal(const char *const *are, const char *const *should)
{
	for (; *should; are++, should++) {
		assert_non_null(*are);
		assert_string_equal(*are, *should);
	}
	assert_null(*are);
}

static int parse(const char *const *words, struct exec_args *args)
{
	char *argv[WORDS_MAX + 2] = { "exec" };
	int argc = 1;

	for (; *words; words++)
		argv[argc++] = (char *)*words;
	/* What is checked afterwards must not lie on this stack. */
	static char *kept[WORDS_MAX + 2];

	memcpy(kept, argv, sizeof(kept));
	return exec_parse(argc, kept, args);
}

static void words_mean_what_the_usage_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct line *l = &lines[i];
		struct exec_args args;
		int rc = parse(l->words, &args);

		if (!l->name) {
			assert_int_equal(rc, -EINVAL);
			continue;
		}
		assert_int_equal(rc, 0);
		assert_string_equal(args.name, l->name);
		assert_list_equal(args.command, l->command);
		assert_list_equal(args.set, l->set);
		assert_int_equal(args.toolbox, l->toolbox);
		assert_int_equal(args.no_terminal, l->no_terminal);
		if (l->workdir)
			assert_string_equal(args.workdir, l->workdir);
		else
			assert_null(args.workdir);
	}
}

static void too_many_variables_are_refused(void **state)
{
	char *argv[2 * (EXEC_SET_MAX + 1) + 4] = { "exec" };
	struct exec_args args;
	int argc = 1;

	(void)state;
	for (int i = 0; i < EXEC_SET_MAX; i++) {
		argv[argc++] = "-e";
		argv[argc++] = "A=1";
	}
	argv[argc] = "web";
	argv[argc + 1] = "ls";
	assert_int_equal(exec_parse(argc + 2, argv, &args), 0);
	argv[argc++] = "-e";
	argv[argc++] = "A=1";
	argv[argc] = "web";
	argv[argc + 1] = "ls";
	assert_int_equal(exec_parse(argc + 2, argv, &args), -EINVAL);
}

static const char *const row[] = { "PATH=/bin", "HOME=/", "A=row", NULL };

static void later_variables_take_the_place_of_earlier_ones(void **state)
{
	static const char *const extra[] = { NULL, "TE=0", "TERM=vt100", "A=mine", "AB=2",
					     "TERM=x" };
	static const char *const should[] = {
		"PATH=/bin", "HOME=/", "A=mine", "TE=0", "TERM=x", "AB=2", NULL,
	};
	static struct exec_env env;

	(void)state;
	assert_int_equal(exec_env_build(&env, row, extra, 6), 0);
	assert_list_equal(env.vars, should);
	assert_string_equal(exec_env_get(&env, "A"), "mine");
	/* A name that begins like another is not that one. */
	assert_int_equal(exec_env_build(&env, row, (const char *const[]){ "HOM=x" }, 1), 0);
	assert_string_equal(exec_env_get(&env, "HOME"), "/");
	assert_string_equal(exec_env_get(&env, "HOM"), "x");
	assert_null(exec_env_get(&env, "PAT"));
	assert_null(exec_env_get(&env, "A=mine"));
}

/* A command has none of the service's sockets; what an operator sets is his. */
static void the_variables_of_listen_are_left_out(void **state)
{
	static const char *const with[] = {
		"LISTEN_FDS=2", "LISTEN_PID=1", "A=1", "LISTEN_FDNAMES=x", "LISTEN_ADDRESS=::",
		"LISTEN_FDSX=1", NULL,
	};
	static const char *const should[] = {
		"A=1", "LISTEN_ADDRESS=::", "LISTEN_FDSX=1", "LISTEN_PID=7", NULL,
	};
	static struct exec_env env;

	(void)state;
	assert_int_equal(exec_env_build(&env, with, (const char *const[]){ "LISTEN_PID=7" }, 1), 0);
	assert_list_equal(env.vars, should);
}

static void an_environment_that_does_not_fit_is_refused(void **state)
{
	static char texts[EXEC_ENV_MAX + 1][8];
	static const char *vars[EXEC_ENV_MAX + 2];
	static struct exec_env env;

	(void)state;
	for (unsigned i = 0; i <= EXEC_ENV_MAX; i++) {
		struct text t = TEXT_ON(texts[i]);

		text_add(&t, "V%u=", i);
		vars[i] = texts[i];
	}
	assert_int_equal(exec_env_build(&env, vars, NULL, 0), -E2BIG);
	vars[EXEC_ENV_MAX] = NULL;
	assert_int_equal(exec_env_build(&env, vars, NULL, 0), 0);
	assert_list_equal(env.vars, vars);
	/* What only takes a place that there is still fits. */
	assert_int_equal(exec_env_build(&env, vars, (const char *const[]){ "V7=x" }, 1), 0);
	assert_string_equal(exec_env_get(&env, "V7"), "x");
}

static void the_toolbox_comes_first_in_path(void **state)
{
	static const char *const none[] = { NULL };
	static char big[EXEC_PATH_SIZE] = "PATH=";
	static struct exec_env env;

	(void)state;
	exec_env_build(&env, row, NULL, 0);
	assert_int_equal(exec_env_add_folder(&env, "/t"), 0);
	assert_string_equal(env.vars[0], "PATH=/t:/bin");
	exec_env_build(&env, none, NULL, 0);
	assert_int_equal(exec_env_add_folder(&env, "/t"), 0);
	assert_list_equal(env.vars, (const char *const[]){ "PATH=/t", NULL });
	memset(big + 5, 'x', sizeof(big) - 6);
	exec_env_build(&env, (const char *const[]){ big, NULL }, NULL, 0);
	assert_int_equal(exec_env_add_folder(&env, "/t"), -E2BIG);
}

static void the_folders_of_path_are_tried_in_their_order(void **state)
{
	static const struct {
		const char *path;
		const char *candidates[WORDS_MAX];
	} rows[] = {
		{ "/bin:/sbin", { "/bin/ls", "/sbin/ls" } },
		{ "/bin", { "/bin/ls" } },
		{ "/bin:", { "/bin/ls" } },
		{ "::/bin::.:bin:/a b", { "/bin/ls", "/a b/ls" } },
		{ "/", { "//ls" } },
		{ "", { NULL } },
		{ ":", { NULL } },
		{ "/0123456789:/b", { "/b/ls" } },
	};
	char buf[12];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text t = TEXT_ON(buf);
		const char *path = rows[i].path;

		for (const char *const *c = rows[i].candidates; *c; c++) {
			assert_true(exec_next_candidate(&path, "ls", &t));
			assert_string_equal(buf, *c);
		}
		assert_false(exec_next_candidate(&path, "ls", &t));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_mean_what_the_usage_says),
		cmocka_unit_test(too_many_variables_are_refused),
		cmocka_unit_test(later_variables_take_the_place_of_earlier_ones),
		cmocka_unit_test(the_variables_of_listen_are_left_out),
		cmocka_unit_test(an_environment_that_does_not_fit_is_refused),
		cmocka_unit_test(the_toolbox_comes_first_in_path),
		cmocka_unit_test(the_folders_of_path_are_tried_in_their_order),
	};

	return cmocka_run_group_tests_name("client_exec", tests, NULL, NULL);
}
