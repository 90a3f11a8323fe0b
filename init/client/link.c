/*
 * The connection to PID 1: what is asked, what is answered, and when it has to
 * be made anew.  Refuses to know what a request means.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "clock.h"
#include "message.h"
#include "paths.h"

/* A connection without an answer was given up for others, or PID 1 is being
 * executed anew; tried again after this time. */
#define AGAIN_MS 20

/* How often a client looks for changes that PID 1 does not tell of. */
#define POLL_MS 250

static void pause_ms(unsigned ms)
{
	struct timespec time = { .tv_nsec = ms * 1000000L };

	nanosleep(&time, NULL);
}

static void disconnect(struct client *c)
{
	if (c->socket > 0)
		close(c->socket);
	c->socket = 0;
}

static int connect_once(struct client *c)
{
	static const struct sockaddr_un address = {
		.sun_family = AF_UNIX, .sun_path = PATH_CONTROL,
	};
	const struct timeval limit = { .tv_sec = CLIENT_ANSWER_TIMEOUT_S };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	disconnect(c);
	c->changed = c->polling = false;
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int rc = errno == EAGAIN ? -ETIMEDOUT : -errno;

		close(fd);
		return rc;
	}
	c->socket = fd;
	return 0;
}

/* -errno of a call on the socket that failed: a connection that was closed
 * is always -ECONNRESET. */
static int transport_error(int error)
{
	if (error == EAGAIN)
		return -ETIMEDOUT;
	return error == EPIPE || error == ENOTCONN ? -ECONNRESET : -error;
}

/* *fd is what came along, or 0. */
static int receive_one(struct client *c, struct control_answer *answer, int *fd, int flags)
{
	int len = message_receive(c->socket, answer, sizeof(*answer), fd, flags);

	if (len == 0)
		return -ECONNRESET;
	if (len < 0 && len != -EMSGSIZE)
		return transport_error(-len);
	if (len != sizeof(*answer) || answer->magic != CONTROL_MAGIC)
		return -EPROTO;
	return 0;
}

static int ask(struct client *c, const struct control_request *request, int fd, int *answer_fd)
{
	struct control_answer answer;
	int came, rc = message_send(c->socket, request, sizeof(*request), fd, 0);

	if (rc < 0)
		return transport_error(-rc);
	for (;;) {
		rc = receive_one(c, &answer, &came, 0);
		if (rc == 0 && answer.result == CONTROL_CHANGED) {
			c->changed = true;
			continue;
		}
		if (answer_fd && rc == 0)
			*answer_fd = came;
		else if (came)
			close(came);
		return rc < 0 ? rc : answer.result;
	}
}

int client_connect_again(struct client *c)
{
	uint64_t until = clock_now_ms() + CLIENT_RECONNECT_MS;
	int rc;

	do {
		pause_ms(AGAIN_MS);
		rc = connect_once(c);
	} while ((rc == -ECONNREFUSED || rc == -ENOENT) && clock_now_ms() < until);
	return rc;
}

/* A socket at which nobody listens: its PID 1 is being executed anew. */
int client_connect(struct client *c)
{
	int rc = connect_once(c);

	return rc == -ECONNREFUSED ? client_connect_again(c) : rc;
}

int client_request(struct client *c, enum control_verb verb, unsigned service, int number,
		   int fd, int *answer_fd)
{
	const struct control_request request = {
		.magic = CONTROL_MAGIC, .version = CONTROL_VERSION, .verb = (uint16_t)verb,
		.table = board.fingerprint, .service = service, .number = number,
	};
	uint64_t until = clock_now_ms() + CLIENT_RECONNECT_MS;

	for (;;) {
		int rc = ask(c, &request, fd, answer_fd);

		/* PID 1 answers before it closes: without an answer nothing was
		 * done.  But a PID 1 that is executed anew as asked is no such case. */
		if (rc != -ECONNRESET || verb == CONTROL_REEXEC || clock_now_ms() > until)
			return rc;
		rc = client_connect_again(c);
		if (rc < 0)
			return rc;
	}
}

int client_map(struct client *c)
{
	const struct state_header *header;
	struct stat st;
	int fd = 0, rc = client_request(c, CONTROL_ATTACH, 0, 0, 0, &fd);

	if (rc < 0 || !fd)
		return rc < 0 ? rc : -EPROTO;
	if (c->state)
		munmap((void *)c->state, c->size);
	c->state = NULL;
	rc = fstat(fd, &st) < 0 ? -errno : 0;
	c->size = rc == 0 ? (size_t)st.st_size : 0;
	if (rc == 0 && c->size < sizeof(*header))
		rc = -EPROTO;
	if (rc == 0) {
		header = mmap(NULL, c->size, PROT_READ, MAP_SHARED, fd, 0);
		if (header == MAP_FAILED)
			rc = -errno;
		else
			c->state = (const void *)header;
	}
	close(fd);
	return rc < 0 ? rc : c->state->header.magic == STATE_MAGIC ? 0 : -EPROTO;
}

/* PID 1 was built from another table, or is of another version: only its own
 * binary can read its state. */
static int use_its_binary(void)
{
	struct stat mine, its;

	if (stat(PATH_SELF, &mine) == 0 && stat("/proc/1/exe", &its) == 0 &&
	    mine.st_ino == its.st_ino && mine.st_dev == its.st_dev) {
		client_say("the state of PID 1 does not check out");
		return CLIENT_NO_PITH;
	}
	execve("/proc/1/exe", client_start.argv, client_start.envp);
	client_say("PID 1 is another pith, and its /proc/1/exe cannot be executed: %s",
		   strerror(errno));
	return CLIENT_NO_PITH;
}

static int check(const struct client *c, int rc)
{
	if (rc < 0)
		return client_refused("no connection", rc);
	return state_is_ours(c->state, c->size) ? 0 : use_its_binary();
}

int client_attach(struct client *c)
{
	int rc;

	*c = (struct client){ 0 };
	rc = client_connect(c);
	return check(c, rc < 0 ? rc : client_map(c));
}

int client_begin(struct client *c, int count)
{
	return count < 0 ? CLIENT_USAGE : client_attach(c);
}

int client_begin_with(struct client *c, int count, const char *name, uint16_t *id)
{
	int place, rc = client_begin(c, count);

	if (rc)
		return rc;
	place = client_find_service(name);
	*id = (uint16_t)place;
	return place < 0 ? CLIENT_UNKNOWN : 0;
}

int client_attach_again(struct client *c)
{
	int rc = client_connect_again(c);

	return check(c, rc < 0 ? rc : client_map(c));
}

int client_watch(struct client *c)
{
	int rc = client_request(c, CONTROL_WATCH, 0, 0, 0, NULL);

	c->polling = rc == -EBUSY;
	return c->polling ? 0 : rc;
}

/* Takes all words of a change at once. */
static int take_changes(struct client *c)
{
	struct control_answer answer;
	int fd, rc;

	do {
		rc = receive_one(c, &answer, &fd, MSG_DONTWAIT);
		if (fd)
			close(fd);
	} while (rc == 0);
	return rc == -ETIMEDOUT ? 1 : rc;
}

int client_wait_either(struct client *c, int fd, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = c->socket, .events = POLLIN }, { .fd = fd, .events = POLLIN },
	};
	bool look = c->polling && (timeout_ms < 0 || timeout_ms > POLL_MS);
	int n;

	if (c->changed) {
		c->changed = false;
		return 1;
	}
	n = poll(fds, 2, look ? POLL_MS : timeout_ms);
	if (n < 0)
		return -errno;
	if (fds[0].revents)
		return take_changes(c);
	return n ? 2 : look;
}

int client_wait_change(struct client *c, int timeout_ms)
{
	return client_wait_either(c, -1, timeout_ms);
}

/* What follows from a wait that failed: 0 to go on, or an exit status. */
static int mend(struct client *c, int error)
{
	int rc;

	if (error == -EINTR)
		return 0;
	if (error != -ECONNRESET)
		return client_refused("no connection", error);
	rc = client_attach_again(c);
	if (rc)
		return rc;
	rc = client_watch(c);
	return rc < 0 ? client_refused("no connection", rc) : 0;
}

int client_follow(struct client *c, int fd)
{
	int rc = client_wait_either(c, fd, -1);

	return rc < 0 ? mend(c, rc) : 0;
}

static int time_left(uint64_t until)
{
	uint64_t now = clock_now_ms();

	return now < until ? (int)(until - now) : 0;
}

int client_wait_until(struct client *c, int (*settled)(struct client *c, void *arg), void *arg,
		      int timeout_ms)
{
	uint64_t until = clock_now_ms() + (uint64_t)(timeout_ms > 0 ? timeout_ms : 0);
	int rc = client_watch(c), left = -1, result;

	for (;;) {
		if (rc < 0) {
			result = mend(c, rc);
			if (result)
				return -result;
		}
		result = settled(c, arg);
		if (result)
			return result;
		if (timeout_ms >= 0)
			left = time_left(until);
		rc = client_wait_change(c, left);
		if (rc == 0 && left == 0)
			return 0;
	}
}
