/*
 * Verbs that knock at doors: which are open to a service, and who is behind them.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* Milliseconds without any answer.  A refusal comes at once; this is for what is dropped. */
#define PATIENCE 2000

/* Every errno of Linux is below. */
#define ERRORS_MAX 256

/* At the same time, since each has an fd. */
#define KNOCKS_MAX 256

int probe_address(const char *address, const char *port, struct sockaddr_storage *to)
{
	struct sockaddr_in *to4 = (void *)to;
	struct sockaddr_in6 *to6 = (void *)to;
	char text[64];
	char *scope;

	memset(to, 0, sizeof(*to));
	snprintf(text, sizeof(text), "%s", address);
	scope = strchr(text, '%');
	if (scope)
		*scope++ = '\0';
	to6->sin6_port = htons((uint16_t)atoi(port));	/* both have it at the same place */
	if (strchr(text, ':')) {
		to6->sin6_family = AF_INET6;
		to6->sin6_scope_id = scope ? if_nametoindex(scope) : 0;
		inet_pton(AF_INET6, text, &to6->sin6_addr);
		return sizeof(*to6);
	}
	to4->sin_family = AF_INET;
	inet_pton(AF_INET, text, &to4->sin_addr);
	return sizeof(*to4);
}

/* One door: what was asked, and how far it got. */
struct knock {
	char line[96];		/* "udp fd70::1 53" */
	int fd;			/* -1: it is decided */
	int error;		/* of errno; 0: it opened */
	bool opened;		/* TCP, unix: connected */
	char name[64];		/* what was said behind it */
};

static void decide(struct knock *k, int error)
{
	k->error = error;
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
}

static int knock_address(char **words, int count, struct sockaddr_storage *to)
{
	struct sockaddr_un *at = (void *)to;

	if (strcmp(words[0], "unix"))
		return probe_address(words[1], count > 2 ? words[2] : "0", to);
	memset(to, 0, sizeof(*to));
	at->sun_family = AF_UNIX;
	strncpy(at->sun_path, words[1], sizeof(at->sun_path) - 1);
	return sizeof(*at);
}

static void begin(struct knock *k)
{
	char line[sizeof(k->line)], *words[REQUEST_WORDS + 1];
	struct sockaddr_storage to;
	int count, len;
	bool udp;

	strcpy(line, k->line);
	count = request_split(line, words);
	k->fd = -1;
	if (count < 2) {
		decide(k, EINVAL);
		return;
	}
	udp = !strcmp(words[0], "udp");
	len = knock_address(words, count, &to);
	k->fd = socket(to.ss_family, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (k->fd < 0 || (connect(k->fd, (void *)&to, (socklen_t)len) < 0 && errno != EINPROGRESS) ||
	    (udp && write(k->fd, "?", 1) < 0))
		decide(k, errno);
	k->opened = udp;
}

/* What poll saw of it. */
static void look(struct knock *k, short events)
{
	int error = 0;
	socklen_t size = sizeof(error);
	ssize_t n;

	if (!k->opened) {
		getsockopt(k->fd, SOL_SOCKET, SO_ERROR, &error, &size);
		if (error)
			decide(k, error);
		k->opened = !error;
	} else if (events & (POLLIN | POLLERR | POLLHUP)) {
		n = read(k->fd, k->name, sizeof(k->name) - 1);
		decide(k, n < 0 ? errno : 0);
		if (n > 0)
			k->name[strcspn(k->name, "\n")] = '\0';
	}
}

/* Waits for any that is undecided; 0 when there is nothing more to wait for. */
static int wait_for(struct knock *all, size_t count)
{
	struct pollfd at[KNOCKS_MAX];
	nfds_t i, waiting = 0;

	for (i = 0; i < count; i++) {
		at[i] = (struct pollfd){ .fd = all[i].fd, .events = all[i].opened ? POLLIN : POLLOUT };
		waiting += all[i].fd >= 0;
	}
	if (!waiting || poll(at, count, PATIENCE) <= 0)
		return 0;
	for (i = 0; i < count; i++)
		if (at[i].fd >= 0 && at[i].revents)
			look(&all[i], at[i].revents);
	return 1;
}

/* At all doors at the same time: one that stays silent would hold up the others. */
static void knock_at(struct knock *all, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		begin(&all[i]);
	while (wait_for(all, count))
		;
	for (i = 0; i < count; i++)
		if (all[i].fd >= 0)	/* who says nothing has opened all the same */
			decide(&all[i], all[i].opened && strncmp(all[i].line, "udp", 3) ? 0 : ETIMEDOUT);
}

static void tell_knock(int out, const struct knock *k)
{
	errno = k->error;
	answer(out, k->error ? -1 : 0);
	if (k->name[0])
		dprintf(out, "%s\n", k->name);
}

/* Who is behind the door. */
static void knock(int out, char **argv)
{
	struct knock one = { .fd = -1 };

	snprintf(one.line, sizeof(one.line), "%s %s %s", argv[1], argv[2], argv[3] ? argv[3] : "");
	knock_at(&one, 1);
	tell_knock(out, &one);
}

/* The same of many, a line each, up to an empty one. */
static void knock_many(int out, char **argv)
{
	static struct knock all[KNOCKS_MAX];
	FILE *in = fdopen(out == 1 ? 0 : out, "r");
	size_t i, count = 0;

	(void)argv;
	while (in && count < KNOCKS_MAX && fgets(all[count].line, sizeof(all[count].line), in) &&
	       all[count].line[0] != '\n') {
		all[count].line[strcspn(all[count].line, "\n")] = '\0';
		count++;
	}
	knock_at(all, count);
	for (i = 0; i < count; i++) {
		dprintf(out, "? %s\n", all[i].line);
		tell_knock(out, &all[i]);
	}
}

/* One page by HTTP: 0, or an errno; ENODATA when there was nothing on it. */
static int visit(const struct sockaddr_storage *to, int len)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	struct timeval patience = { .tv_sec = 20 };
	int fd = socket(to->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;
	char page[512];
	ssize_t n = -1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const void *)to, (socklen_t)len) == 0 &&
	    send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0)
		n = read(fd, page, sizeof(page));
	if (n <= 0)
		error = n ? errno : ENODATA;
	close(fd);
	return error;
}

/* Pages, one after the other, until there is that file: how often it went which way. */
static void visit_often(int out, char **argv)
{
	static unsigned int ways[ERRORS_MAX];
	struct sockaddr_storage to;
	int len = probe_address(argv[1], argv[2], &to);

	while (access(argv[3], F_OK) < 0)
		ways[visit(&to, len)]++;
	for (int error = 0; error < ERRORS_MAX; error++) {
		if (!ways[error])
			continue;
		dprintf(out, "%u ", ways[error]);
		errno = error;
		answer(out, error ? -1 : 0);
	}
}

const struct verb knocks[] = {
	{ "knock", "tcp|udp|unix ADDRESS|PATH [PORT]", 2, IN_CHILD, knock },
	{ "knocks", "", 0, IN_CHILD, knock_many },
	{ "visits", "ADDRESS PORT FILE", 3, IN_CHILD, visit_often },
	{ .name = NULL },
};
