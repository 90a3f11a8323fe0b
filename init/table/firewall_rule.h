/*
 * What the rules of the firewall are put together with: one rule after the other, in the
 * chain and table that were begun last.  For firewall_filter.c and firewall_nat.c.
 */
#ifndef PITH_TABLE_FIREWALL_RULE_H
#define PITH_TABLE_FIREWALL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "firewall.h"
#include "firewall_sets.h"
#include "netsetup/nft.h"

struct firewall {
	struct nlmsg m;
	const struct firewall_plan *plan;
	bool has[FIREWALL_SET_COUNT];
	uint8_t family;		/* of the table whose rules are put */
	const char *chain;
	size_t rule;
};

void firewall_put_chain(struct firewall *f, const char *name);

/* type is "filter" or "nat"; the rest as in struct nft_chain. */
void firewall_put_base_chain(struct firewall *f, const char *name, const char *type,
			     uint32_t hook, int32_t priority, uint32_t policy);

/* A rule: matches of nft.h go between. */
void firewall_begin(struct firewall *f);
void firewall_end(struct firewall *f);
void firewall_end_with(struct firewall *f, uint32_t verdict);
void firewall_end_with_goto(struct firewall *f, const char *chain);

/* Begins a rule for what is in all of those sets; false, and no rule, if one of them is
 * left out. */
#define FIREWALL_IN(f, ...) \
	firewall_begin_in(f, (const enum firewall_set[]){ __VA_ARGS__ }, \
			  sizeof((const enum firewall_set[]){ __VA_ARGS__ }) / \
			  sizeof(enum firewall_set))
bool firewall_begin_in(struct firewall *f, const enum firewall_set *sets, size_t count);

/* Whole rules, for what is in a set, unless it is left out: the second only counts. */
void firewall_accept_in(struct firewall *f, enum firewall_set set);
void firewall_count_in(struct firewall *f, enum firewall_set set);

/* Begin a rule for messages of that type. */
void firewall_begin_icmp(struct firewall *f, uint8_t type);
void firewall_begin_icmpv6(struct firewall *f, uint8_t type);

/* The chains of table inet, firewall_nat.c's and firewall_filter.c's, and of table
 * bridge. */
void firewall_put_nat(struct firewall *f);
void firewall_put_filter(struct firewall *f);
void firewall_put_bridge(struct firewall *f);

#endif
