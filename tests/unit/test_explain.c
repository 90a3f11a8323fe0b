/*
 * Every way in which a run can end, and the line that tells it.
 *
 * links: init/explain.c init/finding_name.c init/stage.c init/text.c
 */
#include <errno.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

#include "generated/calls.h"
#include "init/explain.h"

#define MIB (1 << 20)

/* 8 s of a program's run */
#define RAN .lived_ms = 8000, .pid = 100
#define EXITED RAN, .phase = END_WAS_READY, .code = CLD_EXITED, .status
#define KILLED RAN, .phase = END_WAS_READY, .code = CLD_KILLED, .status
#define KILLED_EARLY RAN, .phase = END_EXECUTED, .code = CLD_KILLED, .status = SIGKILL
#define OOM(max, peak) KILLED = SIGKILL, .oom_kills = 1, .memory_max = max, .memory_peak = peak
/* 12 ms that did not come to it */
#define NOT_RUN .phase = END_NOT_EXECUTED, .lived_ms = 12

struct row {
	struct end end;
	const char *text;
};

static void tells(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char buf[256];
		struct text t = TEXT_ON(buf);

		buf[0] = '\0';
		explain_end(&t, &rows[i].end);
		assert_string_equal(buf, rows[i].text);
	}
}

#define TELLS(rows) tells(rows, sizeof(rows) / sizeof((rows)[0]))

static void exits_are_told_with_what_the_status_means(void **state)
{
	static const struct row rows[] = {
		{ { EXITED = 0 }, "exited with status 0 after 8.0 s" },
		{ { EXITED = 3 }, "exited with status 3 after 8.0 s" },
		{ { EXITED = 63 }, "exited with status 63 after 8.0 s" },
		{ { EXITED = 64 }, "exited with status 64 (EX_USAGE) after 8.0 s" },
		{ { EXITED = 78 }, "exited with status 78 (EX_CONFIG) after 8.0 s" },
		{ { EXITED = 79 }, "exited with status 79 after 8.0 s" },
		{ { EXITED = 126 }, "exited with status 126 (cannot execute) after 8.0 s" },
		{ { EXITED = 127 }, "exited with status 127 (not found) after 8.0 s" },
		{ { EXITED = 128 }, "exited with status 128 after 8.0 s" },
		{ { EXITED = 143 }, "exited with status 143 (as SIGTERM's) after 8.0 s" },
		{ { EXITED = 168 }, "exited with status 168 after 8.0 s" },
		{ { EXITED = 255 }, "exited with status 255 after 8.0 s" },
	};

	(void)state;
	TELLS(rows);
}

static void every_name_of_sysexits_is_known(void **state)
{
#define NAME(name) { name, "(" #name ")" }
	static const struct {
		int status;
		const char *name;
	} rows[] = {
		NAME(EX_USAGE), NAME(EX_DATAERR), NAME(EX_NOINPUT), NAME(EX_NOUSER),
		NAME(EX_NOHOST), NAME(EX_UNAVAILABLE), NAME(EX_SOFTWARE), NAME(EX_OSERR),
		NAME(EX_OSFILE), NAME(EX_CANTCREAT), NAME(EX_IOERR), NAME(EX_TEMPFAIL),
		NAME(EX_PROTOCOL), NAME(EX_NOPERM), NAME(EX_CONFIG),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct end end = { EXITED = rows[i].status };
		char buf[256];
		struct text t = TEXT_ON(buf);

		explain_end(&t, &end);
		assert_non_null(strstr(buf, rows[i].name));
	}
}

static void a_reapers_status_is_told_as_the_signal_that_it_stands_for(void **state)
{
	static const struct row rows[] = {
		{ { EXITED = 3, .reaper = 1 }, "exited with status 3 after 8.0 s" },
		{ { EXITED = 128, .reaper = 1 }, "exited with status 128 after 8.0 s" },
		{ { EXITED = 139, .reaper = 1 }, "killed by SIGSEGV after 8.0 s" },
		{ { EXITED = 137, .reaper = 1 }, "killed by SIGKILL after 8.0 s: not by pith" },
		{ { EXITED = 192, .reaper = 1 }, "killed by signal 64 after 8.0 s: not by pith" },
		{ { EXITED = 193, .reaper = 1 }, "exited with status 193 after 8.0 s" },
		{ { EXITED = 143, .reaper = 1, .reason = END_ASKED, .sent = SIGTERM },
		  "killed by SIGTERM after 8.0 s" },
		{ { KILLED = SIGKILL, .reaper = 1 }, "killed by SIGKILL after 8.0 s: not by pith" },
	};

	(void)state;
	TELLS(rows);
}

static void who_sent_the_signal_is_told_if_it_is_known(void **state)
{
	static const struct row rows[] = {
		{ { KILLED = SIGSEGV }, "killed by SIGSEGV after 8.0 s" },
		{ { RAN, .phase = END_EXECUTED, .code = CLD_DUMPED, .status = SIGABRT },
		  "killed by SIGABRT after 8.0 s" },
		{ { KILLED = SIGBUS }, "killed by SIGBUS after 8.0 s" },
		{ { KILLED = SIGILL }, "killed by SIGILL after 8.0 s" },
		{ { KILLED = SIGFPE }, "killed by SIGFPE after 8.0 s" },
		{ { KILLED = SIGTRAP }, "killed by SIGTRAP after 8.0 s" },
		{ { KILLED = SIGPIPE }, "killed by SIGPIPE after 8.0 s" },
		{ { KILLED = SIGKILL }, "killed by SIGKILL after 8.0 s: not by pith" },
		{ { KILLED = SIGTERM }, "killed by SIGTERM after 8.0 s: not by pith" },
		{ { KILLED = SIGUSR1, .reason = END_SIGNALLED, .sent = SIGUSR1 },
		  "killed by SIGUSR1 after 8.0 s: sent by `pith kill`" },
		{ { KILLED = SIGKILL, .reason = END_SIGNALLED, .sent = SIGHUP },
		  "killed by SIGKILL after 8.0 s: not by pith" },
		{ { KILLED = SIGSEGV, .reason = END_SIGNALLED, .sent = SIGHUP },
		  "killed by SIGSEGV after 8.0 s" },
		{ { EXITED = 1, .reason = END_SIGNALLED, .sent = SIGHUP },
		  "exited with status 1 after 8.0 s" },
	};

	(void)state;
	TELLS(rows);
}

static void what_pith_did_is_told_as_the_reason(void **state)
{
	static const struct row rows[] = {
		{ { EXITED = 0, .reason = END_ASKED, .sent = SIGTERM },
		  "exited with status 0 after 8.0 s" },
		{ { KILLED = SIGTERM, .reason = END_ASKED, .sent = SIGTERM },
		  "killed by SIGTERM after 8.0 s" },
		{ { KILLED = SIGKILL, .reason = END_ASKED, .sent = SIGTERM },
		  "killed by SIGKILL after 8.0 s: not by pith" },
		{ { KILLED = SIGKILL, .reason = END_STOP_TIMEOUT, .sent = SIGTERM },
		  "killed by SIGKILL after 8.0 s: it did not stop within STOP_TIMEOUT_MS" },
		{ { KILLED = SIGKILL, .reason = END_UNHEARD, .sent = SIGQUIT },
		  "killed by SIGKILL after 8.0 s: it has no handler for SIGQUIT" },
		{ { KILLED_EARLY, .reason = END_READY_TIMEOUT },
		  "killed by SIGKILL after 8.0 s: no READY=1 within START_TIMEOUT_MS" },
		{ { KILLED = SIGKILL, .reason = END_WATCHDOG },
		  "killed by SIGKILL after 8.0 s: no WATCHDOG=1 within WATCHDOG_MS" },
		{ { EXITED = 0, .reason = END_WATCHDOG },
		  "exited with status 0 after 8.0 s: no WATCHDOG=1 within WATCHDOG_MS" },
		{ { KILLED = SIGKILL, .reason = END_DEADLINE },
		  "killed by SIGKILL after 8.0 s: the shutdown took too long" },
		{ { RAN, .phase = END_EXECUTED, .reason = END_UNSEEN },
		  "ended while pith was executed anew, after 8.0 s" },
		{ { RAN, .phase = END_EXECUTED, .reason = END_REPLACED },
		  "killed, since its row in the table has changed, after 8.0 s" },
		/* Of a later version's state: nothing is known of it, and nothing breaks. */
		{ { KILLED = SIGSEGV, .reason = END_REASON_COUNT },
		  "killed by SIGSEGV after 8.0 s" },
	};

	(void)state;
	TELLS(rows);
}

static void the_oom_killer_is_told_with_what_is_known_of_memory(void **state)
{
	static const struct row rows[] = {
		{ { OOM(16 * MIB, 16 * MIB), .at_limit = 1, .oom_kills_ever = 3 },
		  "killed by the OOM killer after 8.0 s, at its memory.max of 16M "
		  "(peak 16M, 3rd time)" },
		{ { OOM(16 * MIB, -1), .at_limit = 1, .oom_kills_ever = 1 },
		  "killed by the OOM killer after 8.0 s, at its memory.max of 16M (1st time)" },
		{ { OOM(-1, 3 * MIB + 4096), .at_limit = 1 },
		  "killed by the OOM killer after 8.0 s, at its memory.max (peak 3076K)" },
		{ { OOM(-1, -1), .at_limit = 1 },
		  "killed by the OOM killer after 8.0 s, at its memory.max" },
		{ { OOM(16 * MIB, MIB), .oom_kills_ever = 22 },
		  "killed by the OOM killer after 8.0 s, since the board had no memory left "
		  "(peak 1M, 22nd time)" },
		{ { OOM(-1, -1), .at_limit = 1, .reason = END_ASKED, .sent = SIGTERM },
		  "killed by the OOM killer after 8.0 s, at its memory.max" },
		{ { EXITED = 137, .reaper = 1, .oom_kills = 1, .at_limit = 1,
		    .memory_max = -1, .memory_peak = -1 },
		  "killed by the OOM killer after 8.0 s, at its memory.max" },
		/* It took another process, and this one ended by itself. */
		{ { KILLED = SIGSEGV, .oom_kills = 1 }, "killed by SIGSEGV after 8.0 s" },
		{ { EXITED = 1, .oom_kills = 1 }, "exited with status 1 after 8.0 s" },
	};
	static const struct {
		uint32_t n;
		const char *ordinal;
	} times[] = {
		{ 2, "(2nd time)" }, { 4, "(4th time)" }, { 10, "(10th time)" },
		{ 11, "(11th time)" }, { 12, "(12th time)" }, { 13, "(13th time)" },
		{ 21, "(21st time)" }, { 111, "(111th time)" },
		{ 4294967295u, "(4294967295th time)" },
	};

	(void)state;
	TELLS(rows);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const struct end end = { OOM(-1, -1), .oom_kills_ever = times[i].n };
		char buf[256];
		struct text t = TEXT_ON(buf);

		explain_end(&t, &end);
		assert_string_equal(strchr(buf, '('), times[i].ordinal);
	}
}

static void a_refused_call_is_told_by_its_name(void **state)
{
	const struct row rows[] = {
		{ { KILLED = SIGSYS, .refused_call = -1 }, "killed by SIGSYS after 8.0 s" },
		{ { KILLED = SIGSYS, .refused_call = 0 }, "killed by SIGSYS after 8.0 s" },
		{ { KILLED = SIGSYS, .refused_call = -1, .refused_arch = CALLS_ARCH },
		  "killed by SIGSYS after 8.0 s" },
		{ { KILLED = SIGSYS, .refused_call = 39,
		    .refused_arch = AUDIT_ARCH_MIPS },
		  "killed by SIGSYS after 8.0 s: "
		  "seccomp refused system call 39 of architecture 8" },
		/* It may be why */
		{ { EXITED = 1, .refused_call = 39, .refused_arch = AUDIT_ARCH_MIPS },
		  "exited with status 1 after 8.0 s; "
		  "seccomp refused system call 39 of architecture 8" },
		{ { KILLED = SIGABRT, .refused_call = 39, .refused_arch = AUDIT_ARCH_MIPS },
		  "killed by SIGABRT after 8.0 s; "
		  "seccomp refused system call 39 of architecture 8" },
		{ { EXITED = 1, .refused_call = -1 }, "exited with status 1 after 8.0 s" },
		{ { EXITED = 159, .reaper = 1, .refused_call = 39,
		    .refused_arch = AUDIT_ARCH_MIPS },
		  "killed by SIGSYS after 8.0 s: "
		  "seccomp refused system call 39 of architecture 8" },
	};
	struct end named = { KILLED = SIGSYS, .refused_arch = CALLS_ARCH };
	char buf[256];
	struct text t = TEXT_ON(buf);

	(void)state;
	TELLS(rows);
	named.refused_call = CALLS_ARCH == AUDIT_ARCH_X86_64 ? 258 :
			     CALLS_ARCH == AUDIT_ARCH_AARCH64 ? 34 : 323;
	explain_end(&t, &named);
	assert_string_equal(buf, "killed by SIGSYS after 8.0 s: seccomp refused mkdirat");
}

static void a_start_that_failed_is_told_with_its_stage(void **state)
{
	static const struct row rows[] = {
		{ { NOT_RUN, .report = { STAGE_PROC, -EPERM } },
		  "start failed: mounting /proc: Operation not permitted" },
		{ { NOT_RUN, .report = { STAGE_EXEC, -ENOEXEC }, .code = CLD_EXITED, .status = 1 },
		  "start failed: executing its program: Exec format error" },
		{ { NOT_RUN, .error = { STAGE_LIMIT, -EINVAL, "memory.max", "" } },
		  "start failed: setting a limit (memory.max): Invalid argument" },
		{ { NOT_RUN, .error = { STAGE_VETH, -EEXIST, "", "Exists already" } },
		  "start failed: making its veth pair: File exists: Exists already" },
		{ { NOT_RUN, .error = { STAGE_COUNT, -EIO, "", "" } },
		  "start failed: an unknown stage: Input/output error" },
		{ { NOT_RUN, .code = CLD_KILLED, .status = SIGKILL },
		  "start failed: killed by SIGKILL after 12 ms: not by pith" },
		{ { NOT_RUN, .code = CLD_KILLED, .status = SIGKILL, .oom_kills = 1, .at_limit = 1,
		    .memory_max = 4096, .memory_peak = -1 },
		  "start failed: killed by the OOM killer after 12 ms, at its memory.max of 4K" },
		{ { NOT_RUN, .code = CLD_KILLED, .status = SIGKILL, .reason = END_START_TIMEOUT },
		  "start failed: killed by SIGKILL after 12 ms: it hung before its program ran" },
		{ { NOT_RUN, .code = CLD_EXITED, .status = 1 },
		  "start failed: exited with status 1 after 12 ms" },
	};

	(void)state;
	TELLS(rows);
}

static void a_start_that_was_broken_off_is_no_failure(void **state)
{
	static const struct row rows[] = {
		{ { NOT_RUN, .code = CLD_KILLED, .status = SIGKILL, .reason = END_CUT_SHORT },
		  "ended before its program ran, after 12 ms: stopped while it was starting" },
		{ { NOT_RUN, .code = CLD_KILLED, .status = SIGKILL, .reason = END_DEADLINE },
		  "ended before its program ran, after 12 ms: the shutdown took too long" },
		{ { NOT_RUN, .code = CLD_KILLED, .status = SIGTERM, .reason = END_ASKED,
		    .sent = SIGTERM }, "ended before its program ran, after 12 ms" },
		{ { NOT_RUN, .code = 0 }, "ended before its program ran, after 12 ms" },
		{ { NOT_RUN, .code = 0, .reason = END_START_TIMEOUT },
		  "ended before its program ran, after 12 ms: it hung before its program ran" },
		{ { KILLED_EARLY, .reason = END_CUT_SHORT },
		  "killed by SIGKILL after 8.0 s: stopped while it was starting" },
	};

	(void)state;
	TELLS(rows);
}

static void sizes_are_written_as_in_the_table(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0" }, { 1, "1" }, { 1023, "1023" }, { 1024, "1K" }, { 12345, "12345" },
		{ 1536 << 10, "1536K" }, { 16 << 20, "16M" }, { 1ull << 30, "1G" },
		{ 1ull << 50, "1048576G" }, { UINT64_MAX, "18446744073709551615" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char buf[32];
		struct text t = TEXT_ON(buf);

		explain_size(&t, rows[i].bytes);
		assert_string_equal(buf, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exits_are_told_with_what_the_status_means),
		cmocka_unit_test(every_name_of_sysexits_is_known),
		cmocka_unit_test(a_reapers_status_is_told_as_the_signal_that_it_stands_for),
		cmocka_unit_test(who_sent_the_signal_is_told_if_it_is_known),
		cmocka_unit_test(what_pith_did_is_told_as_the_reason),
		cmocka_unit_test(the_oom_killer_is_told_with_what_is_known_of_memory),
		cmocka_unit_test(a_refused_call_is_told_by_its_name),
		cmocka_unit_test(a_start_that_failed_is_told_with_its_stage),
		cmocka_unit_test(a_start_that_was_broken_off_is_no_failure),
		cmocka_unit_test(sizes_are_written_as_in_the_table),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
