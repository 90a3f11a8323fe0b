/*
 * Decides how each stage of a start is called on the console.  Refuses to
 * know what a stage does.
 */
#include "stage.h"

#include "text.h"

const char *stage_name(int stage)
{
	static const char *const names[STAGE_COUNT] = {
		[STAGE_NONE] = "nothing",
		[STAGE_CGROUP] = "making its cgroup",
		[STAGE_LIMIT] = "setting a limit",
		[STAGE_WATCH] = "watching its files",
		[STAGE_LOG] = "making its log pipe",
		[STAGE_CLONE] = "cloning a process",
		[STAGE_NAMESPACE_FD] = "holding its namespaces",
		[STAGE_ID_MAP] = "mapping its user ids",
		[STAGE_VETH] = "making its veth pair",
		[STAGE_DEVICE_FILTER] = "setting which devices it may use",
		[STAGE_HOSTNAME] = "setting its host name",
		[STAGE_SYSCTL] = "setting a sysctl",
		[STAGE_ADDRESS] = "setting its address and route",
		[STAGE_JOIN_NET] = "joining its network namespace",
		[STAGE_JOIN_UTS] = "joining its UTS namespace",
		[STAGE_LISTEN] = "opening a socket of its LISTEN",
		[STAGE_VIEW] = "taking its kept mounts",
		[STAGE_UNSHARE] = "making its mount, cgroup and IPC namespaces",
		[STAGE_OOM_SCORE] = "setting OOM_SCORE_ADJ",
		[STAGE_RLIMIT] = "setting a resource limit",
		[STAGE_PRIVATE] = "making its mounts private",
		[STAGE_ROOT] = "mounting its root",
		[STAGE_WRITABLE] = "mounting its WRITABLE layer",
		[STAGE_DEV] = "mounting /dev",
		[STAGE_NODE] = "making a node in /dev",
		[STAGE_DEVICE] = "placing one of its DEVICES",
		[STAGE_DEVPTS] = "mounting /dev/pts",
		[STAGE_SHM] = "mounting /dev/shm",
		[STAGE_MQUEUE] = "mounting /dev/mqueue",
		[STAGE_PROC] = "mounting /proc",
		[STAGE_SYS] = "mounting /sys",
		[STAGE_CGROUP_MOUNT] = "mounting /sys/fs/cgroup",
		[STAGE_MASK] = "masking a part of /proc or /sys",
		[STAGE_READONLY] = "making a part of /proc read-only",
		[STAGE_TMPFS] = "mounting a TMPFS",
		[STAGE_VOLUME] = "mounting one of its VOLUMES",
		[STAGE_SOCKET] = "placing a unix socket",
		[STAGE_RESOLV_CONF] = "placing /etc/resolv.conf",
		[STAGE_PIVOT] = "pivot_root",
		[STAGE_DETACH] = "detaching the old root",
		[STAGE_JOIN_USER] = "joining its user namespace",
		[STAGE_CAPABILITIES] = "setting its capabilities",
		[STAGE_IDS] = "becoming its user",
		[STAGE_NO_NEW_PRIVS] = "setting no_new_privs",
		[STAGE_LANDLOCK] = "restricting itself by Landlock",
		[STAGE_SECCOMP] = "attaching its seccomp filter",
		[STAGE_STREAMS] = "opening its standard streams",
		[STAGE_SESSION] = "making its session",
		[STAGE_SIGNALS] = "unblocking its signals",
		[STAGE_NOTIFY] = "placing its notify socket",
		[STAGE_CLOSE] = "closing files",
		[STAGE_WORKDIR] = "entering WORKDIR",
		[STAGE_REAPER] = "executing its reaper",
		[STAGE_PROC_LINK] = "executing what a link of /proc leads to",
		[STAGE_EXEC] = "executing its program",
		[STAGE_JOIN] = "joining its namespaces",
		[STAGE_TOOLBOX] = "placing the toolbox",
	};

	return stage >= 0 && stage < STAGE_COUNT ? names[stage] : "an unknown stage";
}

int start_error_set(struct start_error *err, enum stage stage, int error, const char *what)
{
	struct text t = TEXT_ON(err->what);

	err->stage = (int)stage;
	err->error = error;
	text_add(&t, "%s", what ? what : "");
	return error;
}
