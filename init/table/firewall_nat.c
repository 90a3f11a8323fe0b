/*
 * Whose addresses are translated: published ports lead to their services, and what goes
 * out has the board's address.  Whether it may pass is firewall_filter.c's.
 */
#include "firewall_rule.h"

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>

static const uint8_t loopback_ipv6[NFT_IPV6_SIZE] = { [15] = 1 };

/* A published port leads on to its service: only from uplinks, so that no service
 * reaches another that way, and from the board itself.  Not from its loopback: who is
 * spoken to from 127.0.0.1 cannot answer. */
static void put_published(struct firewall *f)
{
	if (!f->has[FIREWALL_SET_PUBLISHED_OWN])
		return;
	firewall_put_chain(f, "to_service");
	firewall_begin(f);
	nft_put_dnat_by(&f->m, NFPROTO_IPV4, &firewall_sets[FIREWALL_SET_SERVICE4]);
	firewall_end(f);
	if (f->has[FIREWALL_SET_SERVICE6]) {
		firewall_begin(f);
		nft_put_dnat_by(&f->m, NFPROTO_IPV6, &firewall_sets[FIREWALL_SET_SERVICE6]);
		firewall_end(f);
	}

	if (f->has[FIREWALL_SET_PUBLISHED]) {
		firewall_put_base_chain(f, "nat_prerouting", "nat", NF_INET_PRE_ROUTING,
					NF_IP_PRI_NAT_DST, NF_ACCEPT);
		firewall_begin(f);
		nft_match_set(&f->m, &firewall_sets[FIREWALL_SET_UPLINKS]);
		nft_match_daddr_local(&f->m);
		nft_match_set(&f->m, &firewall_sets[FIREWALL_SET_PUBLISHED]);
		firewall_end_with_goto(f, "to_service");
	}

	firewall_put_base_chain(f, "nat_output", "nat", NF_INET_LOCAL_OUT, NF_IP_PRI_NAT_DST,
				NF_ACCEPT);
	firewall_begin(f);
	nft_match_nfproto(&f->m, NFPROTO_IPV4);
	nft_match_daddr_ipv4(&f->m, 0x7f000000, 8);
	firewall_end_with(f, NF_ACCEPT);
	firewall_begin(f);
	nft_match_nfproto(&f->m, NFPROTO_IPV6);
	nft_match_daddr_ipv6(&f->m, loopback_ipv6, 128);
	firewall_end_with(f, NF_ACCEPT);
	firewall_begin(f);
	nft_match_daddr_local(&f->m);
	nft_match_set(&f->m, &firewall_sets[FIREWALL_SET_PUBLISHED_OWN]);
	firewall_end_with_goto(f, "to_service");
}

/* Nobody outside knows the way to the bridges' addresses. */
static void put_masquerade(struct firewall *f)
{
	if (!f->plan->uplink_count || !f->plan->bridge_count)
		return;
	firewall_put_base_chain(f, "nat_postrouting", "nat", NF_INET_POST_ROUTING,
				NF_IP_PRI_NAT_SRC, NF_ACCEPT);
	firewall_begin(f);
	nft_match_set(&f->m, &firewall_sets[FIREWALL_SET_BRIDGES]);
	nft_match_set(&f->m, &firewall_to_uplinks);
	nft_put_masquerade(&f->m);
	firewall_end(f);
}

void firewall_put_nat(struct firewall *f)
{
	put_published(f);
	put_masquerade(f);
}
