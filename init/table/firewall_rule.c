/*
 * Puts the rules of the firewall together.  Which there are is firewall_filter.c's and
 * firewall_nat.c's.
 */
#include "firewall_rule.h"

#include <linux/in.h>
#include <linux/netfilter.h>

#include "../firewall_counters.h"

static bool has_all(const struct firewall *f, const enum firewall_set *sets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!f->has[sets[i]])
			return false;
	return true;
}

void firewall_begin(struct firewall *f)
{
	f->rule = nft_rule_begin(&f->m, f->family, FIREWALL_TABLE, f->chain);
}

void firewall_end(struct firewall *f)
{
	nft_rule_end(&f->m, f->rule);
}

void firewall_end_with(struct firewall *f, uint32_t verdict)
{
	nft_put_verdict(&f->m, verdict);
	firewall_end(f);
}

void firewall_end_with_goto(struct firewall *f, const char *chain)
{
	nft_put_goto(&f->m, chain);
	firewall_end(f);
}

bool firewall_begin_in(struct firewall *f, const enum firewall_set *sets, size_t count)
{
	if (!has_all(f, sets, count))
		return false;
	firewall_begin(f);
	for (size_t i = 0; i < count; i++)
		nft_match_set(&f->m, &firewall_sets[sets[i]]);
	return true;
}

void firewall_accept_in(struct firewall *f, enum firewall_set set)
{
	if (FIREWALL_IN(f, set))
		firewall_end_with(f, NF_ACCEPT);
}

void firewall_count_in(struct firewall *f, enum firewall_set set)
{
	if (FIREWALL_IN(f, set))
		firewall_end(f);
}

void firewall_put_chain(struct firewall *f, const char *name)
{
	nft_put_chain(&f->m, f->family, FIREWALL_TABLE, name);
	f->chain = name;
}

void firewall_put_base_chain(struct firewall *f, const char *name, const char *type, uint32_t hook,
			   int32_t priority, uint32_t policy)
{
	nft_put_base_chain(&f->m, &(struct nft_chain){
		.family = f->family, .table = FIREWALL_TABLE, .name = name, .type = type,
		.hook = hook, .priority = priority, .policy = policy,
	});
	f->chain = name;
}

void firewall_begin_icmp(struct firewall *f, uint8_t type)
{
	firewall_begin(f);
	nft_match_nfproto(&f->m, NFPROTO_IPV4);
	nft_match_l4proto(&f->m, IPPROTO_ICMP);
	nft_match_icmp_type(&f->m, type);
}

void firewall_begin_icmpv6(struct firewall *f, uint8_t type)
{
	firewall_begin(f);
	nft_match_nfproto(&f->m, NFPROTO_IPV6);
	nft_match_l4proto(&f->m, IPPROTO_ICMPV6);
	nft_match_icmp_type(&f->m, type);
}
