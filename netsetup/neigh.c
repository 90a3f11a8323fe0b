/*
 * Encodes RTM_NEWNEIGH for entries that never age.  It refuses to know
 * interfaces by name, and who has which address.
 */
#include "neigh.h"

#include <endian.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

static void put(struct nlmsg *m, const struct ndmsg *header, const void *address,
		size_t size, const uint8_t *mac)
{
	nlmsg_begin(m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, header, sizeof(*header));
	if (size)
		nlmsg_put(m, NDA_DST, address, size);
	nlmsg_put(m, NDA_LLADDR, mac, LINK_MAC_SIZE);
	nlmsg_end(m);
}

static struct ndmsg permanent(uint8_t family, int32_t ifindex)
{
	return (struct ndmsg){
		.ndm_family = family,
		.ndm_ifindex = ifindex,
		.ndm_state = NUD_PERMANENT,
	};
}

void neigh_put_ipv4(struct nlmsg *m, int32_t ifindex, uint32_t address,
		    const uint8_t mac[LINK_MAC_SIZE])
{
	const struct ndmsg header = permanent(AF_INET, ifindex);
	const uint32_t be = htobe32(address);

	put(m, &header, &be, sizeof(be), mac);
}

void neigh_put_ipv6(struct nlmsg *m, int32_t ifindex, const uint8_t address[16],
		    const uint8_t mac[LINK_MAC_SIZE])
{
	const struct ndmsg header = permanent(AF_INET6, ifindex);

	put(m, &header, address, 16, mac);
}

/* As bridge(8) says "static".  NUD_PERMANENT would be an address of the bridge's own. */
void neigh_put_bridge(struct nlmsg *m, int32_t port, const uint8_t mac[LINK_MAC_SIZE])
{
	put(m, &(struct ndmsg){
		.ndm_family = AF_BRIDGE,
		.ndm_ifindex = port,
		.ndm_state = NUD_NOARP | NUD_REACHABLE,
		.ndm_flags = NTF_MASTER,
	}, NULL, 0, mac);
}
