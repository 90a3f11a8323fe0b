/*
 * The stages of a start, and what is told of the one that failed: by a child
 * with a struct stage_report through a close-on-exec pipe, by its parent with
 * a struct start_error.
 */
#ifndef PITH_STAGE_H
#define PITH_STAGE_H

#include <stdint.h>

#include "netsetup/nlsock.h"

enum stage {
	STAGE_NONE,
	STAGE_CGROUP,
	STAGE_LIMIT,
	STAGE_WATCH,
	STAGE_LOG,
	STAGE_CLONE,
	STAGE_NAMESPACE_FD,
	STAGE_ID_MAP,
	STAGE_VETH,
	STAGE_DEVICE_FILTER,
	STAGE_HOSTNAME,
	STAGE_SYSCTL,
	STAGE_ADDRESS,
	STAGE_JOIN_NET,
	STAGE_JOIN_UTS,
	STAGE_LISTEN,
	STAGE_VIEW,
	STAGE_UNSHARE,
	STAGE_OOM_SCORE,
	STAGE_RLIMIT,
	STAGE_PRIVATE,
	STAGE_ROOT,
	STAGE_WRITABLE,
	STAGE_DEV,
	STAGE_NODE,
	STAGE_DEVICE,
	STAGE_DEVPTS,
	STAGE_SHM,
	STAGE_MQUEUE,
	STAGE_PROC,
	STAGE_SYS,
	STAGE_CGROUP_MOUNT,
	STAGE_MASK,
	STAGE_READONLY,
	STAGE_TMPFS,
	STAGE_VOLUME,
	STAGE_SOCKET,
	STAGE_RESOLV_CONF,
	STAGE_PIVOT,
	STAGE_DETACH,
	STAGE_JOIN_USER,
	STAGE_CAPABILITIES,
	STAGE_IDS,
	STAGE_NO_NEW_PRIVS,
	STAGE_LANDLOCK,
	STAGE_SECCOMP,
	STAGE_STREAMS,
	STAGE_SESSION,
	STAGE_SIGNALS,
	STAGE_NOTIFY,
	STAGE_CLOSE,
	STAGE_WORKDIR,
	STAGE_REAPER,
	STAGE_PROC_LINK,
	STAGE_EXEC,
	STAGE_JOIN,
	STAGE_TOOLBOX,
	STAGE_COUNT,
};

/* Smaller than PIPE_BUF, so it is written and read in one piece.  STAGE_EXEC
 * without an error is the last word before execve(2): the end of file after
 * it means that the program runs, and without it that the child was killed
 * on its way. */
struct stage_report {
	int32_t stage;	/* enum stage */
	int32_t error;	/* -errno */
};

/* A control file's name, of which the longest are some 30 bytes, or a device's
 * path; longer ones are cut. */
#define STAGE_WHAT_SIZE 48

/* Why a start failed on the parent's side. */
struct start_error {
	int32_t stage;			/* enum stage */
	int32_t error;			/* -errno */
	char what[STAGE_WHAT_SIZE];	/* a file or a device, or "" */
	char words[NLSOCK_TEXT_SIZE];	/* the kernel's, or "" */
};

/* Fills it in but for the words; what may be NULL.  Returns error. */
int start_error_set(struct start_error *err, enum stage stage, int error, const char *what);

/* What the stage does, as in "start failed: mounting /proc: …". */
const char *stage_name(int stage);

#endif
