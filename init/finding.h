/*
 * Which system call seccomp refused to a process: the audit record of it, which
 * the kernel prints (type 1326), in /dev/kmsg.  A child looks for it and waits a
 * moment, since the record may come after the end.
 *
 * There always is one of a call that killed the process, and one of a call that
 * was answered with an error if the filter was attached with
 * SECCOMP_FILTER_FLAG_LOG.  A kernel without CONFIG_AUDIT, or with audit=0,
 * prints none, and one that has printed ten in five seconds leaves some out: then
 * nothing is found.
 *
 * Source: audit_seccomp() and audit_log_task() in the kernel's kernel/auditsc.c,
 * and Documentation/ABI/testing/dev-kmsg.
 */
#ifndef PITH_FINDING_H
#define PITH_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct finding {
	int64_t time_ms;	/* CLOCK_REALTIME of the record */
	uint32_t uid;		/* both as the initial namespaces see them */
	int32_t pid;
	int32_t call;		/* its number */
	uint32_t arch;		/* AUDIT_ARCH_… of linux/audit.h */
	uint32_t action;	/* SECCOMP_RET_… of linux/seccomp.h */
};

/* What is looked for. */
struct finding_wish {
	bool killed;		/* a call that killed, or else one that failed */
	pid_t pid;		/* 0: of any process of the service */
	uint32_t uid_base;	/* whose ids begin here */
	uint32_t age_max_ms;	/* not from longer ago */
};

/*
 * Starts the child.  Returns the fd (close-on-exec, non-blocking) from which one
 * struct finding, or only an end of file, can be read, or -errno.  The child is
 * reaped like an orphan.
 */
int finding_begin(const struct finding_wish *wish);

/* Pure: reads one record of /dev/kmsg.  False if it is none of the kernel's
 * about seccomp, or not all of it is there. */
bool finding_parse(const char *record, size_t len, struct finding *finding);

/* Pure: is it what is looked for?  A pid comes back, so the time counts. */
bool finding_is_wanted(const struct finding *finding, const struct finding_wish *wish,
		       int64_t now_ms);

/* "openat", or NULL if this build knows no name for it: of the native
 * architecture only. */
const char *finding_call_name(int32_t call, uint32_t arch);

#endif
