/*
 * What is asked of PID 1 for the board as a whole: to end, to execute itself
 * anew, to say which one it is.  None of it needs a table that is the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "options.h"
#include "show.h"
#include "sys.h"
#include "version.h"

/* What sendfile(2) is asked to copy at once. */
#define COPY_MAX (1 << 20)

int client_end(int argc, char **argv)
{
	static const struct {
		const char *name;
		enum control_verb verb;
	} ends[] = {
		{ "reboot", CONTROL_REBOOT },
		{ "poweroff", CONTROL_POWEROFF },
		{ "halt", CONTROL_HALT },
	};
	struct client c = { 0 };
	size_t which = 0;
	int rc;

	if (options_read(argc, argv, NULL, 0, NULL, 0, 0) < 0)
		return CLIENT_USAGE;
	while (strcmp(argv[0], ends[which].name))
		which++;
	rc = client_connect(&c);
	if (rc == 0)
		rc = client_request(&c, ends[which].verb, 0, 0, 0, NULL);
	return rc < 0 ? client_refused(argv[0], rc) : CLIENT_OK;
}

/* Its output, of one line at most, into said[size].  Returns its status as
 * waitpid(2) has it, or -errno. */
static int run_version(int binary, char *said, size_t size)
{
	static char *const argv[] = { "pith", "--version", NULL };
	struct clone_args as_fork = { .exit_signal = SIGCHLD };
	int ends[2], status = 0;
	ssize_t len;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	pid = sys_clone3(&as_fork);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		syscall(SYS_execveat, binary, "", argv, client_start.envp, AT_EMPTY_PATH);
		_exit(errno == ENOEXEC ? CLIENT_CANNOT_EXECUTE : CLIENT_NOT_FOUND);
	}
	close(ends[1]);
	len = pid < 0 ? -1 : read(ends[0], said, size - 1);
	said[len > 0 ? len : 0] = '\0';
	close(ends[0]);
	if (pid < 0)
		return pid;
	return waitpid(pid, &status, 0) < 0 ? -errno : status;
}

/* That it can be executed here at all, and is what it should be.  Its
 * "pith <version>" in said. */
static bool check_binary(const char *file, int binary, char *said, size_t size)
{
	int status = run_version(binary, said, size);

	said[strcspn(said, "\n")] = '\0';
	if (status == 0 && !strncmp(said, "pith ", 5))
		return true;
	if (status > 0 && WIFEXITED(status) && WEXITSTATUS(status) == CLIENT_CANNOT_EXECUTE)
		client_say("reexec: %s: no program for this machine", file);
	else
		client_say("reexec: %s: its --version does not say that it is a pith", file);
	return false;
}

/* A copy that nobody can change any more: what is tried is what is executed.
 * Returns its fd or -errno. */
static int copy_sealed(const char *file)
{
	int from = open(file, O_RDONLY | O_CLOEXEC), to, rc;
	ssize_t n = 0;

	if (from < 0)
		return -errno;
	to = memfd_create("init", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (to >= 0)
		do
			n = sendfile(to, from, NULL, COPY_MAX);
		while (n > 0);
	rc = to < 0 || n < 0 ? -errno : 0;
	close(from);
	if (rc == 0 && fcntl(to, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK |
			     F_SEAL_SEAL) < 0)
		rc = -errno;
	if (rc < 0 && to >= 0)
		close(to);
	return rc < 0 ? rc : to;
}

int client_reexec(int argc, char **argv)
{
	/* "pith 0.1" */
	char said[64];
	const char *file;
	int count = options_read(argc, argv, NULL, 0, &file, 0, 1);
	struct client c = { 0 };
	int rc, binary = 0;

	if (count < 0)
		return CLIENT_USAGE;
	if (count) {
		binary = copy_sealed(file);
		if (binary < 0) {
			client_say("reexec: %s: %s", file, strerror(-binary));
			return CLIENT_FAILED;
		}
		if (!check_binary(file, binary, said, sizeof(said)))
			return CLIENT_FAILED;
	}
	rc = client_connect(&c);
	if (rc == 0)
		rc = client_request(&c, CONTROL_REEXEC, 0, 0, binary, NULL);
	/* Only what failed is answered: the connection ends with the PID 1 that
	 * had it. */
	if (rc == -ECONNRESET)
		rc = client_connect_again(&c);
	return rc < 0 ? client_refused("reexec", rc) : CLIENT_OK;
}

static void show_pid1(struct show *s, const struct state *of)
{
	const struct state_header *header = &of->header;
	/* Of another layout, nothing behind the header is where it seems to be. */
	bool ours = header->version == STATE_VERSION;

	show_number(s, "pid1_state_version", SHOW_COUNT, header->version);
	show_number(s, "pid1_table", SHOW_HASH, (int64_t)header->fingerprint);
	show_number(s, "pid1_takeovers", SHOW_COUNT, ours ? (int64_t)of->takeovers : -1);
	show_number(s, "pid1_crashes", SHOW_COUNT, ours ? (int64_t)of->crash.count : -1);
}

int client_version(int argc, char **argv)
{
	bool json = false;
	const struct option_row rows[] = { { 0, "json", OPTION_FLAG, &json } };
	struct client c = { 0 };
	struct show s;
	int rc;

	if (options_read(argc, argv, rows, 1, NULL, 0, 0) < 0)
		return CLIENT_USAGE;
	s = show_as(json ? SHOW_JSON : SHOW_LINES, NULL);
	show_open_row(&s);
	show_string(&s, "version", PITH_VERSION);
	show_number(&s, "state_version", SHOW_COUNT, STATE_VERSION);
	show_number(&s, "table", SHOW_HASH, (int64_t)board.fingerprint);
	rc = client_connect(&c);
	if (rc == 0)
		rc = client_map(&c);
	if (rc == 0)
		show_pid1(&s, c.state);
	show_close_row(&s);
	show_end(&s);
	return rc < 0 ? client_refused("no connection", rc) : CLIENT_OK;
}
