/*
 * Decides what follows from the state of an interface and which messages give it
 * what the table and a lease say.  Refuses to know when it is asked, and what became
 * of the messages.
 */
#include "uplink_plan.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "netsetup/addr.h"
#include "netsetup/link.h"
#include "netsetup/route.h"

#define IPV6_SIZE 16

unsigned uplink_changes(const struct state_uplink *is, bool set_up,
			const struct uplink_seen *seen)
{
	unsigned changes = 0;

	if (is->index && seen->index != is->index)
		changes |= UPLINK_GONE;
	if (seen->index && seen->index != is->index)
		changes |= UPLINK_APPEARED | UPLINK_SET_UP;
	else if (seen->index && seen->up && (!set_up || seen->fell))
		changes |= UPLINK_SET_UP;
	if (is->carrier && (!seen->carrier || seen->fell))
		changes |= UPLINK_WENT;
	if (seen->carrier && (!is->carrier || seen->fell))
		changes |= UPLINK_CAME;
	return changes;
}

static bool shares_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	return !memcmp(a, b, bits / 8) &&
	       (bits % 8 == 0 || !((a[bits / 8] ^ b[bits / 8]) >> (8 - bits % 8)));
}

/* One of the link alone needs no address to be reached by. */
static bool is_of_link(const uint8_t *ipv6)
{
	return ipv6[0] == 0xfe && (ipv6[1] & 0xc0) == 0x80;
}

/* A gateway outside of the interface's subnet is taken to be on the link. */
static void put_default_ipv4(struct nlmsg *m, const struct uplink *uplink, int32_t index,
			     uint32_t gateway, uint32_t address, uint8_t prefix)
{
	const uint32_t to = htonl(gateway), from = htonl(address);

	route_put(m, &(struct route){
		.family = AF_INET, .gateway = (const uint8_t *)&to, .index = index,
		.metric = uplink->metric,
		.onlink = !shares_bits((const uint8_t *)&to, (const uint8_t *)&from, prefix),
	});
}

void uplink_put_own(struct nlmsg *m, const struct uplink *uplink, int32_t index)
{
	link_put_up(m, uplink->name);
	if (uplink->address)
		addr_put_ipv4(m, index, uplink->address, uplink->prefix);
	/* Its neighbours are not of our plan: the kernel asks whether one of them has
	 * the address too. */
	if (uplink->ipv6)
		addr_put_ipv6(m, index, uplink->address6, uplink->prefix6, 0);
	if (uplink->gateway)
		put_default_ipv4(m, uplink, index, uplink->gateway, uplink->address,
				 uplink->prefix);
	if (uplink->gateway_ipv6)
		route_put(m, &(struct route){
			.family = AF_INET6, .gateway = uplink->gateway6, .index = index,
			.metric = uplink->metric,
			.onlink = !is_of_link(uplink->gateway6) &&
				  !shares_bits(uplink->gateway6, uplink->address6,
					       uplink->prefix6),
		});
}

void uplink_put_lease(struct nlmsg *m, const struct uplink *uplink, int32_t index,
		      const struct lease *lease)
{
	addr_put_ipv4(m, index, lease->address, lease->prefix);
	if (lease->gateway)
		put_default_ipv4(m, uplink, index, lease->gateway, lease->address,
				 lease->prefix);
}

/* The next one's route has replaced the one of the same metric. */
void uplink_put_lease_end(struct nlmsg *m, const struct uplink *uplink, int32_t index,
			  const struct lease *lease, const struct lease *next)
{
	if (lease->gateway && (!next || !next->gateway))
		route_put_removal(m, &(struct route){
			.family = AF_INET, .index = index, .metric = uplink->metric,
		});
	if (!next || next->address != lease->address || next->prefix != lease->prefix)
		addr_put_removal_ipv4(m, index, lease->address, lease->prefix);
}

bool uplink_same_address(const struct lease *a, const struct lease *b)
{
	return a->address == b->address && a->prefix == b->prefix && a->gateway == b->gateway;
}

bool uplink_has_address(const struct uplink *uplink, const struct lease *lease,
			uint8_t family, const uint8_t *address, uint8_t prefix)
{
	uint32_t ipv4;

	if (family == AF_INET6)
		return uplink->ipv6 && prefix == uplink->prefix6 &&
		       !memcmp(address, uplink->address6, IPV6_SIZE);
	memcpy(&ipv4, address, sizeof(ipv4));
	ipv4 = ntohl(ipv4);
	return (ipv4 == uplink->address && prefix == uplink->prefix) ||
	       (ipv4 == lease->address && prefix == lease->prefix);
}

/* --- The filter ------------------------------------------------------------------- */

/* The name is compared word by word, with its NUL and the zeros that the kernel pads
 * an attribute with.  Words are in network order, as the filter loads them. */
static unsigned put_name(struct sock_filter *to, unsigned n, const char *name)
{
	unsigned words = (unsigned)strlen(name) / 4 + 1;
	char padded[RTNL_NAME_SIZE] = "";

	memcpy(padded, name, strlen(name));
	for (unsigned i = 0; i < words; i++) {
		uint32_t word;

		memcpy(&word, padded + 4 * i, 4);
		to[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_IND,
						       sizeof(struct rtattr) + 4 * i);
		/* To the next name: over the words that are left, and the return. */
		to[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(word),
						       0, (uint8_t)(2 * (words - 1 - i) + 1));
	}
	to[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
	return n;
}

/* X becomes the offset of the attribute: SKF_AD_NLATTR of linux/filter.h looks for
 * the type in X from the offset in A on. */
unsigned uplink_filter(struct sock_filter *to, const struct uplink *uplinks, unsigned count)
{
	const struct sock_filter find[] = {
		BPF_STMT(BPF_LD | BPF_IMM, NLMSG_LENGTH(sizeof(struct ifinfomsg))),
		BPF_STMT(BPF_LDX | BPF_IMM, IFLA_IFNAME),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)SKF_AD_OFF + SKF_AD_NLATTR),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
	};
	unsigned n = sizeof(find) / sizeof(find[0]);

	memcpy(to, find, sizeof(find));
	for (unsigned i = 0; i < count; i++)
		n = put_name(to, n, uplinks[i].name);
	to[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	return n;
}
