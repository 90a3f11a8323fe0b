/*
 * What may pass, in the order in which a packet is asked.  Who is in which set is
 * firewall_rows.c's.
 */
#include "firewall_rule.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter_bridge.h>
#include <linux/netfilter_ipv4.h>

/* linux/icmpv6.h has what the kernel itself speaks of, and not these. */
#define ICMPV6_NEIGHBOUR_SOLICITATION 135
#define ICMPV6_NEIGHBOUR_ADVERTISEMENT 136
#define ICMPV6_REDIRECT 137

#define ESTABLISHED NF_CT_STATE_BIT(IP_CT_ESTABLISHED)
#define RELATED NF_CT_STATE_BIT(IP_CT_RELATED)

static const uint8_t any_ipv6[NFT_IPV6_SIZE] = { 0 };

/* Before anything is known of a connection, and before fragments that came by different
 * interfaces are put together: what says that it comes from a service, and
 * does not come from a bridge.  (On the bridges it is table bridge that sees to it.) */
static void put_sources(struct firewall *f)
{
	firewall_put_chain(f, "spoofed");
	firewall_count_in(f, FIREWALL_SET_SPOOFED);
	firewall_begin(f);
	firewall_end_with(f, NF_DROP);

	firewall_put_base_chain(f, "sources", "filter", NF_INET_PRE_ROUTING,
				NF_IP_PRI_RAW_BEFORE_DEFRAG, NF_ACCEPT);
	firewall_begin(f);
	nft_match_iifname(&f->m, "lo");
	firewall_end_with(f, NF_ACCEPT);
	firewall_accept_in(f, FIREWALL_SET_BRIDGES);
	for (size_t i = 0; i < f->plan->bridge_count; i++) {
		const struct firewall_bridge *bridge = &f->plan->bridges[i];

		firewall_begin(f);
		nft_match_nfproto(&f->m, NFPROTO_IPV4);
		nft_match_saddr_ipv4(&f->m, bridge->address, bridge->prefix);
		firewall_end_with_goto(f, "spoofed");
		if (!bridge->address6)
			continue;
		firewall_begin(f);
		nft_match_nfproto(&f->m, NFPROTO_IPV6);
		nft_match_saddr_ipv6(&f->m, bridge->address6, 64);
		firewall_end_with_goto(f, "spoofed");
	}
}

/* What belongs to a connection that was let in, errors among it; but no redirects, which
 * would change the routes of whoever gets them. */
static void put_known(struct firewall *f)
{
	firewall_put_chain(f, "known");
	firewall_begin(f);
	nft_match_ct_state(&f->m, ESTABLISHED);
	firewall_end_with(f, NF_ACCEPT);
	firewall_begin_icmp(f, ICMP_REDIRECT);
	firewall_end_with(f, NF_DROP);
	firewall_begin_icmpv6(f, ICMPV6_REDIRECT);
	firewall_end_with(f, NF_DROP);
	firewall_begin(f);
	nft_match_ct_state(&f->m, RELATED);
	firewall_end_with(f, NF_ACCEPT);
	firewall_begin(f);
	nft_match_ct_state(&f->m, NF_CT_STATE_INVALID_BIT);
	firewall_end_with(f, NF_DROP);
}

/* The caller is to fail at once.  TCP takes only a reset for that: what ICMP says while
 * connect(2) still holds the socket counts for nothing, and it asks again a second later. */
static void put_refuse(struct firewall *f)
{
	firewall_put_chain(f, "refuse");
	firewall_begin(f);
	nft_match_l4proto(&f->m, IPPROTO_TCP);
	nft_put_reject_tcp(&f->m);
	firewall_end(f);
	firewall_begin(f);
	nft_put_reject(&f->m);
	firewall_end(f);
}

/* From a bridge, to other services, the outside or the board: table bridge has made
 * sure that the address is that of the service. */
static void put_from_service(struct firewall *f)
{
	static const enum firewall_set outside[] = {
		FIREWALL_SET_OUTSIDE4, FIREWALL_SET_OUTSIDE6,
	};

	firewall_put_chain(f, "from_service");
	firewall_accept_in(f, FIREWALL_SET_ALLOW4);
	firewall_accept_in(f, FIREWALL_SET_ALLOW6);
	for (size_t i = 0; i < 2; i++) {
		if (!f->has[outside[i]])
			continue;
		firewall_begin(f);
		nft_match_set(&f->m, &firewall_to_uplinks);
		nft_match_set(&f->m, &firewall_sets[outside[i]]);
		firewall_end_with(f, NF_ACCEPT);
	}
	firewall_count_in(f, FIREWALL_SET_REFUSED4);
	firewall_count_in(f, FIREWALL_SET_REFUSED6);
	firewall_begin(f);
	firewall_end_with_goto(f, "refuse");
}

static void jump_to_known(struct firewall *f)
{
	firewall_begin(f);
	nft_put_jump(&f->m, "known");
	firewall_end(f);
}

static void put_forward(struct firewall *f)
{
	firewall_put_base_chain(f, "forward", "filter", NF_INET_FORWARD, NF_IP_PRI_FILTER, NF_DROP);
	jump_to_known(f);
	if (FIREWALL_IN(f, FIREWALL_SET_BRIDGES))
		firewall_end_with_goto(f, "from_service");
	if (FIREWALL_IN(f, FIREWALL_SET_UPLINKS)) {
		nft_match_ct_status(&f->m, IPS_DST_NAT);
		firewall_end_with(f, NF_ACCEPT);
	}
	firewall_count_in(f, FIREWALL_SET_REFUSED);
}

/* Neighbours of the board on its uplinks find it so, and without an answer to a query a
 * switch would soon keep their questions back.  On bridges all neighbours are known; and
 * the board listens to no router. */
static void accept_neighbours(struct firewall *f)
{
	static const uint8_t types[] = {
		ICMPV6_NEIGHBOUR_SOLICITATION, ICMPV6_NEIGHBOUR_ADVERTISEMENT, ICMPV6_MGM_QUERY,
	};

	for (size_t i = 0; f->plan->uplink_count && i < sizeof(types); i++) {
		firewall_begin(f);
		nft_match_set(&f->m, &firewall_sets[FIREWALL_SET_UPLINKS]);
		nft_match_nfproto(&f->m, NFPROTO_IPV6);
		nft_match_l4proto(&f->m, IPPROTO_ICMPV6);
		nft_match_icmp_type(&f->m, types[i]);
		firewall_end_with(f, NF_ACCEPT);
	}
}

/* To the board itself.  A DHCP client needs no rule: it asks by a packet socket, and what
 * answers a renewal belongs to a connection. */
static void put_input(struct firewall *f)
{
	firewall_put_base_chain(f, "input", "filter", NF_INET_LOCAL_IN, NF_IP_PRI_FILTER, NF_DROP);
	firewall_begin(f);
	nft_match_iifname(&f->m, "lo");
	firewall_end_with(f, NF_ACCEPT);
	jump_to_known(f);
	firewall_begin_icmp(f, ICMP_ECHO);
	firewall_end_with(f, NF_ACCEPT);
	firewall_begin_icmpv6(f, ICMPV6_ECHO_REQUEST);
	firewall_end_with(f, NF_ACCEPT);
	firewall_accept_in(f, FIREWALL_SET_OPEN);
	if (FIREWALL_IN(f, FIREWALL_SET_BRIDGES, FIREWALL_SET_OFFERED))
		firewall_end_with(f, NF_ACCEPT);
	if (FIREWALL_IN(f, FIREWALL_SET_BRIDGES))
		firewall_end_with_goto(f, "from_service");
	accept_neighbours(f);
	if (FIREWALL_IN(f, FIREWALL_SET_UPLINKS, FIREWALL_SET_PUBLISHED_HERE))
		firewall_end_with(f, NF_ACCEPT);
	firewall_count_in(f, FIREWALL_SET_REFUSED);
}

/* From the board.  Services in its network are known by who opened the socket, and a
 * published port has been followed to its service by now: so the address is looked at,
 * and not the interface, which is still that of before. */
static void put_output(struct firewall *f)
{
	static const enum firewall_set refused[] = {
		FIREWALL_SET_BOARD_REFUSED4, FIREWALL_SET_BOARD_REFUSED6,
	};

	firewall_put_base_chain(f, "output", "filter", NF_INET_LOCAL_OUT, NF_IP_PRI_FILTER,
				NF_ACCEPT);
	firewall_begin_icmp(f, ICMP_REDIRECT);
	firewall_end_with(f, NF_DROP);
	firewall_begin_icmpv6(f, ICMPV6_REDIRECT);
	firewall_end_with(f, NF_DROP);
	if (!f->has[FIREWALL_SET_BOARD_REFUSED4])
		return;
	firewall_begin(f);
	nft_match_ct_state(&f->m, ESTABLISHED | RELATED);
	firewall_end_with(f, NF_ACCEPT);
	firewall_begin(f);
	nft_match_daddr_local(&f->m);
	firewall_end_with(f, NF_ACCEPT);
	firewall_accept_in(f, FIREWALL_SET_BOARD_ALLOW4);
	firewall_accept_in(f, FIREWALL_SET_BOARD_ALLOW6);
	for (size_t i = 0; i < 2; i++)
		if (FIREWALL_IN(f, refused[i]))
			firewall_end_with_goto(f, "refuse");
}

void firewall_put_filter(struct firewall *f)
{
	put_sources(f);
	put_known(f);
	put_refuse(f);
	put_from_service(f);
	put_forward(f);
	put_input(f);
	put_output(f);
}

/* From each port only what is its service's: MAC and address.  Neighbours are permanent
 * on both sides, so there is no ARP and no neighbour discovery to let pass.  Without an
 * address there are only an interface's first words in IPv6, in which there is no harm
 * and for which there is no use: they are not counted.  From port to port nothing passes,
 * even if the ports were not isolated. */
void firewall_put_bridge(struct firewall *f)
{
	firewall_put_base_chain(f, "prerouting", "filter", NF_BR_PRE_ROUTING,
				NF_BR_PRI_FILTER_BRIDGED, NF_DROP);
	firewall_accept_in(f, FIREWALL_SET_PORTS4);
	firewall_accept_in(f, FIREWALL_SET_PORTS6);
	firewall_begin(f);
	nft_match_ethertype(&f->m, ETH_P_IPV6);
	nft_match_saddr_ipv6(&f->m, any_ipv6, 128);
	firewall_end_with(f, NF_DROP);
	firewall_count_in(f, FIREWALL_SET_PORT_SPOOFED);

	firewall_put_base_chain(f, "forward", "filter", NF_BR_FORWARD, NF_BR_PRI_FILTER_BRIDGED,
				NF_DROP);
}
