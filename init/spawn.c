/*
 * The parent's half of a start: everything that can fail before the clone.
 * Refuses to know why a service starts now.
 */
#include "spawn.h"

#include <signal.h>

#include "child.h"
#include "devices.h"
#include "fds.h"
#include "has.h"
#include "images_start.h"
#include "listen.h"
#include "report.h"
#include "sys.h"
#include "view.h"

void spawned_give_up(int pidfd, int status_fd)
{
	sys_pidfd_send_signal(pidfd, SIGKILL);
	close(pidfd);
	close(status_fd);
}

/* Moves the child's fds to their numbers, or kills it and closes them. */
static int keep(struct spawned *child, const struct service *s, pid_t pid, int pidfd,
		int status_fd, struct start_error *err)
{
	uint16_t id = (uint16_t)(s - services);
	const int pidfd_number = fds_number(id, FD_PIDFD);
	const int status_number = fds_number(id, FD_STATUS);

	if (dup2(pidfd, pidfd_number) < 0 || dup2(status_fd, status_number) < 0) {
		start_error_set(err, STAGE_CLONE, -errno, "its fds");
		spawned_give_up(pidfd, status_fd);
		return err->error;
	}
	close(pidfd);
	close(status_fd);
	*child = (struct spawned){
		.pid = pid, .pidfd = pidfd_number, .status_fd = status_number,
	};
	return 0;
}

/* At each start anew: what is plugged in again may have another number.  That is then not
 * the one in the view; nor is it known of a view that an earlier PID 1 kept. */
static int find_devices(const struct service *s, struct sandbox *box,
			struct device_node *nodes, struct start_error *err)
{
	int rc;

	if (!has_devices(s))
		return 0;
	rc = devices_find(s, nodes, err);
	if (rc == 0)
		rc = devices_confine(s, nodes, box->cgroup_fd, err);
	if (rc < 0)
		return rc;
	if (box->view_devices != devices_digest(s, nodes))
		sandbox_drop_view(box);
	box->view_devices = devices_digest(s, nodes);
	return 0;
}

int spawn_service(const struct service *s, struct sandbox *box, bool tell_refused,
		  struct spawned *child, struct start_error *err)
{
	/* Without CLONE_NEWNS: of PID 1's mounts the child needs no copy of its own, but
	 * for the first time (view.h).
	 * Without CLONE_VM, though sharing the memory would be faster: the
	 * kernel applies a write of oom_score_adj to every process that
	 * shares it, so two services starting at once would set each other's.
	 * Without CLONE_VFORK: PID 1 would hang on the whole recipe. */
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | CLONE_PIDFD | CLONE_CLEAR_SIGHAND |
			 CLONE_NEWPID,
		.exit_signal = SIGCHLD,
		.cgroup = (unsigned)box->cgroup_fd,
	};
	struct device_node nodes[SERVICE_DEVICES_MAX];
	char root[IMAGES_ROOT_SIZE];
	int status[2], pidfd = 0, rc;
	bool opens = false, makes_view;
	pid_t pid;

	rc = find_devices(s, box, nodes, err);
	if (rc == 0 && listen_has(s))
		rc = listen_prepare(s, &opens, err);
	if (rc < 0)
		return rc;
	box->wants_view = makes_view = view_is_kept(s) && !box->view_fd;
	rc = report_open(s, status);
	if (rc < 0)
		return start_error_set(err, STAGE_CLONE, rc, "a pipe");
	args.pidfd = (uintptr_t)&pidfd;
	pid = sys_clone3(&args);
	if (pid == 0)
		child_become(&(struct recipe){ .service = s, .box = box, .report_fd = status[1],
						.root = IMAGE_COUNT ? images_root(s, root) : s->root,
						.nodes = nodes, .tell_refused = tell_refused,
						.listens = s->listen_count, .opens = opens,
						.makes_view = makes_view });
	close(status[1]);
	if (pid < 0) {
		close(status[0]);
		return start_error_set(err, STAGE_CLONE, pid, NULL);
	}
	return keep(child, s, pid, pidfd, status[0], err);
}
