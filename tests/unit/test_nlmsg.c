/*
 * Netlink's framing: golden bytes, and that nothing is ever written where
 * there is no room or more than a length field can say.
 *
 * links: netsetup/nlmsg.c
 */
#include <errno.h>
#include <linux/netlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hex.h"
#include "netsetup/nlmsg.h"

#define GUARD 0xa5

/* Above the longest attribute (65,535 bytes) and its message's header. */
static uint8_t room[80000];
static const uint8_t zeros[70000];
static const uint8_t family[4] = { 0xf1, 0xf2, 0xf3, 0xf4 };

static struct nlmsg start(size_t size)
{
	struct nlmsg m;

	memset(room, GUARD, sizeof(room));
	nlmsg_init(&m, room, size);
	return m;
}

/* Two messages with every kind of put. */
static void build(struct nlmsg *m)
{
	size_t outer, inner;

	nlmsg_begin(m, 0x10, NLM_F_CREATE, family, sizeof(family));
	nlmsg_put_str(m, 3, "lo");
	outer = nlmsg_nest(m, 4);
	inner = nlmsg_nest(m, 5);
	nlmsg_put_raw(m, "abcde", 5);
	nlmsg_put_u32(m, 6, 0x01020304);
	nlmsg_nest_end(m, inner);
	nlmsg_nest_end(m, outer);
	nlmsg_end(m);

	nlmsg_begin(m, 0x11, 0, family, 3);
	nlmsg_put_u8(m, 10, 0x01);
	nlmsg_put_u16(m, 7, 0x0102);
	nlmsg_put_be32(m, 8, 0x01020304);
	nlmsg_put(m, 9, NULL, 0);
	nlmsg_end(m);
}

#define BUILT_SIZE (0x34 + 0x30)

static const char built[] =
	"34000000 1000 0104 01000000 00000000 f1f2f3f4"
	"0700 0300 6c6f0000"
	"1800 0480"
	"1400 0580 6162636465000000 0800 0600 04030201"
	"30000000 1100 0500 02000000 00000000 f1f2f300"
	"0500 0a00 01000000"
	"0600 0700 02010000"
	"0800 0800 01020304"
	"0400 0900";

static void batch_has_the_golden_bytes(void **state)
{
	struct nlmsg m = start(sizeof(room));

	(void)state;
	build(&m);
	assert_int_equal(m.error, 0);
	hex_assert_equal(m.buf, m.len, built);
	assert_int_equal(room[m.len], GUARD);
}

static void unaligned_buffer_gets_the_same_bytes(void **state)
{
	struct nlmsg m;

	(void)state;
	memset(room, GUARD, sizeof(room));
	nlmsg_init(&m, room + 1, sizeof(room) - 1);
	build(&m);
	hex_assert_equal(m.buf, m.len, built);
}

static void buffer_of_the_exact_size_is_enough(void **state)
{
	struct nlmsg m = start(BUILT_SIZE);

	(void)state;
	build(&m);
	assert_int_equal(m.error, 0);
}

static void every_smaller_buffer_is_full_and_not_overrun(void **state)
{
	(void)state;
	for (size_t size = 0; size < BUILT_SIZE; size++) {
		struct nlmsg m = start(size);

		build(&m);
		assert_int_equal(m.error, -ENOBUFS);
		assert_true(m.len <= size);
		for (size_t i = size; i < size + 64; i++)
			assert_int_equal(room[i], GUARD);
	}
}

static uint16_t flags_at(size_t at)
{
	struct nlmsghdr header;

	memcpy(&header, room + at, sizeof(header));
	return header.nlmsg_flags;
}

static void only_the_last_message_asks_for_an_answer(void **state)
{
	struct nlmsg m = start(sizeof(room));
	size_t at[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		at[i] = m.len;
		nlmsg_begin(&m, 0x10, NLM_F_CREATE, NULL, 0);
		nlmsg_end(&m);
	}
	assert_int_equal(flags_at(at[0]), NLM_F_REQUEST | NLM_F_CREATE);
	assert_int_equal(flags_at(at[1]), NLM_F_REQUEST | NLM_F_CREATE);
	assert_int_equal(flags_at(at[2]),
			 NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK);
}

static void quiet_end_leaves_the_question_where_it_was(void **state)
{
	struct nlmsg m = start(sizeof(room));
	size_t second;

	(void)state;
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nlmsg_end(&m);
	second = m.len;
	nlmsg_begin(&m, 0x11, 0, NULL, 0);
	nlmsg_end_quiet(&m);
	assert_int_equal(flags_at(0), NLM_F_REQUEST | NLM_F_ACK);
	assert_int_equal(flags_at(second), NLM_F_REQUEST);
}

static void question_is_moved_to_the_message_closed_last(void **state)
{
	struct nlmsg m = start(sizeof(room));
	size_t second;

	(void)state;
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nlmsg_end(&m);
	second = m.len;
	nlmsg_begin(&m, 0x11, 0, NULL, 0);
	nlmsg_end_quiet(&m);
	nlmsg_ask(&m);
	assert_int_equal(flags_at(0), NLM_F_REQUEST);
	assert_int_equal(flags_at(second), NLM_F_REQUEST | NLM_F_ACK);
}

static void longest_attribute_is_65535_bytes_with_its_header(void **state)
{
	struct nlmsg m = start(sizeof(room));

	(void)state;
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nlmsg_put(&m, 1, zeros, UINT16_MAX - NLA_HDRLEN);
	assert_int_equal(m.error, 0);
	hex_assert_equal(room + NLMSG_HDRLEN, NLA_HDRLEN, "ffff 0100");
}

static void attribute_beyond_16_bits_is_refused(void **state)
{
	static const size_t lengths[] = {
		UINT16_MAX - NLA_HDRLEN + 1, UINT16_MAX, UINT16_MAX + 1,
		UINT16_MAX + 5, sizeof(zeros),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct nlmsg m = start(sizeof(room));

		nlmsg_begin(&m, 0x10, 0, NULL, 0);
		nlmsg_put(&m, 1, zeros, lengths[i]);
		assert_int_equal(m.error, -EMSGSIZE);
		assert_int_equal(m.len, NLMSG_HDRLEN);
	}
}

static void lengths_near_the_top_of_size_t_do_not_wrap(void **state)
{
	(void)state;
	for (size_t back = 1; back < 24; back++) {
		struct nlmsg m = start(64);

		nlmsg_begin(&m, 0x10, 0, NULL, 0);
		nlmsg_put(&m, 1, zeros, (size_t)0 - back);
		assert_int_equal(m.error, -EMSGSIZE);

		m = start(64);
		nlmsg_begin(&m, 0x10, 0, NULL, 0);
		nlmsg_put_raw(&m, zeros, (size_t)0 - back);
		assert_int_equal(m.error, -ENOBUFS);
	}
}

static void nest_beyond_16_bits_is_refused(void **state)
{
	struct nlmsg m = start(sizeof(room));
	size_t nest;

	(void)state;
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nest = nlmsg_nest(&m, 1);
	nlmsg_put(&m, 2, zeros, 40000);
	nlmsg_put(&m, 2, zeros, 25520);
	assert_int_equal(m.error, 0);
	assert_int_equal(m.len - nest, 65532);
	nlmsg_put(&m, 2, zeros, 0);
	assert_int_equal(m.error, 0);
	nlmsg_nest_end(&m, nest);
	assert_int_equal(m.error, -EMSGSIZE);
}

static void put_outside(struct nlmsg *m)
{
	nlmsg_put_u32(m, 1, 2);
}

static void put_after_the_end(struct nlmsg *m)
{
	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nlmsg_end(m);
	nlmsg_put_u32(m, 1, 2);
}

static void begin_twice(struct nlmsg *m)
{
	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nlmsg_begin(m, 0x10, 0, NULL, 0);
}

static void end_without_begin(struct nlmsg *m)
{
	nlmsg_end(m);
}

static void ask_without_a_message(struct nlmsg *m)
{
	nlmsg_ask(m);
}

static void ask_in_an_open_message(struct nlmsg *m)
{
	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nlmsg_ask(m);
}

static void close_a_nest_of_an_earlier_message(struct nlmsg *m)
{
	size_t nest;

	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nest = nlmsg_nest(m, 1);
	nlmsg_nest_end(m, nest);
	nlmsg_end(m);
	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nlmsg_nest_end(m, nest);
}

static void close_a_nest_that_lies_ahead(struct nlmsg *m)
{
	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nlmsg_nest_end(m, m->len);
}

static void close_a_nest_after_the_message(struct nlmsg *m)
{
	size_t nest;

	nlmsg_begin(m, 0x10, 0, NULL, 0);
	nest = nlmsg_nest(m, 1);
	nlmsg_end(m);
	nlmsg_nest_end(m, nest);
}

static void misuse_is_einval(void **state)
{
	static void (*const misuses[])(struct nlmsg *m) = {
		put_outside,
		put_after_the_end,
		begin_twice,
		end_without_begin,
		ask_without_a_message,
		ask_in_an_open_message,
		close_a_nest_of_an_earlier_message,
		close_a_nest_that_lies_ahead,
		close_a_nest_after_the_message,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
		struct nlmsg m = start(sizeof(room));

		misuses[i](&m);
		if (m.error != -EINVAL)
			fail_msg("misuse %zu gave %d", i, m.error);
	}
}

static void first_error_stays_and_nothing_is_written_after_it(void **state)
{
	static uint8_t before[sizeof(room)];
	struct nlmsg m = start(1000);
	size_t len;

	(void)state;
	nlmsg_begin(&m, 0x10, 0, NULL, 0);
	nlmsg_put(&m, 1, zeros, sizeof(zeros));
	len = m.len;
	memcpy(before, room, sizeof(room));

	put_after_the_end(&m);
	nlmsg_nest_end(&m, nlmsg_nest(&m, 1));
	nlmsg_fail(&m, -EINVAL);
	assert_int_equal(m.error, -EMSGSIZE);
	assert_int_equal(m.len, len);
	assert_memory_equal(before, room, sizeof(room));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_has_the_golden_bytes),
		cmocka_unit_test(unaligned_buffer_gets_the_same_bytes),
		cmocka_unit_test(buffer_of_the_exact_size_is_enough),
		cmocka_unit_test(every_smaller_buffer_is_full_and_not_overrun),
		cmocka_unit_test(only_the_last_message_asks_for_an_answer),
		cmocka_unit_test(quiet_end_leaves_the_question_where_it_was),
		cmocka_unit_test(question_is_moved_to_the_message_closed_last),
		cmocka_unit_test(longest_attribute_is_65535_bytes_with_its_header),
		cmocka_unit_test(attribute_beyond_16_bits_is_refused),
		cmocka_unit_test(lengths_near_the_top_of_size_t_do_not_wrap),
		cmocka_unit_test(nest_beyond_16_bits_is_refused),
		cmocka_unit_test(misuse_is_einval),
		cmocka_unit_test(first_error_stays_and_nothing_is_written_after_it),
	};

	return cmocka_run_group_tests_name("nlmsg", tests, NULL, NULL);
}
