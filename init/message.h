/*
 * One message of a SOCK_SEQPACKET connection, and at most one fd that goes along
 * with it (unix(7), SCM_RIGHTS): for both ends of the control socket.
 */
#ifndef PITH_MESSAGE_H
#define PITH_MESSAGE_H

#include <stddef.h>

/* flags are those of send(2); MSG_NOSIGNAL is added.  fd goes along if it is not
 * 0; the caller keeps it.  0 or -errno. */
int message_send(int socket, const void *bytes, size_t len, int fd, int flags);

/*
 * flags are those of recv(2); MSG_CMSG_CLOEXEC is added.  Returns the message's
 * length, 0 at the end of the connection, -EMSGSIZE if it had more bytes or more
 * fds than there is room for, or -errno.  *fd is 0 or the one that came along,
 * and is the caller's whatever is returned; the kernel closes any other.
 */
int message_receive(int socket, void *bytes, size_t len, int *fd, int flags);

#endif
