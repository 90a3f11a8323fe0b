/*
 * Doors: ports beside the probe's own, on which it says its host name to whoever
 * knocks.  They are what DOORS in its environment names, "7001/tcp 53/udp", and the
 * sockets that LISTEN_FDS says it was given.  Knocks are in knocks.c.
 */
#include "probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As many as a table's row has of each kind. */
#define DOORS_MAX 32

#define LISTEN_FDS_START 3

static struct pollfd doors_open[DOORS_MAX];
static nfds_t doors_count;

/* Of both families, if the kernel has both. */
int door_make(int type, int port)
{
	struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	struct sockaddr_in at4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int off = 0, on = 1, fd = socket(AF_INET6, type | SOCK_CLOEXEC, 0);
	int family = fd < 0 ? AF_INET : AF_INET6;

	if (fd < 0)
		fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6 ? bind(fd, (void *)&at, sizeof(at)) : bind(fd, (void *)&at4, sizeof(at4)))
		return -1;
	return type == SOCK_STREAM && listen(fd, 64) ? -1 : fd;
}

static void keep(int fd)
{
	if (fd >= 0 && doors_count < DOORS_MAX)
		doors_open[doors_count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

static void keep_named(char *names)
{
	char *word;

	while ((word = strtok_r(names, " ", &names))) {
		int fd = door_make(strstr(word, "/udp") ? SOCK_DGRAM : SOCK_STREAM, atoi(word));

		if (fd < 0)
			dprintf(1, "no door %s: %s\n", word, strerror(errno));
		keep(fd);
	}
}

static void keep_given(void)
{
	const char *text = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	int i, count = text && pid && atoi(pid) == getpid() ? atoi(text) : 0;

	for (i = 0; i < count; i++)
		keep(LISTEN_FDS_START + i);
}

static void open_to(int fd, const char *name)
{
	int type, reply;
	socklen_t size = sizeof(type);
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char word[64];

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
		return;
	if (type == SOCK_DGRAM) {
		if (recvfrom(fd, word, sizeof(word), 0, (void *)&from, &len) >= 0)
			sendto(fd, name, strlen(name), 0, (void *)&from, len);
		return;
	}
	reply = accept(fd, NULL, NULL);
	if (reply < 0)
		return;
	dprintf(reply, "%s\n", name);
	close(reply);
}

/* By a child, since the probe itself answers one request at a time. */
void doors_serve(void)
{
	char *names = getenv("DOORS"), name[64] = "";
	nfds_t i;

	if (names)
		keep_named(strdup(names));
	keep_given();
	if (!doors_count || fork())
		return;
	signal(SIGTERM, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	gethostname(name, sizeof(name) - 1);
	while (poll(doors_open, doors_count, -1) >= 0 || errno == EINTR)
		for (i = 0; i < doors_count; i++)
			if (doors_open[i].revents & POLLIN)
				open_to(doors_open[i].fd, name);
	_exit(1);
}
