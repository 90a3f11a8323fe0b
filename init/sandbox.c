/*
 * Makes what outlives the runs of a service and needs no process: cgroup, log
 * pipe and notify socket; and lets go of all of it.  Refuses to know when a
 * service starts and what becomes of it.
 */
#include "sandbox.h"

#include <sys/stat.h>

#include "cgroup/cgroup.h"
#include "devices.h"
#include "dispose.h"
#include "fds.h"
#include "has.h"
#include "limit.h"
#include "notify.h"
#include "sys.h"

static int keep(const struct service *s, enum fd_kind kind, int fd)
{
	return fds_keep(fd, fds_number((uint16_t)(s - services), kind));
}

static int make_cgroup(const struct service *s, const struct sandbox_site *site,
		       struct sandbox *box, struct start_error *err)
{
	struct limit_result limits;
	int dir, events, rc;

	dir = cgroup_make(site->cgroup_fd, s->name);
	if (dir < 0)
		return start_error_set(err, STAGE_CGROUP, dir, s->name);
	/* One that could not be removed is taken as it is: with another row's devices. */
	rc = devices_release(dir);
	if (rc < 0) {
		start_error_set(err, STAGE_DEVICE_FILTER, rc, NULL);
		goto close_dir;
	}
	rc = limit_apply(dir, s->limits, s->limit_count, &limits);
	if (rc < 0) {
		start_error_set(err, STAGE_LIMIT, rc, limits.refused);
		goto close_dir;
	}
	events = keep(s, FD_EVENTS, cgroup_open_events(dir));
	if (events < 0) {
		rc = start_error_set(err, STAGE_CGROUP, events, "cgroup.events");
		goto close_dir;
	}
	box->missing = limits.missing;
	box->events_fd = events;
	rc = keep(s, FD_CGROUP, dir);
	if (rc < 0)
		return start_error_set(err, STAGE_CGROUP, rc, s->name);
	box->cgroup_fd = rc;
	return 0;

close_dir:
	close(dir);
	return rc;
}

/* PID 1 keeps both ends: the pipe outlives every run, and the lines of the
 * last one are read to their end. */
static int make_log_pipe(const struct service *s, struct sandbox *box, struct start_error *err)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return start_error_set(err, STAGE_LOG, -errno, NULL);
	fds[0] = keep(s, FD_LOG_READ, fds[0]);
	fds[1] = keep(s, FD_LOG_WRITE, fds[1]);
	if (fds[0] < 0 || fds[1] < 0)
		return start_error_set(err, STAGE_LOG, fds[0] < 0 ? fds[0] : fds[1], NULL);
	/* The service may open /dev/stderr by its name, as its own user. */
	if (fcntl(fds[0], F_SETFL, O_NONBLOCK) < 0 ||
	    fchown(fds[1], s->uid_base + s->uid, s->uid_base + s->gid) < 0) {
		int rc = start_error_set(err, STAGE_LOG, -errno, NULL);

		close(fds[0]);
		close(fds[1]);
		return rc;
	}
	box->log_read = fds[0];
	box->log_write = fds[1];
	return 0;
}

static int make_notify_socket(const struct service *s, struct sandbox *box,
			      struct start_error *err)
{
	int fd = keep(s, FD_NOTIFY, notify_open(s));

	if (fd < 0)
		return start_error_set(err, STAGE_NOTIFY, fd, NULL);
	box->notify_fd = fd;
	return 0;
}

int sandbox_prepare(const struct service *s, const struct sandbox_site *site,
		    struct sandbox *box, struct start_error *err)
{
	int rc = box->cgroup_fd ? 0 : make_cgroup(s, site, box, err);

	if (rc == 0 && site->devices_error)
		rc = start_error_set(err, STAGE_DEVICE_FILTER, site->devices_error, NULL);
	if (rc == 0 && !box->log_read)
		rc = make_log_pipe(s, box, err);
	if (rc == 0 && has_notify_socket(s) && !box->notify_fd)
		rc = make_notify_socket(s, box, err);
	return rc;
}

/* With it go mounts, and whoever closes it last waits until no CPU is on its way
 * through one of them. */
void sandbox_drop_view(struct sandbox *box)
{
	if (box->view_fd)
		dispose_fds(&box->view_fd, 1);
	box->view_fd = 0;
}

void sandbox_discard(struct sandbox *box)
{
	sandbox_release_namespaces(box);
	fds_drop(&box->cgroup_fd);
	fds_drop(&box->events_fd);
	fds_drop(&box->log_read);
	fds_drop(&box->log_write);
	if (box->notify_fd)
		notify_close(box->notify_fd);
	box->notify_fd = 0;
	box->complete = false;
}

void sandbox_discard_cgroup(const struct service *s, const struct sandbox_site *site,
			    struct sandbox *box)
{
	sandbox_drop_view(box);
	fds_drop(&box->cgroup_fd);
	fds_drop(&box->events_fd);
	/* If it cannot be removed, it is taken again as it is. */
	cgroup_remove(site->cgroup_fd, s->name);
}

void sandbox_find(struct sandbox *box, uint16_t id)
{
	*box = (struct sandbox){
		.cgroup_fd = fds_find(fds_number(id, FD_CGROUP)),
		.events_fd = fds_find(fds_number(id, FD_EVENTS)),
		.log_read = fds_find(fds_number(id, FD_LOG_READ)),
		.log_write = fds_find(fds_number(id, FD_LOG_WRITE)),
		.user_fd = fds_find(fds_number(id, FD_USER)),
		.net_fd = fds_find(fds_number(id, FD_NET)),
		.uts_fd = fds_find(fds_number(id, FD_UTS)),
		.view_fd = fds_find(fds_number(id, FD_VIEW)),
		.notify_fd = fds_find(fds_number(id, FD_NOTIFY)),
	};
}
