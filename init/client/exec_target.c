/*
 * Decides which process is the service's.  The pid comes from PID 1's record
 * and may be stale by the time that it is used; but if the record says the
 * same after the pidfd was opened, PID 1 had not reaped that process, and the
 * pidfd is its.  Refuses to know what is done with it.
 */
#include "exec_target.h"

#include <poll.h>

#include "sys.h"
#include "text.h"

/* A service that ends and starts again between two looks, each time. */
#define TRIES 16

/* "/proc/", a pid of at most 7 digits. */
#define PROC_PATH_SIZE 16

static void let_go(struct exec_target *t)
{
	const int fds[] = { t->pidfd, t->user_fd, t->root_fd };

	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

static int open_all(pid_t pid, struct exec_target *t)
{
	char path[PROC_PATH_SIZE];
	struct text name = TEXT_ON(path);
	int proc, rc;

	*t = (struct exec_target){ -1, -1, -1 };
	text_add(&name, "/proc/%d", pid);
	t->pidfd = SYS_INT(SYS_pidfd_open, pid, 0);
	if (t->pidfd < 0)
		return t->pidfd;
	proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return -errno;
	t->user_fd = openat(proc, "ns/user", O_RDONLY | O_CLOEXEC);
	rc = t->user_fd < 0 ? -errno : 0;
	if (rc == 0) {
		t->root_fd = openat(proc, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
		rc = t->root_fd < 0 ? -errno : 0;
	}
	close(proc);
	return rc;
}

static bool is_running(const struct state_service *is)
{
	return is->phase == PHASE_RUN && is->pid > 0;
}

int exec_target_hold(const struct state_slot *slot, struct exec_target *to,
		     struct state_service *is)
{
	struct state_service before;
	int rc;

	for (unsigned i = 0; i < TRIES; i++) {
		if (!state_read_service(slot, &before))
			return -EBADMSG;
		*is = before;
		if (!is_running(&before))
			return -ESRCH;
		rc = open_all(before.pid, to);
		if (!state_read_service(slot, is))
			rc = -EBADMSG;
		else if (is_running(is) && is->pid == before.pid && is->runs == before.runs)
			/* Ended, though not yet for PID 1. */
			return rc == -ENOENT ? -ESRCH : rc;
		let_go(to);
	}
	return -EAGAIN;
}

bool exec_target_ended(const struct exec_target *target, int timeout_ms)
{
	struct pollfd p = { .fd = target->pidfd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) > 0;
}
