/*
 * Decides in which words the end of a `pith exec` is told, and with which exit
 * status.  Refuses to know how the command was run.
 */
#include "exec_outcome.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "recipe.h"
#include "text.h"

/* Between the end of a command and the end of the service that took it along,
 * the kernel has some cleaning up to do. */
#define TAKEN_ALONG_MS 1000

int exec_fail(const char *doing, int rc)
{
	client_say("exec: %s: %s", doing, strerror(-rc));
	return CLIENT_EXEC_FAILED;
}

int exec_fail_without_toolbox(void)
{
	client_say("exec: this image has no BusyBox: switch on CONFIG_TOOLBOX");
	return CLIENT_EXEC_FAILED;
}

/* What did not get as far as its program. */
static int explain(const struct exec_outcome *o, const struct stage_report *report)
{
	if (report->stage == STAGE_EXEC) {
		bool missing = report->error == -ENOENT;

		client_say("exec: %s: %s%s", o->command, strerror(-report->error),
			   missing && !o->toolbox ? "; --toolbox brings BusyBox along" : "");
		return missing ? CLIENT_NOT_FOUND : CLIENT_CANNOT_EXECUTE;
	}
	if (report->error == -ESRCH || exec_target_ended(o->target, 0)) {
		client_say("exec: %s ended before the command could run", o->service);
		return CLIENT_FAILED;
	}
	if (report->stage == STAGE_TOOLBOX && report->error == -ENOENT)
		return exec_fail_without_toolbox();
	return exec_fail(stage_name(report->stage), report->error);
}

/* Of ^C, and of a reader that has enough, nobody has to be told. */
static void tell_signal(int signal)
{
	char name[16];	/* "SIGVTALRM", "signal 64" */
	struct text t = TEXT_ON(name);

	if (signal == SIGINT || signal == SIGPIPE)
		return;
	text_add_signal(&t, signal);
	client_say("exec: killed by %s", name);
}

int exec_conclude(pid_t guard, const struct exec_outcome *o)
{
	union {
		struct stage_report failed;
		uint8_t signal;
	} report;
	int status;
	ssize_t len;

	if (waitpid(guard, &status, 0) < 0)
		return exec_fail("waiting for it", -errno);
	len = read(o->report_fd, &report, sizeof(report));
	if (len == sizeof(report))
		return explain(o, &report.failed);
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (status == 128 + SIGKILL && exec_target_ended(o->target, TAKEN_ALONG_MS))
		client_say("exec: %s ended, and the command with it", o->service);
	else if (len == sizeof(report.signal))
		tell_signal(report.signal);
	return status;
}
