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

#include "report.h"
#include "sys.h"
#include "text.h"

/* A process that was killed is gone by then. */
#define IN_USE_MS 300
#define IN_USE_STEP_MS 10

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
	const struct report_of_socket report = { { STAGE_LISTEN, error }, (int32_t)place };

	if (write(r->report_fd, &report, sizeof(report)) < 0)
		_exit(RECIPE_EXIT);
	_exit(RECIPE_EXIT);
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
	report_files(r, STAGE_LISTEN, fds, count);
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

unsigned listen_keep(const struct service *s, const int *fds, unsigned count)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < s->listen_count && taken < count; i++)
		if (s->listen[i].protocol)
			fds_keep(fds[taken++], listen_number(s, i));
	return taken;
}

static void name_socket(char *buf, size_t size, const struct service_listen *row)
{
	struct text t = { .buf = buf, .size = size };

	text_add(&t, "%u/%s", row->port, row->protocol == IPPROTO_TCP ? "tcp" : "udp");
}

void listen_name_failed(const struct service *s, const struct report_of_socket *is,
			struct start_error *err)
{
	char what[sizeof("65535/tcp")];

	if (is->place < 0 || is->place >= s->listen_count)
		return;
	name_socket(what, sizeof(what), &s->listen[is->place]);
	start_error_set(err, (enum stage)is->report.stage, is->report.error, what);
}
