/*
 * Starts and ends the images' child.  Refuses to know what it is for.
 */
#include "images_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "fds.h"
#include "helper.h"
#include "watch.h"

/* What it has started is in its group.  Not reaped yet, so the number is its own. */
static void kill_it(const struct images_process *p)
{
	if (p->pid <= 0)
		return;
	kill(-p->pid, SIGKILL);
	kill(p->pid, SIGKILL);
}

void images_process_end(struct images_process *p, int epoll_fd)
{
	kill_it(p);
	watch_drop(epoll_fd, &p->report);
}

static int watch(struct images_process *p, int epoll_fd)
{
	int rc = watch_add(epoll_fd, p->report, SOURCE_IMAGES, 0, EPOLLIN);

	if (rc < 0)
		images_process_end(p, epoll_fd);
	return rc;
}

int images_process_start(struct images_process *p, int epoll_fd, const struct images_order *order)
{
	int ends[2], rc;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	/* Before there is a child: a PID 1 that did not find it would start another
	 * one beside it. */
	rc = fds_keep(ends[0], FDS_IMAGES);
	if (rc < 0) {
		close(ends[1]);
		return rc;
	}
	p->report = rc;
	pid = helper_clone();
	if (pid == 0)
		images_child_become(order, ends[1]);
	close(ends[1]);
	if (pid < 0) {
		fds_drop(&p->report);
		return pid;
	}
	p->pid = pid;
	return watch(p, epoll_fd);
}

void images_process_find(struct images_process *p, int epoll_fd, pid_t pid)
{
	*p = (struct images_process){ .pid = pid, .report = fds_find(FDS_IMAGES) };
	if (!p->report)
		return;
	kill_it(p);
	watch(p, epoll_fd);
}

int images_process_read(const struct images_process *p, struct images_word *to)
{
	ssize_t n = read(p->report, to, sizeof(*to));

	if (n == 0)
		return -EPIPE;
	return n == sizeof(*to) ? 0 : -EAGAIN;
}
