/*
 * Tidying a program changes nothing of what it says: random programs, with
 * random data, before and after.
 *
 * links: init/table/seccomp_text.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_run.h"
#include "init/table/seccomp_text.h"

#define PROGRAMS 20000
#define RUNS 60

/* Few enough for values and comparisons to meet. */
#define VALUES 8

/* xorshift32, so that a failure comes again. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Small ones, and the last ones that a register holds. */
static uint32_t random_value(uint32_t *seed)
{
	uint32_t value = next_random(seed) % VALUES;

	return next_random(seed) % 16 ? value : UINT32_MAX - value / 4;
}

static void put_random(struct seccomp_text *text, size_t length, uint32_t *seed)
{
	static const uint16_t jumps[] = {
		BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JGT | BPF_K, BPF_JMP | BPF_JGE | BPF_K,
	};
	uint32_t left = (uint32_t)(length - text->count - 1);
	size_t place;

	switch (next_random(seed) % 12) {
	case 0:
		seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, 4 * (next_random(seed) % 8));
		break;
	case 1:
		seccomp_put(text, BPF_ALU | BPF_AND | BPF_K, random_value(seed));
		break;
	case 2:
		seccomp_put(text, BPF_RET | BPF_K, random_value(seed));
		break;
	case 3:
		seccomp_put(text, BPF_JMP | BPF_JA, next_random(seed) % left);
		break;
	default:
		place = seccomp_put(text, jumps[next_random(seed) % 3], random_value(seed));
		text->at[place].jt = (uint8_t)(next_random(seed) % (left < 256 ? left : 256));
		text->at[place].jf = (uint8_t)(next_random(seed) % (left < 256 ? left : 256));
	}
}

static void make_random(struct seccomp_text *text, uint32_t *seed)
{
	/* Some are so long that not every jump reaches. */
	size_t length = 8 + next_random(seed) % (next_random(seed) % 8 ? 40 : 600);

	text->count = 0;
	seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, 0);
	while (text->count < length - 1)
		put_random(text, length, seed);
	seccomp_put(text, BPF_RET | BPF_K, VALUES);
}

static void expect_same(const struct seccomp_text *before, const struct seccomp_text *after,
			uint32_t *seed)
{
	struct filter_run one = { .program = { before->at, before->count } };
	struct filter_run other = { .program = { after->at, after->count } };
	struct seccomp_data data = { 0 };

	for (int i = 0; i < RUNS; i++) {
		for (size_t j = 0; j < sizeof(data); j += sizeof(uint32_t)) {
			uint32_t word = random_value(seed);

			memcpy((char *)&data + j, &word, sizeof(word));
		}
		assert_int_equal(filter_run(&one, &data), filter_run(&other, &data));
	}
}

static void a_tidy_program_says_the_same(void **state)
{
	static struct seccomp_text before, after;
	uint32_t seed = 2463534242u;
	size_t taken_out = 0;

	(void)state;
	for (int i = 0; i < PROGRAMS; i++) {
		make_random(&before, &seed);
		after = before;
		seccomp_tidy(&after);
		expect_same(&before, &after, &seed);
		taken_out += before.count - after.count;
	}
	assert_true(taken_out > PROGRAMS);
}

#define LOAD { BPF_LD | BPF_W | BPF_ABS, 0, 0, 0 }
#define IF(comparison, k, jt, jf) { BPF_JMP | (comparison) | BPF_K, (jt), (jf), (k) }
#define GO(k) { BPF_JMP | BPF_JA, 0, 0, (k) }
#define SAY(k) { BPF_RET | BPF_K, 0, 0, (k) }

/* Each before and after. */
static const struct row {
	struct sock_filter before[8], after[8];
	size_t count, tidy;
} rows[] = {
	{ /* Nobody comes by. */
		{ GO(1), SAY(1), SAY(2) },
		{ GO(0), SAY(2) },
		3, 2,
	}, { /* A jump to a jump */
		{ LOAD, IF(BPF_JEQ, 1, 0, 1), GO(1), SAY(2), SAY(3) },
		{ LOAD, IF(BPF_JEQ, 1, 1, 0), SAY(2), SAY(3) },
		5, 4,
	}, { /* All but one are left, and a way for the others */
		{ LOAD, IF(BPF_JGT, 1, 1, 0), IF(BPF_JEQ, 1, 1, 0), IF(BPF_JEQ, 0, 1, 2), SAY(1),
		  SAY(2), SAY(3) },
		{ LOAD, IF(BPF_JGT, 1, 1, 0), IF(BPF_JEQ, 1, 1, 0), IF(BPF_JEQ, 0, 1, 2), SAY(1),
		  SAY(2), SAY(3) },
		7, 7,
	}, { /* All but one are left, and no way for others */
		{ LOAD, IF(BPF_JGT, 1, 3, 0), IF(BPF_JEQ, 1, 1, 0), IF(BPF_JEQ, 0, 1, 2), SAY(1),
		  SAY(2), SAY(3) },
		{ LOAD, IF(BPF_JGT, 1, 2, 0), IF(BPF_JEQ, 1, 0, 1), SAY(1), SAY(2) },
		7, 5,
	}, { /* The same from below */
		{ LOAD, IF(BPF_JGT, 1, 3, 0), IF(BPF_JEQ, 0, 1, 0), IF(BPF_JEQ, 1, 1, 2), SAY(1),
		  SAY(2), SAY(3) },
		{ LOAD, IF(BPF_JGT, 1, 2, 0), IF(BPF_JEQ, 0, 0, 1), SAY(1), SAY(2) },
		7, 5,
	}, { /* As little as can be */
		{ LOAD, IF(BPF_JGE, 0, 0, 1), SAY(1), SAY(2) },
		{ LOAD, GO(0), SAY(1) },
		4, 3,
	}, { /* More than can be */
		{ LOAD, IF(BPF_JGT, UINT32_MAX, 0, 1), SAY(1), SAY(2) },
		{ LOAD, GO(0), SAY(2) },
		4, 3,
	},
};

static void what_is_in_vain_is_taken_out(void **state)
{
	static struct seccomp_text text;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(text.at, rows[i].before, sizeof(rows[i].before));
		text.count = rows[i].count;
		seccomp_tidy(&text);
		if (text.count != rows[i].tidy ||
		    memcmp(text.at, rows[i].after, text.count * sizeof(text.at[0])))
			fail_msg("row %zu has %zu instructions, not %zu, or others", i, text.count,
				 rows[i].tidy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tidy_program_says_the_same),
		cmocka_unit_test(what_is_in_vain_is_taken_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
