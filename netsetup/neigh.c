/*
 * Encodes RTM_NEWNEIGH for entries that never age.  It refuses to know
 * interfaces by name, and who has which address.
 */
#include "neigh.h"

#include <endian.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

static void put(struct nlmsg *m, uint8_t family, int32_t ifindex, const void *address,
		size_t size, const uint8_t *mac)
{
	const struct ndmsg header = {
		.ndm_family = family,
		.ndm_ifindex = ifindex,
		.ndm_state = NUD_PERMANENT,
	};

	nlmsg_begin(m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &header, sizeof(header));
	nlmsg_put(m, NDA_DST, address, size);
	nlmsg_put(m, NDA_LLADDR, mac, LINK_MAC_SIZE);
	nlmsg_end(m);
}

void neigh_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		    const uint8_t mac[LINK_MAC_SIZE])
{
	const uint32_t be = htobe32(address);

	put(m, AF_INET, ifindex, &be, sizeof(be), mac);
}

void neigh_put_ipv6(struct nlmsg *m, int32_t ifindex, const uint8_t address[16],
		    const uint8_t mac[LINK_MAC_SIZE])
{
	put(m, AF_INET6, ifindex, address, 16, mac);
}
