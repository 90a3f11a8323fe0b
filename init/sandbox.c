/*
 * Makes what outlives the runs of a service: the parent's part, which is
 * short and never waits.  Refuses to know when a service starts and what
 * becomes of it.
 */
#include "sandbox.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>

#include "cgroup/cgroup.h"
#include "fds.h"
#include "inside.h"
#include "limit.h"
#include "netsetup/link.h"
#include "notify.h"
#include "procfile.h"
#include "spawn.h"
#include "sys.h"
#include "text.h"

/* The pair's message has two names, an address, an fd and three nests: below
 * 200 bytes. */
#define MESSAGE_SIZE 256

/* "/proc/", a pid of at most 7 digits, and the longest tail, "/ns/user". */
#define PROC_PATH_SIZE 40

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

	if (rc == 0 && !box->log_read)
		rc = make_log_pipe(s, box, err);
	if (rc == 0 && s->notify && !box->notify_fd)
		rc = make_notify_socket(s, box, err);
	return rc;
}

/* /proc/<pid>/<tail>, of a child that is ours until it is reaped. */
static const char *proc_path(char *buf, pid_t pid, const char *tail)
{
	struct text t = { .buf = buf, .size = PROC_PATH_SIZE };

	text_add(&t, "/proc/%d/%s", pid, tail);
	return buf;
}

static int hold_namespaces(const struct service *s, struct sandbox *box, pid_t pid,
			   struct start_error *err)
{
	const struct {
		const char *tail;
		enum fd_kind kind;
		int *fd;
	} rows[] = {
		{ "ns/user", FD_USER, &box->user_fd },
		{ "ns/net", FD_NET, &box->net_fd },
		{ "ns/uts", FD_UTS, &box->uts_fd },
	};
	char path[PROC_PATH_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int fd = open(proc_path(path, pid, rows[i].tail), O_RDONLY | O_CLOEXEC);

		fd = fd < 0 ? -errno : keep(s, rows[i].kind, fd);
		if (fd < 0)
			return start_error_set(err, STAGE_NAMESPACE_FD, fd, rows[i].tail);
		*rows[i].fd = fd;
	}
	return 0;
}

static int map_ids(const struct service *s, pid_t pid, struct start_error *err)
{
	static const char *const files[] = { "uid_map", "gid_map" };
	char path[PROC_PATH_SIZE], map[32];
	struct text t = TEXT_ON(map);

	text_add(&t, "0 %u %u", s->uid_base, SERVICE_ID_RANGE);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int rc = procfile_write(proc_path(path, pid, files[i]), map);

		if (rc < 0)
			return start_error_set(err, STAGE_ID_MAP, rc, files[i]);
	}
	return 0;
}

static void remove_link(const struct sandbox_site *site, const char *name)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_removal(&m, name);
	nlsock_send(site->route_fd, &m, NULL);
}

static int connect_bridge(const struct service *s, const struct sandbox_site *site,
			  const struct sandbox *box, struct start_error *err)
{
	uint8_t buf[MESSAGE_SIZE];
	struct nlmsg m;
	struct nlsock_error answer;
	int rc;

	if (!site->bridge_index)
		return start_error_set(err, STAGE_VETH, -ENODEV, "no bridge");
	nlmsg_init(&m, buf, sizeof(buf));
	link_put_veth(&m, &(struct link_veth){
		.name = s->name, .master = site->bridge_index,
		.peer_name = INSIDE_NAME, .peer_mac = s->mac, .peer_netns_fd = box->net_fd,
	});
	rc = nlsock_send(site->route_fd, &m, &answer);
	if (rc == -EEXIST) {
		/* Of a sandbox that was given up: the kernel takes its time to
		 * bury a network namespace. */
		remove_link(site, s->name);
		rc = nlsock_send(site->route_fd, &m, &answer);
	}
	if (rc < 0) {
		memcpy(err->words, answer.text, sizeof(err->words));
		return start_error_set(err, STAGE_VETH, rc, s->name);
	}
	return 0;
}

static int equip(const struct service *s, const struct sandbox_site *site,
		 struct sandbox *box, pid_t pid, struct start_error *err)
{
	int rc = hold_namespaces(s, box, pid, err);

	if (rc == 0)
		rc = map_ids(s, pid, err);
	if (rc == 0 && s->net == SERVICE_NET_PRIVATE)
		rc = connect_bridge(s, site, box, err);
	return rc;
}

int sandbox_clone(const struct service *s, const struct sandbox_site *site,
		  struct sandbox *box, struct spawned *child, struct start_error *err)
{
	/* Not into the service's cgroup: what the kernel keeps for a network
	 * namespace would be taken off the service's memory for ever. */
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_CLEAR_SIGHAND |
			 CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWUTS,
		.exit_signal = SIGCHLD,
	};
	int pair[2], pidfd = 0, rc;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return start_error_set(err, STAGE_CLONE, -errno, "a socket pair");
	args.pidfd = (uintptr_t)&pidfd;
	pid = sys_clone3(&args);
	if (pid == 0) {
		/* With this end open, the child would never see its parent go. */
		close(pair[0]);
		inside_configure(&(struct recipe){ s, box, pair[1], 0 });
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return start_error_set(err, STAGE_CLONE, pid, NULL);
	}
	rc = equip(s, site, box, pid, err);
	if (rc == 0)
		rc = spawned_keep(child, s, pid, pidfd, pair[0], err);
	else
		spawned_give_up(pidfd, pair[0]);
	if (rc == 0 && (fcntl(child->status_fd, F_SETFL, O_NONBLOCK) < 0 ||
			send(child->status_fd, "", 1, MSG_NOSIGNAL) < 0)) {
		rc = start_error_set(err, STAGE_CLONE, -errno, "a socket pair");
		spawned_give_up(child->pidfd, child->status_fd);
	}
	if (rc < 0)
		sandbox_release_namespaces(box);
	return rc;
}

void sandbox_release_namespaces(struct sandbox *box)
{
	fds_drop(&box->user_fd);
	fds_drop(&box->net_fd);
	fds_drop(&box->uts_fd);
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
		.notify_fd = fds_find(fds_number(id, FD_NOTIFY)),
	};
}
