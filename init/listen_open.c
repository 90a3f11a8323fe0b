/*
 * The way of the TCP and UDP sockets of LISTEN: opened in a service's network
 * namespace by its first start, through the report to PID 1, and from there into
 * every start.  Refuses to know how long they are kept.
 */
#include "listen.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sys.h"
#include "text.h"

/* A process that was killed is gone by then. */
#define IN_USE_MS 300
#define IN_USE_STEP_MS 10

/* A report that brings sockets along, or says which one could not be opened. */
struct listen_report {
	struct stage_report report;
	int32_t place;		/* in the row's listen[] */
};

union control {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(SERVICE_LISTEN_MAX * sizeof(int))];
};

/* --- In the start ------------------------------------------------------------- */

static int set(int fd, int level, int option, int value)
{
	return setsockopt(fd, level, option, &value, sizeof(value)) < 0 ? -errno : 0;
}

/* UDP has no SO_REUSEADDR: there it would share the port with whoever has it. */
static int bind_any(int fd, int family, const struct service_listen *row)
{
	const struct sockaddr_in6 any6 = {
		.sin6_family = AF_INET6, .sin6_port = htons(row->port),
	};
	const struct sockaddr_in any4 = { .sin_family = AF_INET, .sin_port = htons(row->port) };
	bool tcp = row->protocol == IPPROTO_TCP;
	int rc = tcp ? set(fd, SOL_SOCKET, SO_REUSEADDR, 1) : 0;

	if (rc == 0 && family == AF_INET6)
		rc = set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (rc < 0)
		return rc;
	if ((family == AF_INET6 ? bind(fd, (const struct sockaddr *)&any6, sizeof(any6)) :
				  bind(fd, (const struct sockaddr *)&any4, sizeof(any4))) < 0)
		return -errno;
	/* No longer a queue than that: what waits in it is nobody's memory. */
	return tcp && listen(fd, SOMAXCONN) < 0 ? -errno : 0;
}

/* One for both families, unless the kernel has only the older. */
static int open_socket(const struct service_listen *row)
{
	int type = (row->protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC;
	int family = AF_INET6, fd = SYS_INT(SYS_socket, family, type, 0), rc;

	if (fd == -EAFNOSUPPORT)
		fd = SYS_INT(SYS_socket, family = AF_INET, type, 0);
	if (fd < 0)
		return fd;
	rc = bind_any(fd, family, row);
	if (rc < 0)
		close(fd);
	return rc < 0 ? rc : fd;
}

/* One that PID 1 has closed may still be on its way out: a child of PID 1 has it for
 * a moment. */
static int open_when_free(const struct service_listen *row)
{
	int fd = open_socket(row);

	for (int waited = 0; fd == -EADDRINUSE && waited < IN_USE_MS; waited += IN_USE_STEP_MS) {
		usleep(IN_USE_STEP_MS * 1000);
		fd = open_socket(row);
	}
	return fd;
}

static _Noreturn void fail(const struct recipe *r, unsigned place, int error)
{
	const struct listen_report report = { { STAGE_LISTEN, error }, (int32_t)place };

	if (write(r->report_fd, &report, sizeof(report)) < 0)
		_exit(RECIPE_EXIT);
	_exit(RECIPE_EXIT);
}

static void send_all(const struct recipe *r, const int *fds, unsigned count)
{
	struct stage_report report = { .stage = STAGE_LISTEN };
	union control control = { 0 };
	struct iovec part = { &report, sizeof(report) };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *head = &control.head;

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(head), fds, count * sizeof(int));
	must(r, STAGE_LISTEN, sendmsg(r->report_fd, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0);
}

/* They are the service's user's: by that the firewall knows whose packets they are
 * that leave by a socket in the board's own network. */
void listen_open(const struct recipe *r)
{
	const struct service *s = r->service;
	int fds[SERVICE_LISTEN_MAX] = { 0 };
	unsigned count = 0;

	setfsuid(s->uid_base + s->uid);
	for (unsigned i = 0; i < s->listen_count; i++) {
		int fd = s->listen[i].protocol ? open_when_free(&s->listen[i]) : 0;

		if (fd < 0)
			fail(r, i, fd);
		if (fd)
			fds[count++] = fd;
	}
	setfsuid(0);
	send_all(r, fds, count);
	for (unsigned i = s->listen_count; i--;)
		if (s->listen[i].protocol)
			must(r, STAGE_LISTEN, fds_keep(fds[--count], listen_number(s, i)));
}

/* An earlier run may have left each of them non-blocking, or connected: it is the
 * same open file for all. */
void listen_hand_on(const struct recipe *r)
{
	const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	const struct service *s = r->service;

	for (unsigned i = 0; i < r->listens; i++) {
		int fd = must(r, STAGE_LISTEN, SYS_INT(SYS_dup3, listen_number(s, i),
						       LISTEN_FDS_START + (int)i, 0));

		must(r, STAGE_LISTEN, SYS_INT(SYS_fcntl, fd, F_SETFL, O_RDWR));
		if (s->listen[i].protocol == IPPROTO_UDP)
			must(r, STAGE_LISTEN, connect(fd, &nobody, sizeof(nobody)) < 0 ? -errno : 0);
	}
}

/* --- In PID 1 ------------------------------------------------------------------- */

static void keep_all(const struct service *s, const int *fds, unsigned count)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < s->listen_count && taken < count; i++)
		if (s->listen[i].protocol)
			fds_keep(fds[taken++], listen_number(s, i));
	/* None is left over; but a mistake here shall not cost PID 1 its files. */
	while (taken < count)
		close(fds[taken++]);
}

static void keep_rights(const struct service *s, struct msghdr *msg)
{
	const struct cmsghdr *head = CMSG_FIRSTHDR(msg);
	int fds[SERVICE_LISTEN_MAX];
	size_t bytes;

	if (!head || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
		return;
	bytes = head->cmsg_len - CMSG_LEN(0);
	memcpy(fds, CMSG_DATA(head), bytes);
	keep_all(s, fds, (unsigned)(bytes / sizeof(int)));
}

static void name_socket(char *buf, size_t size, const struct service_listen *row)
{
	struct text t = { .buf = buf, .size = size };

	text_add(&t, "%u/%s", row->port, row->protocol == IPPROTO_TCP ? "tcp" : "udp");
}

int listen_read_report(const struct service *s, int fd, struct stage_report *report,
		       struct start_error *err)
{
	struct listen_report is;
	union control control;
	struct iovec part = { &is, sizeof(is) };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	char what[sizeof("65535/tcp")];
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	/* Of a start that opens none it is a pipe. */
	if (n < 0 && errno == ENOTSOCK)
		return (int)read(fd, report, sizeof(*report));
	if (n >= 0)
		keep_rights(s, &msg);
	if (n < (ssize_t)sizeof(*report))
		return (int)n;
	*report = is.report;
	if (n == sizeof(is) && is.place >= 0 && is.place < s->listen_count) {
		name_socket(what, sizeof(what), &s->listen[is.place]);
		start_error_set(err, (enum stage)report->stage, report->error, what);
	}
	return sizeof(*report);
}
