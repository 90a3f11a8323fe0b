/*
 * Which system call seccomp refused to a process that SIGSYS ended: the audit
 * record of it, which the kernel prints (type 1326), in /dev/kmsg.  A child
 * looks for it and waits a moment, since the record may come after the end.
 *
 * A kernel without CONFIG_AUDIT, or with audit=0, prints none, and one that has
 * printed ten in five seconds leaves some out: then nothing is found.
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
	int64_t time_s;		/* CLOCK_REALTIME of the record */
	uint32_t uid;		/* both as the initial namespaces see them */
	int32_t pid;
	int32_t call;		/* its number */
	uint32_t arch;		/* AUDIT_ARCH_… of linux/audit.h */
};

/*
 * Starts the child.  Returns the fd (close-on-exec, non-blocking) from which one
 * struct finding, or only an end of file, can be read, or -errno.  The child is
 * reaped like an orphan.
 *
 * With INIT the program's pid is not known: then pid is 0, and the record is one
 * of any process of the service whose ids begin at uid_base.
 */
int finding_begin(pid_t pid, uint32_t uid_base);

/* Pure: reads one record of /dev/kmsg.  False if it is none of the kernel's
 * about seccomp, or not all of it is there. */
bool finding_parse(const char *record, size_t len, struct finding *finding);

/* Pure: is it about that process, and of just now?  A pid comes back. */
bool finding_is_of(const struct finding *finding, pid_t pid, uint32_t uid_base, int64_t now_s);

/* "openat", or NULL if this build knows no name for it: of the native
 * architecture only. */
const char *finding_call_name(int32_t call, uint32_t arch);

#endif
