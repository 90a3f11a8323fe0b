/*
 * Composes the board's firewall.  It decides what may pass: services may call
 * out through the uplink, each other over the bridge, and from outside only
 * what they publish comes in.  How that is said in bytes is netsetup/nft's;
 * who publishes what, and that ports don't collide, the rest of the host
 * tool's.
 *
 *	table ip pith {
 *		chain prerouting {
 *			type nat hook prerouting priority dstnat; policy accept;
 *			iifname UPLINK tcp dport N dnat to ADDRESS:PORT
 *		}
 *		chain postrouting {
 *			type nat hook postrouting priority srcnat; policy accept;
 *			oifname UPLINK masquerade
 *		}
 *		chain forward {
 *			type filter hook forward priority filter; policy drop;
 *			ct state established,related accept
 *			iifname BRIDGE oifname UPLINK accept
 *			iifname UPLINK oifname BRIDGE ct status dnat accept
 *			iifname BRIDGE oifname BRIDGE accept
 *		}
 *	}
 */
#include "firewall.h"

#include <errno.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter_ipv4.h>
#include <stdbool.h>

#include "netsetup/nft.h"

static const char table[] = "pith";

static const struct nft_chain prerouting = {
	.table = table,
	.name = "prerouting",
	.type = "nat",
	.hook = NF_INET_PRE_ROUTING,
	.priority = NF_IP_PRI_NAT_DST,
	.policy = NF_ACCEPT,
};

static const struct nft_chain postrouting = {
	.table = table,
	.name = "postrouting",
	.type = "nat",
	.hook = NF_INET_POST_ROUTING,
	.priority = NF_IP_PRI_NAT_SRC,
	.policy = NF_ACCEPT,
};

static const struct nft_chain forward = {
	.table = table,
	.name = "forward",
	.type = "filter",
	.hook = NF_INET_FORWARD,
	.priority = NF_IP_PRI_FILTER,
	.policy = NF_DROP,
};

static bool plan_is_valid(const struct firewall_plan *plan)
{
	if (!plan->bridge || !*plan->bridge)
		return false;
	if (plan->uplink ? !*plan->uplink : plan->publish_count > 0)
		return false;
	for (size_t i = 0; i < plan->publish_count; i++) {
		const struct firewall_publish *p = &plan->publish[i];

		if (!p->outside_port || !p->inside_port || !p->address)
			return false;
		if (p->protocol != FIREWALL_TCP && p->protocol != FIREWALL_UDP)
			return false;
	}
	return true;
}

/* Sends what arrives at a published port on to its service. */
static void put_prerouting(struct nlmsg *m, const struct firewall_plan *plan)
{
	nft_put_base_chain(m, &prerouting);
	for (size_t i = 0; i < plan->publish_count; i++) {
		const struct firewall_publish *p = &plan->publish[i];
		size_t rule = nft_rule_begin(m, table, prerouting.name);

		nft_match_iifname(m, plan->uplink);
		nft_match_l4proto(m, (uint8_t)p->protocol);
		nft_match_dport(m, p->outside_port);
		nft_put_dnat_ipv4(m, p->address, p->inside_port);
		nft_rule_end(m, rule);
	}
}

/* Nobody outside knows the way to the bridge's addresses. */
static void put_postrouting(struct nlmsg *m, const struct firewall_plan *plan)
{
	size_t rule;

	nft_put_base_chain(m, &postrouting);
	rule = nft_rule_begin(m, table, postrouting.name);
	nft_match_oifname(m, plan->uplink);
	nft_put_masquerade(m);
	nft_rule_end(m, rule);
}

static void put_accept(struct nlmsg *m, const char *in, const char *out,
		       uint32_t ct_status)
{
	size_t rule = nft_rule_begin(m, table, forward.name);

	nft_match_iifname(m, in);
	nft_match_oifname(m, out);
	if (ct_status)
		nft_match_ct_status(m, ct_status);
	nft_put_verdict(m, NF_ACCEPT);
	nft_rule_end(m, rule);
}

static void put_forward(struct nlmsg *m, const struct firewall_plan *plan)
{
	size_t rule;

	nft_put_base_chain(m, &forward);
	rule = nft_rule_begin(m, table, forward.name);
	nft_match_ct_state(m, NF_CT_STATE_BIT(IP_CT_ESTABLISHED) |
			      NF_CT_STATE_BIT(IP_CT_RELATED));
	nft_put_verdict(m, NF_ACCEPT);
	nft_rule_end(m, rule);

	if (plan->uplink) {
		put_accept(m, plan->bridge, plan->uplink, 0);
		put_accept(m, plan->uplink, plan->bridge, IPS_DST_NAT);
	}
	put_accept(m, plan->bridge, plan->bridge, 0);
}

int firewall_build(const struct firewall_plan *plan, uint8_t *buf, size_t size)
{
	struct nlmsg m;

	if (!plan_is_valid(plan))
		return -EINVAL;
	nlmsg_init(&m, buf, size);
	nft_begin(&m);
	/* Empties a table that an earlier /init left, in the same transaction:
	 * sent twice, the batch says the same. */
	nft_put_table(&m, table);
	nft_delete_table(&m, table);
	nft_put_table(&m, table);
	if (plan->uplink) {
		put_prerouting(&m, plan);
		put_postrouting(&m, plan);
	}
	put_forward(&m, plan);
	nft_commit(&m);
	if (!m.error && m.len > INT_MAX)
		return -ENOBUFS;
	return m.error ? m.error : (int)m.len;
}
