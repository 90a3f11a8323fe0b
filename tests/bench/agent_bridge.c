/*
 * The bridge that every contender's services are on, as pith makes its own.
 */
#include "agent.h"

#include <string.h>
#include <sys/socket.h>
#include <linux/netlink.h>
#include <unistd.h>

#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/nlsock.h"

void agent_bridge(void)
{
	static const uint8_t address6[ADDR_IPV6_SIZE] = { 0xfd, 0x77, [15] = 1 };
	static const uint8_t mac[LINK_MAC_SIZE] = { 2, 0, 0x0a, 0x4d, 0, 1 };
	const int32_t index = 100;
	uint8_t buf[1024];
	struct nlsock_error err;
	struct nlmsg m;
	int fd = nlsock_open(NETLINK_ROUTE), rc;

	nlmsg_init(&m, buf, sizeof(buf));
	link_put_up(&m, "lo");
	link_put_bridge(&m, &(struct link_bridge){ .name = "br0", .index = index, .mac = mac });
	addr_put_ipv4(&m, index, 0x0a4d0001, 16);
	addr_put_ipv6(&m, index, address6, 64, ADDR_NODAD);
	rc = nlsock_send(fd, &m, &err);
	if (rc < 0)
		agent_fail("br0", err.text[0] ? err.text : strerror(-rc));
	close(fd);
}
