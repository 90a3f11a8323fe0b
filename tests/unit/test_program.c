/*
 * What may be executed as a service's program, by a real process's report.
 *
 * links: init/sys.c init/program.c init/recipe.c
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/program.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static char folder[] = "/tmp/test_program.XXXXXX";

/* What is reported of it; zeros are nothing. */
static struct stage_report look_at(const char *path)
{
	struct stage_report report = { 0 };
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		program_check(&(struct recipe){ .report_fd = fds[1] }, path);
		_exit(0);
	}
	close(fds[1]);
	if (read(fds[0], &report, sizeof(report)) != sizeof(report))
		report = (struct stage_report){ 0 };
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, report.stage ? RECIPE_EXIT << 8 : 0);
	return report;
}

static void only_a_file_of_the_root_is_a_program(void **unused)
{
	static const struct {
		const char *path;
		int stage, error;
	} rows[] = {
		{ "/bin/sh", 0, 0 },
		{ "script", 0, 0 },
		{ "link", 0, 0 },
		{ "/no/such/program", STAGE_EXEC, -ENOENT },
		{ "script/no", STAGE_EXEC, -ENOTDIR },
		{ "/", STAGE_EXEC, -EACCES },
		{ "/dev/null", STAGE_EXEC, -EACCES },
		{ "fifo", STAGE_EXEC, -EACCES },
		{ "loop", STAGE_EXEC, -ELOOP },
		/* This very binary, by its name and by another, and on the way to one */
		{ "/proc/self/exe", STAGE_PROC_LINK, -EPERM },
		{ "self", STAGE_PROC_LINK, -EPERM },
		{ "/proc/self/root/bin/sh", STAGE_PROC_LINK, -EPERM },
		{ "/proc/self/cwd/no/such", STAGE_PROC_LINK, -EPERM },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct stage_report report = look_at(rows[i].path);

		assert_int_equal(report.stage, rows[i].stage);
		assert_int_equal(report.error, rows[i].error);
	}
}

static int make_folder(void **unused)
{
	int fd;

	(void)unused;
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return -1;
	fd = open("script", O_CREAT | O_WRONLY, 0755);
	return fd < 0 || close(fd) < 0 || mkfifo("fifo", 0755) < 0 ||
	       symlink("script", "link") < 0 || symlink("loop", "loop") < 0 ||
	       symlink("/proc/self/exe", "self") < 0;
}

static int remove_folder(void **unused)
{
	static const char *const names[] = { "script", "fifo", "link", "loop", "self" };

	(void)unused;
	for (size_t i = 0; i < COUNT(names); i++)
		unlink(names[i]);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_file_of_the_root_is_a_program),
	};

	return cmocka_run_group_tests_name("program", tests, make_folder, remove_folder);
}
