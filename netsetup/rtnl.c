/*
 * The socket side of rtnl.h: asks, fetches part after part, and decides when a
 * dump has to be started over.  It refuses to know what is in a part.
 *
 * A dump is fetched to its end also after an error: the kernel begins no other
 * one on that socket before.
 */
#include "rtnl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "nlmsg.h"
#include "nlsock.h"

/* A header and one attribute. */
#define QUESTION_SIZE 64

/* No part is without an item, and no board has this many: whoever makes
 * interfaces faster than they are read does not keep PID 1 for ever. */
#define PARTS_MAX 4096

#define EVENTS_MAX 256

/* All three kinds of question begin with the family and are else zero. */
static int ask(int fd, uint16_t type, uint8_t family, uint32_t seq)
{
	const struct ifinfomsg link = { .ifi_family = family };
	const struct ifaddrmsg addr = { .ifa_family = family };
	const struct rtmsg route = { .rtm_family = family };
	uint8_t buf[QUESTION_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	m.seq = seq - 1;
	if (type == RTM_GETLINK) {
		nlmsg_begin(&m, type, NLM_F_DUMP, &link, sizeof(link));
		nlmsg_put_u32(&m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	} else if (type == RTM_GETADDR) {
		nlmsg_begin(&m, type, NLM_F_DUMP, &addr, sizeof(addr));
	} else if (type == RTM_GETROUTE) {
		nlmsg_begin(&m, type, NLM_F_DUMP, &route, sizeof(route));
	} else {
		nlmsg_fail(&m, -EINVAL);
	}
	nlmsg_end_quiet(&m);
	if (m.error)
		return m.error;
	return send(fd, m.buf, m.len, MSG_DONTWAIT) < 0 ? -errno : 0;
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

/* Fetches one dump to its end.  Returns as rtnl_dump does, 1 for one that has
 * to be started over. */
static int fetch(int fd, uint32_t seq, void *buf, size_t size, const struct rtnl_taker *taker)
{
	bool interrupted = false;

	for (int i = 0; i < PARTS_MAX; i++) {
		int ret = nlsock_receive(fd, buf, size);

		if (ret == -EAGAIN)
			return -ENODATA;
		if (ret > 0)
			ret = rtnl_parse_dump(buf, (size_t)ret, seq, &interrupted, taker);
		if (ret > 0)
			return interrupted;
		if (ret < 0) {
			drain(fd, buf, size);
			return ret;
		}
	}
	return -EOVERFLOW;
}

int rtnl_dump(int fd, uint16_t type, uint8_t family, void *buf, size_t size,
	      const struct rtnl_taker *taker)
{
	for (uint32_t seq = 1; seq <= RTNL_TRIES; seq++) {
		int ret = taker->take(taker->context, NULL);

		if (!ret)
			ret = ask(fd, type, family, seq);
		if (!ret)
			ret = fetch(fd, seq, buf, size, taker);
		if (ret <= 0)
			return ret;
	}
	return -EINTR;
}

int rtnl_subscribe(int fd, uint32_t group)
{
	if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)))
		return -errno;
	return 0;
}

int rtnl_take_events(int fd, void *buf, size_t size, const struct rtnl_taker *taker)
{
	for (int i = 0; i < EVENTS_MAX; i++) {
		int ret = nlsock_receive(fd, buf, size);

		if (ret == -EAGAIN)
			return 0;
		if (ret > 0)
			ret = rtnl_parse_events(buf, (size_t)ret, taker);
		if (ret < 0)
			return ret;
	}
	return -EAGAIN;
}
