/*
 * The socket side of netlink: sends a batch, gathers the kernel's answers,
 * and decides whether all of it was done.  It refuses to know what was asked,
 * to wait, and to read a field of an answer itself (nlsock_parse.c does).
 *
 * Every send reads until nothing is left, also after an error: an answer that
 * stayed behind would be taken for one to the next batch.
 */
#include "nlsock.h"

#include <errno.h>
#include <limits.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

/* An acknowledgement quotes only the header it answers (NETLINK_CAP_ACK): 36
 * bytes, then the kernel's words (see NLSOCK_TEXT_SIZE), an offset, and at
 * most the type and limits of a policy, below 100 bytes. */
#define ACK_SIZE 512

/* What the kernel says about one link without its statistics: about 1.5 KB
 * for a bridge, the most talkative kind that pith asks about. */
#define LINK_SIZE 4096

/* More answers than the default receive buffer (212,992 bytes, at least 512
 * accounted for each) can hold, so this many were not all the kernel's. */
#define ANSWERS_MAX 512

int nlsock_receive(int fd, void *buf, size_t size)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t len = recvmsg(fd, &msg, MSG_DONTWAIT);

	if (len < 0)
		return -errno;
	if (msg.msg_namelen != sizeof(from) || from.nl_pid)
		return 0;
	if (msg.msg_flags & MSG_TRUNC)
		return -EBADMSG;
	return (int)len;
}

/* Reads all answers to a batch; the first error is the result. */
static int gather(int fd, uint32_t seq, struct nlsock_error *err)
{
	struct nlsock_error later = { 0 };
	uint8_t answer[ACK_SIZE];
	int result = 0, acknowledged = 0, ret;

	for (int i = 0; i < ANSWERS_MAX; i++) {
		ret = nlsock_receive(fd, answer, sizeof(answer));
		if (ret == -EAGAIN)
			break;
		if (ret > 0)
			ret = nlsock_parse_ack(answer, (size_t)ret, seq,
					       result ? &later : err);
		if (ret < 0 && !result)
			result = ret;
		acknowledged |= ret > 0;
	}
	if (!result && !acknowledged)
		return -ENODATA;
	return result;
}

/* Without an address it goes to the kernel, as one datagram.  One that is longer than
 * the send buffer gets a longer one: the kernel doubles what it is told, for overhead. */
static int send_all(int fd, const void *bytes, size_t len)
{
	const int size = len < INT_MAX ? (int)len : INT_MAX;

	if (send(fd, bytes, len, MSG_DONTWAIT) >= 0)
		return 0;
	if (errno != EMSGSIZE ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    send(fd, bytes, len, MSG_DONTWAIT) < 0)
		return -errno;
	return 0;
}

int nlsock_send_bytes(int fd, const void *bytes, size_t len,
		      struct nlsock_error *err)
{
	struct nlsock_error unread;
	uint32_t seq = 0;
	int ret;

	if (!err)
		err = &unread;
	*err = (struct nlsock_error){ 0 };
	ret = nlsock_parse_batch(bytes, len, &seq);
	if (ret)
		return ret;
	ret = send_all(fd, bytes, len);
	if (ret)
		return ret;
	return gather(fd, seq, err);
}

int nlsock_send(int fd, const struct nlmsg *m, struct nlsock_error *err)
{
	if (!m->error)
		return nlsock_send_bytes(fd, m->buf, m->len, err);
	if (err)
		*err = (struct nlsock_error){ 0 };
	return m->error;
}

int nlsock_link_index(int fd, const char *name)
{
	static const struct ifinfomsg any = { .ifi_family = AF_UNSPEC };
	uint8_t buf[LINK_SIZE];
	struct nlmsg m;
	int ret;

	nlmsg_init(&m, buf, sizeof(buf));
	nlmsg_begin(&m, RTM_GETLINK, 0, &any, sizeof(any));
	nlmsg_put_str(&m, IFLA_IFNAME, name);
	nlmsg_put_u32(&m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	nlmsg_end_quiet(&m);
	if (m.error)
		return m.error;
	if (send(fd, m.buf, m.len, MSG_DONTWAIT) < 0)
		return -errno;

	/* It is answered once, by the link or by an error. */
	for (int i = 0; i < ANSWERS_MAX; i++) {
		ret = nlsock_receive(fd, buf, sizeof(buf));
		if (ret > 0)
			ret = nlsock_parse_link(buf, (size_t)ret, m.seq);
		if (ret)
			return ret == -EAGAIN ? -ENODATA : ret;
	}
	return -ENODATA;
}

int nlsock_open(int protocol)
{
	static const int options[] = { NETLINK_CAP_ACK, NETLINK_EXT_ACK };
	const int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
			protocol);
	int error;

	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (setsockopt(fd, SOL_NETLINK, options[i], &on, sizeof(on))) {
			error = -errno;
			close(fd);
			return error;
		}
	}
	return fd;
}
