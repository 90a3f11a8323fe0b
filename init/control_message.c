/*
 * Decides what is a request, and puts an answer into bytes.  Refuses to know
 * whose connection it is and what the request means.
 */
#include "control_message.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "service.h"

/* Takes every fd that came: one is let in, the kernel closes the others. */
static int take_fd(struct msghdr *msg)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(msg);
	int fd = 0;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(fd)))
		memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

static bool is_ours(const struct control_request *request, int fd)
{
	return request->magic == CONTROL_MAGIC && request->version == CONTROL_VERSION &&
	       request->verb < CONTROL_VERB_COUNT && (!fd || request->verb == CONTROL_REEXEC);
}

int control_receive(int socket, struct control_request *request, int *fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(*fd))];
	} control;
	struct iovec part = { .iov_base = request, .iov_len = sizeof(*request) };
	struct msghdr msg = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		/* CMSG_SPACE's padding has room for a second fd. */
		.msg_controllen = CMSG_LEN(sizeof(*fd)),
	};
	ssize_t n = recvmsg(socket, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n < 0)
		return -errno;
	*fd = take_fd(&msg);
	if (n != sizeof(*request) || msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ||
	    !is_ours(request, *fd))
		return -EPROTO;
	return 0;
}

int control_send(int socket, int result, int fd)
{
	struct control_answer answer = {
		.magic = CONTROL_MAGIC,
		.result = result,
		.table = board.fingerprint,
	};
	union {
		struct cmsghdr row;
		char bytes[CMSG_SPACE(sizeof(fd))];
	} control = { .bytes = { 0 } };
	struct iovec part = { .iov_base = &answer, .iov_len = sizeof(answer) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd) {
		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		control.row.cmsg_level = SOL_SOCKET;
		control.row.cmsg_type = SCM_RIGHTS;
		control.row.cmsg_len = CMSG_LEN(sizeof(fd));
		memcpy(CMSG_DATA(&control.row), &fd, sizeof(fd));
	}
	return sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}
