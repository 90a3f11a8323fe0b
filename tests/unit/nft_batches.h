/*
 * Batches with one rule, for tests of what is in it.
 */
#ifndef TESTS_UNIT_NFT_BATCHES_H
#define TESTS_UNIT_NFT_BATCHES_H

#include "netsetup/nft.h"

/* A batch with one rule; what is in it comes between. */
#define RULE(title, family, chain, ...) \
	static void title(struct nlmsg *m) \
	{ \
		size_t rule; \
		\
		nft_begin(m); \
		rule = nft_rule_begin(m, family, "t", chain); \
		__VA_ARGS__; \
		nft_rule_end(m, rule); \
		nft_commit(m); \
	}
#define BOTH(title, ...) RULE(title, NFPROTO_INET, "f", __VA_ARGS__)
#define BRIDGE(title, ...) RULE(title, NFPROTO_BRIDGE, "f", __VA_ARGS__)

#endif
