/*
 * The transport of a service's notify socket: where it stands, who may reach
 * it, and that nothing which comes through it makes PID 1 wait.  Refuses to
 * know what a message says.
 */
#include "notify.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "dispose.h"
#include "paths.h"
#include "text.h"
#include "unix_socket.h"

/* What one message may carry: SCM_MAX_FD of include/net/scm.h, unix(7). */
#define FDS_MAX 253

/* Messages that a queue may hold: net.unix.max_dgram_qlen, 10 as the kernel
 * has it and 512 where somebody has set it high. */
#define QUEUE_MAX 1024

const char *notify_path(char *buf, const struct service *s)
{
	struct text t = { .buf = buf, .size = NOTIFY_PATH_SIZE };

	text_add(&t, PATH_NOTIFY "/%s", s->name);
	return buf;
}

int notify_open(const struct service *s)
{
	char path[NOTIFY_PATH_SIZE];
	int fd, rc;

	if (mkdir(PATH_NOTIFY, 0711) < 0 && errno != EEXIST)
		return -errno;
	fd = unix_socket_bind(SOCK_DGRAM, notify_path(path, s));
	if (fd < 0)
		return fd;
	/* The group has no rights, but must be one that is mapped inside: else
	 * root in there, whom modes don't bind, would not count as its root. */
	if (lchown(path, s->uid_base + s->uid, s->uid_base + s->gid) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

/* CMSG_NXTHDR(3).  musl's own compares a difference of pointers with a size, which
 * clang warns of wherever it is used. */
static struct cmsghdr *next_row(const struct msghdr *msg, struct cmsghdr *row)
{
	const uint8_t *end = (uint8_t *)msg->msg_control + msg->msg_controllen;
	size_t left = (size_t)(end - (uint8_t *)row);
	size_t bytes = CMSG_ALIGN((size_t)row->cmsg_len);

	if (row->cmsg_len < sizeof(*row) || bytes > left || left - bytes < sizeof(*row))
		return NULL;
	return (struct cmsghdr *)((uint8_t *)row + bytes);
}

/* Each row of ancillary data holds fds: nothing else was asked for. */
static void dispose_of_rights(struct msghdr *msg)
{
	int fds[FDS_MAX];
	unsigned count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = next_row(msg, c)) {
		size_t bytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS ||
		    bytes > sizeof(fds) - count * sizeof(int))
			continue;
		memcpy(fds + count, CMSG_DATA(c), bytes);
		count += (unsigned)(bytes / sizeof(int));
	}
	if (count)
		dispose_fds(fds, count);
}

/* There is room for every fd that may come: the kernel would close those for
 * which there is none, here and now. */
static int receive(int fd, char *bytes, size_t size)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = bytes, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | MSG_TRUNC);

	if (n < 0)
		return -errno;
	dispose_of_rights(&msg);
	return (size_t)n > size ? -EMSGSIZE : (int)n;
}

int notify_receive(int fd, char *bytes)
{
	return receive(fd, bytes, NOTIFY_MESSAGE_MAX);
}

void notify_drain(int fd)
{
	char byte;

	for (int i = 0; i < QUEUE_MAX; i++) {
		int rc = receive(fd, &byte, sizeof(byte));

		if (rc < 0 && rc != -EMSGSIZE)
			return;
	}
}

void notify_close(int fd)
{
	dispose_fds(&fd, 1);
}
