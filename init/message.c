/*
 * Packs a message and its fd for the kernel, and unpacks them.  Refuses to know
 * what the bytes say.
 */
#include "message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

union rights {
	struct cmsghdr row;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int message_send(int socket, const void *bytes, size_t len, int fd, int flags)
{
	union rights control = { .bytes = { 0 } };
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = len };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		control.row.cmsg_level = SOL_SOCKET;
		control.row.cmsg_type = SCM_RIGHTS;
		control.row.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.row), &fd, sizeof(fd));
	}
	return sendmsg(socket, &msg, flags | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int take_fd(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd = 0;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

int message_receive(int socket, void *bytes, size_t len, int *fd, int flags)
{
	union rights control;
	struct iovec part = { .iov_base = bytes, .iov_len = len };
	struct msghdr msg = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		/* CMSG_SPACE's padding has room for a second fd. */
		.msg_controllen = CMSG_LEN(sizeof(*fd)),
	};
	ssize_t n = recvmsg(socket, &msg, flags | MSG_CMSG_CLOEXEC);

	*fd = 0;
	if (n < 0)
		return -errno;
	*fd = take_fd(&msg);
	return msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EMSGSIZE : (int)n;
}
