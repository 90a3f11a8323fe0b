/*
 * The stages of a start, and what a child tells of the one that failed.  The
 * child writes one struct stage_report into a close-on-exec pipe; the end of
 * file without one means that all went well.
 */
#ifndef PITH_STAGE_H
#define PITH_STAGE_H

#include <stdint.h>

enum stage {
	STAGE_NONE,
	STAGE_CGROUP,
	STAGE_LIMIT,
	STAGE_LOG,
	STAGE_CLONE,
	STAGE_NAMESPACE_FD,
	STAGE_ID_MAP,
	STAGE_VETH,
	STAGE_HOSTNAME,
	STAGE_SYSCTL,
	STAGE_ADDRESS,
	STAGE_JOIN_NET,
	STAGE_JOIN_UTS,
	STAGE_UNSHARE,
	STAGE_OOM_SCORE,
	STAGE_RLIMIT,
	STAGE_PRIVATE,
	STAGE_ROOT,
	STAGE_DEV,
	STAGE_NODE,
	STAGE_DEVPTS,
	STAGE_SHM,
	STAGE_MQUEUE,
	STAGE_PROC,
	STAGE_SYS,
	STAGE_CGROUP_MOUNT,
	STAGE_MASK,
	STAGE_READONLY,
	STAGE_TMPFS,
	STAGE_PIVOT,
	STAGE_DETACH,
	STAGE_JOIN_USER,
	STAGE_CAPABILITIES,
	STAGE_IDS,
	STAGE_NO_NEW_PRIVS,
	STAGE_STREAMS,
	STAGE_SESSION,
	STAGE_CLOSE,
	STAGE_WORKDIR,
	STAGE_EXEC,
	STAGE_COUNT,
};

/* Smaller than PIPE_BUF, so it is written and read in one piece. */
struct stage_report {
	int32_t stage;	/* enum stage */
	int32_t error;	/* -errno */
};

/* What the stage does, as in "start failed: mounting /proc: …". */
const char *stage_name(int stage);

#endif
