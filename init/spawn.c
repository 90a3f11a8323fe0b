/*
 * The parent's half of a start: everything that can fail before the clone.
 * Refuses to know why a service starts now.
 */
#include "spawn.h"

#include <signal.h>

#include "child.h"
#include "sys.h"

int spawn_service(const struct service *s, const struct sandbox *box,
		  struct spawned *child, struct start_error *err)
{
	/* Without CLONE_VM, though sharing the memory would be faster: the
	 * kernel applies a write of oom_score_adj to every process that
	 * shares it, so two services starting at once would set each other's.
	 * Without CLONE_VFORK: PID 1 would hang on the whole recipe. */
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | CLONE_PIDFD | CLONE_CLEAR_SIGHAND |
			 CLONE_NEWPID | CLONE_NEWNS,
		.exit_signal = SIGCHLD,
		.cgroup = (unsigned)box->cgroup_fd,
	};
	int status[2], pidfd = 0;
	pid_t pid;

	if (pipe2(status, O_CLOEXEC | O_NONBLOCK) < 0)
		return start_error_set(err, STAGE_CLONE, -errno, "a pipe");
	args.pidfd = (uintptr_t)&pidfd;
	pid = sys_clone3(&args);
	if (pid == 0)
		child_become(&(struct recipe){ s, box, status[1] });
	close(status[1]);
	if (pid < 0) {
		close(status[0]);
		return start_error_set(err, STAGE_CLONE, pid, NULL);
	}
	*child = (struct spawned){ .pid = pid, .pidfd = pidfd, .status_fd = status[0] };
	return 0;
}
