/*
 * All that is known of the end of one run: plain data, which is kept in the
 * state (state.h), told by PID 1 and shown by the client.
 */
#ifndef PITH_END_H
#define PITH_END_H

#include <stdint.h>

#include "stage.h"

/* What PID 1 itself did to end it, the last thing first. */
enum end_reason {
	END_BY_ITSELF,		/* nothing: it, or somebody else */
	END_ASKED,		/* its STOP_SIGNAL was sent: stop, restart, shutdown */
	END_STOP_TIMEOUT,	/* it did not end within STOP_TIMEOUT_MS: killed */
	END_UNHEARD,		/* it has no handler for STOP_SIGNAL: killed */
	END_START_TIMEOUT,	/* it hung before its program ran: killed */
	END_READY_TIMEOUT,	/* no READY=1 within START_TIMEOUT_MS: killed */
	END_WATCHDOG,		/* no WATCHDOG=1 within WATCHDOG_MS: killed */
	END_CUT_SHORT,		/* stopped while it started: killed */
	END_SIGNALLED,		/* `pith kill`; the signal is in .sent */
	END_DEADLINE,		/* the shutdown's deadline: killed */
	END_REPLACED,		/* its row in the table has changed: killed */
	END_UNSEEN,		/* PID 1 was executed anew meanwhile: how is not known */
	END_SHED,		/* its STOP_SIGNAL was sent, since memory was short */
	END_REASON_COUNT,
};

/* Where the run was when it ended. */
enum end_phase {
	END_NOT_EXECUTED,	/* before its program ran */
	END_EXECUTED,
	END_WAS_READY,
};

struct end {
	uint64_t ended_ms;		/* CLOCK_MONOTONIC */
	uint64_t lived_ms;		/* from exec, or else from the start */
	uint64_t pause_ms;		/* until it starts again; 0: it does not, or at once */
	int64_t memory_max;		/* bytes; -1: unknown or no limit */
	int64_t memory_peak;		/* of its cgroup so far, bytes; -1: the kernel has none */
	struct stage_report report;	/* a stage of the start failed in the child, or zeros */
	struct start_error error;	/* … or on the parent's side, or zeros */
	int32_t pid;			/* 0: there was none */
	int32_t code;			/* CLD_… of waitid(2), 0 if nothing ran */
	int32_t status;			/* exit status or signal */
	int32_t sent;			/* END_SIGNALLED, END_ASKED: which signal */
	int32_t refused_call;		/* system call that seccomp refused last; -1: none known */
	uint32_t refused_arch;		/* AUDIT_ARCH_… of it */
	uint32_t oom_kills;		/* of this run */
	uint32_t oom_kills_ever;	/* since its cgroup was made */
	uint8_t reason;			/* enum end_reason */
	uint8_t phase;			/* enum end_phase */
	uint8_t at_limit;		/* killed at its own memory.max, not for the board's sake */
	uint8_t next_state;		/* enum step_state that followed */
	uint8_t reaper;			/* INIT: a status of 128 + n is signal n's */
};

#endif
