/*
 * Decides how an end is told.  Refuses to know what becomes of the service,
 * and whether a person reads it on the console or through the client.
 */
#include "explain.h"

#include <signal.h>
#include <string.h>

#include "finding.h"
#include "table.h"

/* The last real-time signal of every architecture here. */
#define SIGNAL_MAX 64

/* sysexits.h, which BSD's daemons and many others follow. */
#define SYSEXITS_FIRST 64
static const char sysexits[][12] = {
	"USAGE", "DATAERR", "NOINPUT", "NOUSER", "NOHOST", "UNAVAILABLE", "SOFTWARE", "OSERR",
	"OSFILE", "CANTCREAT", "IOERR", "TEMPFAIL", "PROTOCOL", "NOPERM", "CONFIG",
};
#define SYSEXITS_COUNT (sizeof(sysexits) / sizeof(sysexits[0]))

/* What PID 1 did, however it ended then.  Those without words are told by the
 * signal that was sent, or tell nothing. */
static const char *const reasons[END_REASON_COUNT] = {
	[END_STOP_TIMEOUT] = "it did not stop within STOP_TIMEOUT_MS",
	[END_START_TIMEOUT] = "it hung before its program ran",
	[END_READY_TIMEOUT] = "no READY=1 within START_TIMEOUT_MS",
	[END_WATCHDOG] = "no WATCHDOG=1 within WATCHDOG_MS",
	[END_CUT_SHORT] = "stopped while it was starting",
	[END_DEADLINE] = "the shutdown took too long",
	[END_SHED] = "stopped for memory pressure",
};

static void explain_stage(struct text *t, int stage, int error, const char *what,
			  const char *words)
{
	text_add(t, "start failed: %s", stage_name(stage));
	if (what[0])
		text_add(t, " (%s)", what);
	text_add(t, ": %s", strerror(-error));
	if (words[0])
		text_add(t, ": %s", words);
}

/* Which signal ended it, or 0.  The reaper has no other way to say it. */
static int ended_by(const struct end *end)
{
	int told = end->status - 128;

	if (end->code != CLD_EXITED)
		return end->status;
	return end->reaper && told > 0 && told <= SIGNAL_MAX ? told : 0;
}

/* Sent by the kernel for what the process itself did, as a rule. */
static bool is_own_doing(int signal)
{
	static const uint8_t own[] = {
		SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS,
		SIGPIPE, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ,
	};

	for (size_t i = 0; i < sizeof(own); i++)
		if (own[i] == signal)
			return true;
	return false;
}

/* What a status means by convention.  That of a shell for a signal is believed
 * only of signals that have a name. */
static void explain_status(struct text *t, int status)
{
	unsigned sysexit = (unsigned)(status - SYSEXITS_FIRST);
	char name[16] = "";	/* "SIGVTALRM", "signal -128" */
	struct text signal = TEXT_ON(name);

	text_add_signal(&signal, status - 128);
	text_add(t, "exited with status %d", status);
	if (sysexit < SYSEXITS_COUNT)
		text_add(t, " (EX_%s)", sysexits[sysexit]);
	else if (status == 126)
		text_add(t, " (cannot execute)");
	else if (status == 127)
		text_add(t, " (not found)");
	else if (!strncmp(name, "SIG", 3))
		text_add(t, " (as %s's)", name);
}

static const char *ordinal_suffix(uint32_t n)
{
	static const char suffixes[][3] = { "th", "st", "nd", "rd" };

	return suffixes[n % 10 < 4 && n / 10 % 10 != 1 ? n % 10 : 0];
}

/* "at its memory.max of 16M (peak 16M, 3rd time)", as far as it is known */
static void explain_memory(struct text *t, const struct end *end)
{
	const char *between = " (";

	text_add(t, ", %s", end->at_limit ? "at its memory.max" :
		 "since the board had no memory left");
	if (end->at_limit && end->memory_max >= 0) {
		text_add(t, " of ");
		explain_size(t, (uint64_t)end->memory_max);
	}
	if (end->memory_peak >= 0) {
		text_add(t, "%speak ", between);
		explain_size(t, (uint64_t)end->memory_peak);
		between = ", ";
	}
	if (end->oom_kills_ever) {
		text_add(t, "%s%u%s time", between, end->oom_kills_ever,
			 ordinal_suffix(end->oom_kills_ever));
		between = ", ";
	}
	if (between[0] == ',')
		text_add(t, ")");
}

/* An architecture is never 0, so that zeros are no call either. */
static void explain_refusal(struct text *t, const struct end *end, char mark)
{
	const char *name;

	if (!FILTER_COUNT || end->refused_call < 0 || !end->refused_arch)
		return;
	name = finding_call_name(end->refused_call, end->refused_arch);
	if (name)
		text_add(t, "%c seccomp refused %s", mark, name);
	else
		text_add(t, "%c seccomp refused system call %d of architecture %x", mark,
			 end->refused_call, end->refused_arch);
}

static void explain_sender(struct text *t, const struct end *end, int signal)
{
	if (end->reason == END_UNHEARD) {
		text_add(t, ": it has no handler for ");
		text_add_signal(t, end->sent);
	} else if (end->reason < END_REASON_COUNT && reasons[end->reason]) {
		text_add(t, ": %s", reasons[end->reason]);
	} else if (!signal || (end->reason == END_ASKED && signal == end->sent)) {
		return;
	} else if (end->reason == END_SIGNALLED && signal == end->sent) {
		text_add(t, ": sent by `pith kill`");
	} else if (signal == SIGSYS) {
		explain_refusal(t, end, ':');
	} else if (!is_own_doing(signal)) {
		text_add(t, ": not by pith");
	}
}

static void explain_run(struct text *t, const struct end *end)
{
	int signal = ended_by(end);
	bool out_of_memory = signal == SIGKILL && end->oom_kills;

	if (end->phase == END_NOT_EXECUTED)
		text_add(t, "start failed: ");
	if (out_of_memory) {
		text_add(t, "killed by the OOM killer");
	} else if (signal) {
		text_add(t, "killed by ");
		text_add_signal(t, signal);
	} else {
		explain_status(t, end->status);
	}
	text_add(t, " after ");
	text_add_duration(t, end->lived_ms);
	if (out_of_memory)
		explain_memory(t, end);
	else
		explain_sender(t, end, signal);
	if (signal != SIGSYS)
		explain_refusal(t, end, ';');
}

/* Its start was broken off on purpose, or there was nothing to be ended. */
static bool came_to_nothing(const struct end *end)
{
	return !end->code || (end->phase == END_NOT_EXECUTED &&
			      (end->reason == END_CUT_SHORT || end->reason == END_DEADLINE ||
			       end->reason == END_ASKED));
}

void explain_end(struct text *t, const struct end *end)
{
	if (end->error.stage) {
		explain_stage(t, end->error.stage, end->error.error, end->error.what,
			      end->error.words);
	} else if (end->report.stage) {
		explain_stage(t, end->report.stage, end->report.error, "", "");
	} else if (end->reason == END_UNSEEN || end->reason == END_REPLACED) {
		text_add(t, "%s, after ", end->reason == END_UNSEEN ?
			 "ended while pith was executed anew" :
			 "killed, since its row in the table has changed");
		text_add_duration(t, end->lived_ms);
	} else if (came_to_nothing(end)) {
		text_add(t, "ended before its program ran, after ");
		text_add_duration(t, end->lived_ms);
		explain_sender(t, end, 0);
	} else {
		explain_run(t, end);
	}
}

void explain_size(struct text *t, uint64_t bytes)
{
	static const char units[] = { 'K', 'M', 'G' };
	unsigned unit = 0;

	while (unit < sizeof(units) && bytes && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	text_add(t, "%llu", (unsigned long long)bytes);
	if (unit)
		text_add(t, "%c", units[unit - 1]);
}
