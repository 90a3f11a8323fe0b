/*
 * The socket side of rtnl.h: asks its questions, and takes changes as they come.
 * It refuses to know what is in an answer.
 */
#include "rtnl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "nldump.h"
#include "nlmsg.h"
#include "nlsock.h"

/* A header and one attribute. */
#define QUESTION_SIZE 64

#define EVENTS_MAX 256

/* All three kinds of question begin with the family and are else zero. */
static void put_question(struct nlmsg *m, uint16_t type, uint8_t family)
{
	const struct ifinfomsg link = { .ifi_family = family };
	const struct ifaddrmsg addr = { .ifa_family = family };
	const struct rtmsg route = { .rtm_family = family };

	if (type == RTM_GETLINK) {
		nlmsg_begin(m, type, NLM_F_DUMP, &link, sizeof(link));
		nlmsg_put_u32(m, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	} else if (type == RTM_GETADDR) {
		nlmsg_begin(m, type, NLM_F_DUMP, &addr, sizeof(addr));
	} else if (type == RTM_GETROUTE) {
		nlmsg_begin(m, type, NLM_F_DUMP, &route, sizeof(route));
	} else {
		nlmsg_fail(m, -EINVAL);
	}
	nlmsg_end_quiet(m);
}

int rtnl_dump(int fd, uint16_t type, uint8_t family, void *buf, size_t size,
	      const struct rtnl_taker *taker)
{
	const struct nldump_taker each = { rtnl_take_message, (void *)taker };
	uint8_t question[QUESTION_SIZE];
	struct nlmsg m;

	nlmsg_init(&m, question, sizeof(question));
	put_question(&m, type, family);
	return nldump(fd, &m, buf, size, &each);
}

/* The kernel sends nothing to a socket without an address of its own, which is 0 and
 * so the kernel's.  -EINVAL: it has one, since something was sent by it. */
int rtnl_subscribe(int fd, uint32_t group)
{
	const struct sockaddr_nl any = { .nl_family = AF_NETLINK };

	if (bind(fd, (const struct sockaddr *)&any, sizeof(any)) && errno != EINVAL)
		return -errno;
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
