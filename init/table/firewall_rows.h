/*
 * The rows of the firewall's sets.  For firewall_sets.c, which has the sets.
 */
#ifndef PITH_TABLE_FIREWALL_ROWS_H
#define PITH_TABLE_FIREWALL_ROWS_H

#include "firewall.h"
#include "firewall_sets.h"
#include "netsetup/nft_set.h"

struct firewall_filling {
	struct nlmsg *m;
	const struct firewall_plan *plan;
	enum firewall_set set;
	struct nft_elements elements;	/* from the first row on */
};

/* Puts the set, if it has rows, and all of them. */
void firewall_fill(struct firewall_filling *f);

#endif
