/*
 * What is told of the end of a `pith exec`, and with which status it exits.
 *
 * links: init/client/exec_outcome.c init/stage.c init/text.c
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "init/client/client.h"
#include "init/client/exec_outcome.h"
#include "init/stage.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static char said[128];
static bool service_ended;

void client_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(said, sizeof(said), fmt, args);
	va_end(args);
}

bool exec_target_ended(const struct exec_target *target, int timeout_ms)
{
	(void)target;
	return service_ended && timeout_ms;
}

#define STAGE(stage, error) { stage, error }, sizeof(struct stage_report)

static const struct outcome {
	int exits, signal;		/* the guard's status, and the report's byte; 0: none */
	bool service_ended;
	int status;
	const char *says;
	struct stage_report report;
	size_t report_len;
} ends[] = {
	{ 0, 0, false, 0, "", { 0 }, 0 },
	{ 7, 0, false, 7, "", { 0 }, 0 },
	{ 139, SIGSEGV, false, 139, "exec: killed by SIGSEGV", { 0 }, 0 },
	{ 137, SIGKILL, false, 137, "exec: killed by SIGKILL", { 0 }, 0 },
	{ 192, 64, false, 192, "exec: killed by signal 64", { 0 }, 0 },
	{ 130, SIGINT, false, 130, "", { 0 }, 0 },
	{ 141, SIGPIPE, false, 141, "", { 0 }, 0 },
	/* By itself. */
	{ 139, 0, false, 139, "", { 0 }, 0 },
	{ 137, SIGKILL, true, 137, "exec: web ended, and the command with it", { 0 }, 0 },
	{ 139, SIGSEGV, true, 139, "exec: killed by SIGSEGV", { 0 }, 0 },
	{ 1, 0, false, CLIENT_NOT_FOUND,
	  "exec: sh: No such file or directory; --toolbox brings BusyBox along",
	  STAGE(STAGE_EXEC, -ENOENT) },
};

static void end_is_told(void **row_of)
{
	(void)row_of;
	for (size_t i = 0; i < COUNT(ends); i++) {
		const struct outcome *row = &ends[i];
		uint8_t signal = (uint8_t)row->signal;
		int report[2];
		pid_t guard;

		assert_int_equal(pipe2(report, O_CLOEXEC | O_NONBLOCK), 0);
		assert_int_equal(write(report[1], &signal, !!signal), !!signal);
		assert_int_equal(write(report[1], &row->report, row->report_len), row->report_len);
		guard = fork();
		if (!guard)
			_exit(row->exits);
		said[0] = '\0';
		service_ended = row->service_ended;
		assert_int_equal(exec_conclude(guard, &(struct exec_outcome){
			"web", "sh", NULL, report[0], false }), row->status);
		assert_string_equal(said, row->says);
		close(report[0]);
		close(report[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(end_is_told) };

	return cmocka_run_group_tests_name("client_exec_outcome", tests, NULL, NULL);
}
