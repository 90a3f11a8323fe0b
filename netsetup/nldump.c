/*
 * The socket side of a dump: asks, fetches part after part, and decides when it
 * has to be started over.  It refuses to know what is in a part.
 *
 * A dump is fetched to its end also after an error: the kernel begins no other
 * one on that socket before.
 */
#include "nldump.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "nlsock.h"

/* No part is without an item, and no board has this many: whoever makes
 * interfaces faster than they are read does not keep PID 1 for ever. */
#define PARTS_MAX 4096

static int ask(int fd, const struct nlmsg *question, uint32_t seq)
{
	struct nlmsghdr header;

	if (question->error)
		return question->error;
	memcpy(&header, question->buf, sizeof(header));
	header.nlmsg_seq = seq;
	memcpy(question->buf, &header, sizeof(header));
	return send(fd, question->buf, question->len, MSG_DONTWAIT) < 0 ? -errno : 0;
}

/* Throws away what is left of a dump. */
static void drain(int fd, void *buf, size_t size)
{
	for (int i = 0; i < PARTS_MAX; i++) {
		int ret = nlsock_receive(fd, buf, size);

		if (ret < 0 && ret != -EBADMSG && ret != -ENOBUFS)
			return;
	}
}

/* Fetches one dump to its end.  Returns as nldump does, 1 for one that has to be
 * started over. */
static int fetch(int fd, uint32_t seq, void *buf, size_t size, const struct nldump_taker *taker)
{
	bool interrupted = false;

	for (int i = 0; i < PARTS_MAX; i++) {
		int ret = nlsock_receive(fd, buf, size);

		if (ret == -EAGAIN)
			return -ENODATA;
		if (ret > 0)
			ret = nldump_parse(buf, (size_t)ret, seq, &interrupted, taker);
		if (ret > 0)
			return interrupted;
		if (ret < 0) {
			drain(fd, buf, size);
			return ret;
		}
	}
	return -EOVERFLOW;
}

int nldump(int fd, const struct nlmsg *question, void *buf, size_t size,
	   const struct nldump_taker *taker)
{
	for (uint32_t seq = 1; seq <= NLDUMP_TRIES; seq++) {
		int ret = taker->take(taker->context, NULL, (struct nlread){ 0 });

		if (!ret)
			ret = ask(fd, question, seq);
		if (!ret)
			ret = fetch(fd, seq, buf, size, taker);
		if (ret <= 0)
			return ret;
	}
	return -EINTR;
}
