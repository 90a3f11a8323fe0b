/*
 * Keeps the sockets of LISTEN: binds those that have a path, finds out which do not
 * serve any more, and lets go of them.  Refuses to know when a service starts.
 */
#include "listen.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "dispose.h"
#include "paths.h"
#include "sys.h"
#include "table.h"
#include "unix_socket.h"

/* Own sockets come first, in the order of LISTEN. */
const char *listen_source(const struct service *s, unsigned i)
{
	unsigned place = 0;

	for (unsigned j = 0; j < i; j++)
		place += !s->listen[j].protocol;
	return s->listen[i].protocol ? NULL : s->sockets[place].source;
}

bool listen_is_bound_at(int fd, const char *path)
{
	struct sockaddr_un address = { 0 };
	socklen_t len = sizeof(address) - 1;	/* a longest path has no NUL */

	return getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	       address.sun_family == AF_UNIX && !strcmp(address.sun_path, path);
}

/* Who sees it may connect; nobody could before it listened. */
static int bind_at(const char *path)
{
	int fd, rc;

	if (mkdir(PATH_LISTEN, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = unix_socket_bind(SOCK_STREAM, path);
	if (fd < 0)
		return fd;
	if (listen(fd, SOMAXCONN) == 0 && chmod(path, 0666) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* What clients left in the queue of a unix socket, and what a run has made of another
 * one, may keep whoever closes it last. */
void listen_close(int fd)
{
	dispose_fds(&fd, 1);
}

/* An earlier run has shut it down, which each kind of socket tells by its events, or
 * made a connection of what listened: no client ever comes by it again. */
static bool is_spent(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };
	int type = 0, listens = 0;
	socklen_t size = sizeof(int);

	if (poll(&p, 1, 0) == 1 && p.revents & (POLLHUP | POLLRDHUP))
		return true;
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM &&
	       getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0 && !listens;
}

static bool serves(const struct service *s, unsigned i)
{
	int number = listen_number(s, i);

	if (!fds_find(number))
		return false;
	if (!is_spent(number))
		return true;
	listen_close(number);
	return false;
}

static int bind_missing(const struct service *s, struct start_error *err)
{
	for (unsigned i = 0; i < s->listen_count; i++) {
		const char *path = listen_source(s, i);
		int rc;

		if (!path || serves(s, i))
			continue;
		rc = fds_keep(bind_at(path), listen_number(s, i));
		if (rc < 0)
			return start_error_set(err, STAGE_LISTEN, rc, s->listen[i].path);
	}
	return 0;
}

void listen_open_all(void)
{
	const unsigned count = LISTEN_COUNT ? SERVICE_COUNT : 0;
	struct start_error unsaid;

	for (unsigned id = 0; id < count; id++)
		bind_missing(&services[id], &unsaid);
}

void listen_release(const struct service *s)
{
	for (unsigned i = 0; listen_has(s) && i < s->listen_count; i++)
		if (s->listen[i].protocol && fds_find(listen_number(s, i)))
			listen_close(listen_number(s, i));
}

int listen_prepare(const struct service *s, bool *opens, struct start_error *err)
{
	*opens = false;
	for (unsigned i = 0; i < s->listen_count; i++)
		*opens |= s->listen[i].protocol && !serves(s, i);
	/* What is left of a set is opened anew with the rest. */
	if (*opens)
		listen_release(s);
	return bind_missing(s, err);
}
