/*
 * nf_tables messages and expressions: golden bytes.  The expressions are what
 * nft(8) 1.0.6 sends for the same words.
 *
 * links: netsetup/nft.c netsetup/nft_act.c netsetup/nlmsg.c
 */
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "netsetup/nft.h"

static void table(struct nlmsg *m)
{
	nft_put_table(m, NFPROTO_IPV4, "t");
}

static void deleted_table(struct nlmsg *m)
{
	nft_delete_table(m, NFPROTO_IPV4, "t");
}

static void chain(struct nlmsg *m)
{
	nft_put_base_chain(m, &(struct nft_chain){
		.family = NFPROTO_IPV4,
		.table = "t",
		.name = "pre",
		.type = "nat",
		.hook = NF_INET_POST_ROUTING,
		.priority = NF_IP_PRI_NAT_DST,
		.policy = NF_DROP,
	});
}

static void empty_rule(struct nlmsg *m)
{
	nft_rule_end(m, nft_rule_begin(m, NFPROTO_IPV4, "t", "pre"));
}

static void empty_batch(struct nlmsg *m)
{
	nft_begin(m);
	nft_commit(m);
}

static void batch(struct nlmsg *m)
{
	nft_begin(m);
	table(m);
	empty_rule(m);
	nft_commit(m);
}

/* The kernel would drop it and acknowledge it: it must not ask. */
static void batch_without_commit(struct nlmsg *m)
{
	nft_begin(m);
	table(m);
}

static void iifname(struct nlmsg *m)
{
	nft_match_iifname(m, "eth0");
}

static void l4proto(struct nlmsg *m)
{
	nft_match_l4proto(m, 17);
}

static void ct_state(struct nlmsg *m)
{
	nft_match_ct_state(m, NF_CT_STATE_BIT(IP_CT_ESTABLISHED) |
			      NF_CT_STATE_BIT(IP_CT_RELATED));
}

static void ct_status(struct nlmsg *m)
{
	nft_match_ct_status(m, IPS_DST_NAT);
}

static void verdict(struct nlmsg *m)
{
	nft_put_verdict(m, NF_ACCEPT);
}

static void masquerade(struct nlmsg *m)
{
	nft_put_masquerade(m);
}

struct golden {
	const char *name;
	void (*build)(struct nlmsg *m);
	const char *bytes;
};

#define BEGIN(flags) \
	"14000000 1000" flags "00 01000000 00000000 0000000a"
#define COMMIT(seq) \
	"14000000 1100 0100" seq "00000000 0000000a"
#define RULE(flags, seq) \
	"28000000 060a" flags "0c" seq "00000000 02000000" \
	"0600 0100 7400 0000" \
	"0800 0200 70726500" \
	"0400 0480"

static const struct golden messages[] = {
	{ "table", table,
	  "1c000000 000a 0104 01000000 00000000 02000000"
	  "0600 0100 7400 0000" },
	{ "deleted_table", deleted_table,
	  "1c000000 020a 0100 01000000 00000000 02000000"
	  "0600 0100 7400 0000" },
	{ "chain", chain,
	  "48000000 030a 0104 01000000 00000000 02000000"
	  "0600 0100 7400 0000"
	  "0800 0300 70726500"
	  "1400 0480"
	  " 0800 0100 00000004"
	  " 0800 0200 ffffff9c"
	  "0800 0500 00000000"
	  "0800 0700 6e617400" },
	{ "empty_rule", empty_rule, RULE("01", "01000000") },
	{ "empty_batch", empty_batch, BEGIN("05") COMMIT("02000000") },
	{ "batch_that_asks_with_its_last_rule", batch,
	  BEGIN("01")
	  "1c000000 000a 0104 02000000 00000000 02000000"
	  "0600 0100 7400 0000"
	  RULE("05", "03000000")
	  COMMIT("04000000") },
	{ "batch_without_commit_that_asks_nothing", batch_without_commit,
	  BEGIN("01")
	  "1c000000 000a 0104 02000000 00000000 02000000"
	  "0600 0100 7400 0000" },
}, expressions[] = {
	{ "iifname", iifname,
	  "24000180 09000100 6d657461 00000000"		/* meta */
	  "14000280 08000200 00000006 08000100 00000001"
	  "38000180 08000100 636d7000"			/* cmp */
	  "2c000280 08000100 00000001 08000200 00000000"
	  "18000380 14000100 65746830 00000000 00000000 00000000" },
	{ "l4proto", l4proto,
	  "24000180 09000100 6d657461 00000000"
	  "14000280 08000200 00000010 08000100 00000001"
	  "2c000180 08000100 636d7000"
	  "20000280 08000100 00000001 08000200 00000000"
	  "0c000380 05000100 11000000" },
	{ "ct_state", ct_state,
	  "20000180 07000100 63740000"			/* ct */
	  "14000280 08000200 00000000 08000100 00000001"
	  "44000180 0c000100 62697477 69736500"		/* bitwise */
	  "34000280 08000100 00000001 08000200 00000001"
	  "08000300 00000004"
	  "0c000480 08000100 06000000 0c000580 08000100 00000000"
	  "2c000180 08000100 636d7000"			/* cmp, not equal */
	  "20000280 08000100 00000001 08000200 00000001"
	  "0c000380 08000100 00000000" },
	{ "ct_status", ct_status,
	  "20000180 07000100 63740000"
	  "14000280 08000200 00000002 08000100 00000001"
	  "44000180 0c000100 62697477 69736500"
	  "34000280 08000100 00000001 08000200 00000001"
	  "08000300 00000004"
	  "0c000480 08000100 20000000 0c000580 08000100 00000000"
	  "2c000180 08000100 636d7000"
	  "20000280 08000100 00000001 08000200 00000001"
	  "0c000380 08000100 00000000" },
	{ "verdict", verdict,
	  "30000180 0e000100 696d6d65 64696174 65000000"	/* immediate */
	  "1c000280 08000100 00000000"
	  "10000280 0c000280 08000100 00000001" },
	{ "masquerade", masquerade,
	  "14000180 09000100 6d617371 00000000 04000280" },
};

static void message_has_the_golden_bytes(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[512];
	struct nlmsg m;

	nlmsg_init(&m, buf, sizeof(buf));
	golden->build(&m);
	assert_int_equal(m.error, 0);
	hex_assert_equal(m.buf, m.len, golden->bytes);
}

/* Compares what the builder adds to an empty rule, and the rule's length. */
static void expression_has_the_golden_bytes(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[512], nest[4];
	struct nlmsg m;
	size_t rule;

	nlmsg_init(&m, buf, sizeof(buf));
	rule = nft_rule_begin(&m, NFPROTO_IPV4, "t", "pre");
	golden->build(&m);
	nft_rule_end(&m, rule);
	assert_int_equal(m.error, 0);
	hex_assert_equal(buf + rule + 4, m.len - rule - 4, golden->bytes);
	assert_int_equal(hex_read("0000 0480", nest, sizeof(nest)), 4);
	nest[0] = (uint8_t)(m.len - rule);
	nest[1] = (uint8_t)((m.len - rule) >> 8);
	assert_memory_equal(buf + rule, nest, 4);
}

static void smaller_buffers_are_enobufs(void **state)
{
	const struct golden *golden = *state;
	uint8_t buf[1024];
	size_t whole;
	struct nlmsg m;

	for (size_t size = 0; ; size++) {
		size_t rule;

		nlmsg_init(&m, buf, size);
		rule = nft_rule_begin(&m, NFPROTO_IPV4, "t", "pre");
		golden->build(&m);
		nft_rule_end(&m, rule);
		if (!m.error)
			break;
		assert_int_equal(m.error, -ENOBUFS);
	}
	whole = hex_read(golden->bytes, buf, sizeof(buf));
	assert_int_equal(m.len, whole + 40);
}

static void interface_name_over_15_characters_is_refused(void **state)
{
	uint8_t buf[256];
	struct nlmsg m;

	(void)state;
	nlmsg_init(&m, buf, sizeof(buf));
	(void)nft_rule_begin(&m, NFPROTO_IPV4, "t", "pre");
	nft_match_iifname(&m, "fifteen-letters");
	assert_int_equal(m.error, 0);
	nft_match_iifname(&m, "sixteen-letters!");
	assert_int_equal(m.error, -ENAMETOOLONG);
}

/* Rules nest: the list's 16-bit length bounds what one rule may hold. */
static void rule_beyond_16_bits_is_refused(void **state)
{
	static uint8_t buf[100000];
	struct nlmsg m;
	size_t rule;

	(void)state;
	nlmsg_init(&m, buf, sizeof(buf));
	rule = nft_rule_begin(&m, NFPROTO_IPV4, "t", "pre");
	while (m.len - rule <= UINT16_MAX)
		nft_put_masquerade(&m);
	assert_int_equal(m.error, 0);
	nft_rule_end(&m, rule);
	assert_int_equal(m.error, -EMSGSIZE);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct CMUnitTest row(const struct golden *golden, const char *claim,
			     CMUnitTestFunction function, char *name,
			     size_t size)
{
	snprintf(name, size, "%s_%s", golden->name, claim);
	return (struct CMUnitTest){
		.name = name,
		.test_func = function,
		.initial_state = (void *)golden,
	};
}

int main(void)
{
	const struct CMUnitTest plain[] = {
		cmocka_unit_test(interface_name_over_15_characters_is_refused),
		cmocka_unit_test(rule_beyond_16_bits_is_refused),
	};
	struct CMUnitTest tests[COUNT(plain) + COUNT(messages) +
				2 * COUNT(expressions)];
	char names[COUNT(tests)][80];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(plain); i++)
		tests[n++] = plain[i];
	for (size_t i = 0; i < COUNT(messages); i++, n++)
		tests[n] = row(&messages[i], "has_the_golden_bytes",
			       message_has_the_golden_bytes, names[n],
			       sizeof(names[n]));
	for (size_t i = 0; i < COUNT(expressions); i++, n++)
		tests[n] = row(&expressions[i], "has_the_golden_bytes",
			       expression_has_the_golden_bytes, names[n],
			       sizeof(names[n]));
	for (size_t i = 0; i < COUNT(expressions); i++, n++)
		tests[n] = row(&expressions[i], "in_a_smaller_buffer_is_enobufs",
			       smaller_buffers_are_enobufs, names[n],
			       sizeof(names[n]));
	return cmocka_run_group_tests_name("nft", tests, NULL, NULL);
}
