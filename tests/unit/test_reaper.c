/*
 * The reaper, with real processes: as a subreaper orphans come to it as they do
 * to PID 1 of a namespace.  The programs are shell scripts, and this one itself.
 *
 * links: init/sys.c init/reaper.c init/recipe.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init/reaper.h"
#include "init/service.h"
#include "init/stage.h"
#include "table.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* What hangs is killed by SIGALRM after this time. */
#define HANGS_S 20

#define SELF "/proc/self/exe"

static const char *const no_env[] = { "A=b", NULL };
static const char *const argv_of_second[] = { "/bin/sh", "-c", "exit 42", NULL };
static const char *const argv_of_third[] = {
	"/bin/sh", "-c", "echo a >&3; echo b >&4; test ! -e /proc/self/fd/5 || exit 1; "
	"exec 3>&- 4>&-; read line; exit 43", NULL,
};

const struct service services[SERVICE_SLOTS] = {
	{ .name = "first" }, { .name = "second", .argv = argv_of_second },
	{ .name = "third", .argv = argv_of_third, .listen_count = 2 },
};

/* --- What this program does as the reaper's ------------------------------------- */

static int check_surroundings(char **env)
{
	uint64_t mask = 1;

	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, sizeof(mask)) < 0 || mask)
		return 2;
	if (getsid(0) != getpid() || getpgid(0) != getpid())
		return 3;
	for (int fd = STDERR_FILENO + 1; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			return 4;
	if (!env[0] || strcmp(env[0], "A=b") || env[1])
		return 5;
	return 0;
}

/* Says that it listens, and ends with the first signal that comes. */
static int end_with_signal(void)
{
	uint64_t all = UINT64_MAX;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, sizeof(all));
	if (write(STDOUT_FILENO, "!", 1) != 1)
		return 0;
	return (int)syscall(SYS_rt_sigtimedwait, &all, NULL, NULL, sizeof(all));
}

/* An orphan that ends after its parent is a zombie until PID 1 buries it; until
 * then kill(2) finds it. */
static int watch_an_orphan(void)
{
	int gate[2], name[2];
	pid_t parent, orphan = 0;

	if (pipe(gate) < 0 || pipe(name) < 0)
		return 1;
	parent = fork();
	if (parent == 0) {
		orphan = fork();
		if (orphan == 0) {
			close(gate[1]);
			_exit((int)read(gate[0], &orphan, 1));
		}
		_exit(write(name[1], &orphan, sizeof(orphan)) != sizeof(orphan));
	}
	if (waitpid(parent, NULL, 0) != parent || read(name[0], &orphan, sizeof(orphan)) < 0)
		return 1;
	close(gate[1]);
	while (kill(orphan, 0) == 0)
		sched_yield();
	return 9;
}

/* --- And with it ------------------------------------------------------------------ */

struct reaper {
	pid_t pid;
	int report, in, out;	/* of the report, the program's 0 and 1 */
};

static struct reaper start(const char *const *argv)
{
	int report[2], in[2], out[2];
	struct reaper r;

	assert_int_equal(pipe2(report, O_CLOEXEC), 0);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	r = (struct reaper){ fork(), report[0], in[1], out[0] };
	if (r.pid == 0) {
		alarm(HANGS_S);
		setsid();
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(fcntl(report[1], F_DUPFD, 100), reaper_report_fd(0));
		if (argv)
			reaper_run(argv, no_env, 0);
		_exit(reaper_main(2, (char *[]){ REAPER_NAME, "second", NULL }, (char **)no_env));
	}
	close(report[1]);
	close(in[0]);
	close(out[1]);
	return r;
}

static struct reaper start_shell(const char *script)
{
	return start((const char *const[]){ "/bin/sh", "-c", script, NULL });
}

static int end(const struct reaper *r)
{
	int status = -1;

	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	close(r->report);
	close(r->in);
	close(r->out);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int run(const char *script)
{
	struct reaper r = start_shell(script);

	return end(&r);
}

static int run_self(const char *what)
{
	struct reaper r = start((const char *const[]){ SELF, what, NULL });

	return end(&r);
}

static void it_ends_as_the_program_does(void **unused)
{
	static const struct {
		const char *script;
		int status;
	} rows[] = {
		{ "exit 0", 0 },
		{ "exit 7", 7 },
		{ "exit 255", 255 },
		{ "kill -KILL $$", 128 + SIGKILL },
		{ "kill -SEGV $$", 128 + SIGSEGV },
		{ "kill -TERM $$", 128 + SIGTERM },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(run(rows[i].script), rows[i].status);
}

static void a_program_that_ends_at_once_is_never_missed(void **unused)
{
	(void)unused;
	for (int i = 0; i < 200; i++)
		assert_int_equal(run("exit 3"), 3);
}

static void the_program_has_its_own_session_no_mask_and_no_files(void **unused)
{
	(void)unused;
	assert_int_equal(run_self("surroundings"), 0);
}

static void every_signal_is_handed_on(void **unused)
{

	(void)unused;
	for (int signal = 1; signal <= 64; signal++) {
		const char *const argv[] = { SELF, "signal", NULL };
		struct reaper r;
		char byte;

		if (signal == SIGKILL || signal == SIGSTOP || signal == SIGCHLD)
			continue;
		r = start(argv);
		assert_int_equal(read(r.out, &byte, 1), 1);
		assert_int_equal(kill(r.pid, signal), 0);
		assert_int_equal(end(&r), signal);
	}
}

static void a_program_that_signals_its_group_does_not_meet_its_reaper(void **unused)
{
	(void)unused;
	/* The trap is set off once more for each time that it comes back. */
	assert_int_equal(run("n=0; trap 'n=$((n+1))' USR1; kill -USR1 0; kill -USR1 0; "
			     "exit $n"), 2);
}

static void orphans_are_buried(void **unused)
{
	(void)unused;
	assert_int_equal(run_self("orphan"), 9);
}

static void it_does_not_wait_for_orphans(void **unused)
{
	struct reaper r = start_shell("exec 3<&0; (read line <&3) & exit 4");
	int status = -1;

	(void)unused;
	/* The orphan reads from what is still open here. */
	assert_int_equal(waitpid(r.pid, &status, 0), r.pid);
	assert_int_equal(status, 4 << 8);
	close(r.in);
	close(r.out);
	close(r.report);
}

/* Reads all; returns how many there were. */
static unsigned reports(const struct reaper *r, struct stage_report *last)
{
	unsigned count = 0;

	while (read(r->report, last, sizeof(*last)) == sizeof(*last))
		count++;
	return count;
}

static void the_report_ends_when_the_program_runs(void **unused)
{
	struct reaper r = start_shell("read line; exit 5");
	struct stage_report report;

	(void)unused;
	/* This returns while both still run. */
	assert_int_equal(reports(&r, &report), 1);
	assert_int_equal(report.stage, STAGE_EXEC);
	assert_int_equal(report.error, 0);
	assert_int_equal(write(r.in, "\n", 1), 1);
	assert_int_equal(end(&r), 5);
}

static void a_program_that_cannot_be_executed_is_reported(void **unused)
{
	static const struct {
		const char *path;
		int error;
	} rows[] = {
		{ "/no/such/program", -ENOENT },
		{ "/", -EACCES },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct reaper r = start((const char *const[]){ rows[i].path, NULL });
		struct stage_report report = { 0 };

		assert_int_equal(reports(&r, &report), 2);
		assert_int_equal(report.stage, STAGE_EXEC);
		assert_int_equal(report.error, rows[i].error);
		assert_int_equal(end(&r), 127);
	}
}

/* As the filter of a service does. */
static void lose_clone3(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { COUNT(filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		_exit(99);
}

static void it_needs_no_clone3(void **unused)
{
	pid_t pid = fork();
	int status;

	(void)unused;
	if (pid == 0) {
		struct reaper r;

		lose_clone3();
		r = start((const char *const[]){ SELF, "surroundings", NULL });
		_exit(waitpid(r.pid, &status, 0) == r.pid && WIFEXITED(status) ?
		      WEXITSTATUS(status) : 98);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void it_finds_the_program_of_the_service_that_it_is_named(void **unused)
{
	struct reaper r = start(NULL);

	(void)unused;
	assert_int_equal(end(&r), 42);
}

/* What is written to the pipes' ends is over as soon as the program has closed
 * its own. */
static void sockets_are_the_programs_alone(void **unused)
{
	int kept[2][2], report[2], in[2], status;
	char bytes[3];
	pid_t pid;

	(void)unused;
	for (int i = 0; i < 2; i++)
		assert_int_equal(pipe2(kept[i], O_CLOEXEC), 0);
	assert_int_equal(pipe2(report, O_CLOEXEC), 0);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		const int from[] = { fcntl(kept[0][1], F_DUPFD, 100),
				     fcntl(kept[1][1], F_DUPFD, 100),
				     fcntl(report[1], F_DUPFD, 100) };

		alarm(HANGS_S);
		dup2(in[0], 0);
		for (int i = 0; i < 3; i++)
			dup2(from[i], 3 + i);
		_exit(reaper_main(2, (char *[]){ REAPER_NAME, "third", NULL }, (char **)no_env));
	}
	close(report[1]);
	for (int i = 0; i < 2; i++) {
		close(kept[i][1]);
		assert_int_equal(read(kept[i][0], bytes, sizeof(bytes)), 2);
		assert_int_equal(bytes[0], 'a' + i);
		assert_int_equal(read(kept[i][0], bytes, sizeof(bytes)), 0);
		close(kept[i][0]);
	}
	assert_int_equal(write(in[1], "\n", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 43 << 8);
	close(report[0]);
	close(in[0]);
	close(in[1]);
}

static void a_service_that_is_not_in_the_table_is_reported(void **unused)
{
	struct stage_report report = { 0 };
	int fds[2], status;
	pid_t pid;

	(void)unused;
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		dup2(fcntl(fds[1], F_DUPFD, 100), reaper_report_fd(0));
		_exit(reaper_main(2, (char *[]){ REAPER_NAME, "fourth", NULL }, NULL));
	}
	close(fds[1]);
	assert_int_equal(read(fds[0], &report, sizeof(report)), sizeof(report));
	assert_int_equal(report.stage, STAGE_REAPER);
	assert_int_equal(report.error, -ESRCH);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 127 << 8);
	close(fds[0]);
}

int main(int argc, char **argv, char **env)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_ends_as_the_program_does),
		cmocka_unit_test(a_program_that_ends_at_once_is_never_missed),
		cmocka_unit_test(the_program_has_its_own_session_no_mask_and_no_files),
		cmocka_unit_test(every_signal_is_handed_on),
		cmocka_unit_test(a_program_that_signals_its_group_does_not_meet_its_reaper),
		cmocka_unit_test(orphans_are_buried),
		cmocka_unit_test(it_does_not_wait_for_orphans),
		cmocka_unit_test(the_report_ends_when_the_program_runs),
		cmocka_unit_test(a_program_that_cannot_be_executed_is_reported),
		cmocka_unit_test(it_needs_no_clone3),
		cmocka_unit_test(it_finds_the_program_of_the_service_that_it_is_named),
		cmocka_unit_test(sockets_are_the_programs_alone),
		cmocka_unit_test(a_service_that_is_not_in_the_table_is_reported),
	};

	if (argc > 1 && !strcmp(argv[1], "signal"))
		_exit(end_with_signal());
	if (argc > 1 && !strcmp(argv[1], "orphan"))
		_exit(watch_an_orphan());
	if (argc > 1)
		_exit(check_surroundings(env));
	return cmocka_run_group_tests_name("reaper", tests, NULL, NULL);
}
