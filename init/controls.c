/*
 * Decides who gets one of the places for connections, and when the listener is
 * left alone for a while.  The places are fixed, nothing waits, and a client
 * that misbehaves loses its connection.  Refuses to know what a request means.
 */
#include "controls.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control_message.h"
#include "fds.h"
#include "paths.h"
#include "unix_socket.h"
#include "watch.h"

/* A thousand clients may come at once; net.core.somaxconn is 4096 as the kernel
 * has it. */
#define QUEUE_MAX 1024

/* A connection without requests for this long gives way to another: a client
 * that is alive asks within milliseconds. */
#define SILENT_MS 1000

/* No place, no fd or no memory: the listener is looked at again after this
 * time, or as soon as a place is free. */
#define RETRY_MS 100

/* Of answers that a client does not read, in bytes; the kernel doubles it, and
 * an answer takes some 800 of them. */
#define SEND_BUFFER 4096

#define WATCHERS_MAX (CONTROLS_MAX / 2)

struct connection {
	int fd;			/* 0: the place is free */
	bool watches;
	bool told;		/* the last thing sent was CONTROL_CHANGED */
	uint64_t active_ms;	/* its last request, or when it came */
};

static struct connection connections[CONTROLS_MAX];
static int listener, set;
static uint64_t retry_ms;	/* 0: the listener is watched */

static int listen_for(uint32_t events)
{
	return watch_change(set, listener, SOURCE_LISTEN, 0, events);
}

/* Connections that wait would wake the loop again and again. */
static void pause_listener(uint64_t now_ms)
{
	listen_for(0);
	retry_ms = now_ms + RETRY_MS;
}

static void resume_listener(void)
{
	if (retry_ms && listen_for(EPOLLIN) == 0)
		retry_ms = 0;
}

static void close_connection(struct connection *c)
{
	if (c->fd)
		resume_listener();
	watch_drop(set, &c->fd);
	*c = (struct connection){ 0 };
}

int controls_open(int epoll_fd)
{
	int fd = unix_socket_bind(SOCK_SEQPACKET, PATH_CONTROL);
	int rc;

	if (fd < 0)
		return fd;
	rc = listen(fd, QUEUE_MAX) < 0 ? -errno : 0;
	if (rc == 0)
		rc = watch_add(epoll_fd, fd, SOURCE_LISTEN, 0, EPOLLIN);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	listener = fd;
	set = epoll_fd;
	return 0;
}

/* What it asked and was not read yet is no silence. */
static bool is_silent(const struct connection *c, uint64_t now_ms)
{
	int waiting = 0;

	return !c->watches && now_ms >= c->active_ms + SILENT_MS &&
	       ioctl(c->fd, SIOCINQ, &waiting) == 0 && waiting == 0;
}

/* A free place, else that of the longest silence, else NULL. */
static struct connection *find_place(uint64_t now_ms)
{
	struct connection *found = NULL;

	for (int i = 0; i < CONTROLS_MAX; i++) {
		struct connection *c = &connections[i];

		if (!c->fd)
			return c;
		if ((!found || c->active_ms < found->active_ms) && is_silent(c, now_ms))
			found = c;
	}
	return found;
}

/* The peer is who called connect(2); root of another user namespace appears
 * as the user who it is out here. */
static bool is_root(int fd)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == 0;
}

static void settle(struct connection *c, int fd, uint64_t now_ms)
{
	int size = SEND_BUFFER;

	if (!is_root(fd) ||
	    watch_add(set, fd, SOURCE_CLIENT, (uint16_t)(c - connections), EPOLLIN) < 0) {
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	close_connection(c);
	*c = (struct connection){ .fd = fd, .active_ms = now_ms };
}

/* Higher numbers are of the services' fds. */
static int accept_below_services(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fd < FDS_FIRST)
		return fd;
	close(fd);
	return -EMFILE;
}

/* What fails after some were accepted is left to the next turn: perhaps nobody
 * waits any more. */
void controls_accept(uint64_t now_ms)
{
	resume_listener();
	for (int i = 0; i < CONTROLS_A_TURN; i++) {
		struct connection *place = find_place(now_ms);
		int fd = place ? accept_below_services() : -EBUSY;

		if (fd < 0) {
			if (fd != -EAGAIN && i == 0)
				pause_listener(now_ms);
			return;
		}
		settle(place, fd, now_ms);
	}
}

uint64_t controls_deadline(void)
{
	return retry_ms;
}

int controls_take(uint16_t place, struct control_request *request, int *fd, uint64_t now_ms)
{
	struct connection *c = &connections[place];
	int rc = -EAGAIN;

	*fd = 0;
	if (c->fd)
		rc = control_receive(c->fd, request, fd);
	if (rc == -EAGAIN)
		return 0;
	c->active_ms = now_ms;
	if (rc == 0)
		return 1;
	fds_drop(fd);
	if (rc == -EPROTO)
		controls_answer(place, rc, 0);
	close_connection(c);
	return 0;
}

static void send_answer(struct connection *c, int result, int fd)
{
	if (control_send(c->fd, result, fd) < 0)
		close_connection(c);
}

void controls_answer(uint16_t place, int result, int fd)
{
	struct connection *c = &connections[place];

	if (!c->fd)
		return;
	c->told = false;
	send_answer(c, result, fd);
}

int controls_watch(uint16_t place)
{
	int watchers = 0;

	for (int i = 0; i < CONTROLS_MAX; i++)
		watchers += connections[i].watches;
	if (!connections[place].watches && watchers == WATCHERS_MAX)
		return -EBUSY;
	connections[place].watches = true;
	return 0;
}

/* The last thing that was sent is CONTROL_CHANGED, and not all that was sent
 * has been received: so that word was not.  Whoever receives it after this
 * looks at the state, which was written before: hence the fence. */
static bool word_is_waiting(const struct connection *c)
{
	int waiting = 0;

	atomic_thread_fence(memory_order_seq_cst);
	return c->told && ioctl(c->fd, SIOCOUTQ, &waiting) == 0 && waiting > 0;
}

void controls_tell_change(void)
{
	for (int i = 0; i < CONTROLS_MAX; i++) {
		struct connection *c = &connections[i];

		if (!c->watches || word_is_waiting(c))
			continue;
		c->told = true;
		send_answer(c, CONTROL_CHANGED, 0);
	}
}
