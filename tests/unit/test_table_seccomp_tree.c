/*
 * The shortest form of a tree says the same as the tree: random ones, before and after,
 * for every number at which one of them may change its mind.
 *
 * links: init/table/seccomp_text.c init/table/seccomp_tree.c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_run.h"
#include "init/table/seccomp_calls.h"
#include "init/table/seccomp_tree.h"

#define PROGRAMS 3000
#define ARCH AUDIT_ARCH_X86_64

/* As many outcomes, of which each third one stands behind the tree. */
#define OUTCOMES 5
#define BEHIND 3

/* xorshift32, so that a failure comes again. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Close to each other, around the last call, where x32's begin, and the last ones. */
static uint32_t random_number(uint32_t *seed)
{
	static const uint32_t bases[] = {
		0, 16, 32, SECCOMP_NEWEST_CALL - 4, 0x40000000 - 4, UINT32_MAX - 7,
	};

	return bases[next_random(seed) % 6] + next_random(seed) % 8;
}

static void put_comparison(struct seccomp_text *text, size_t end, uint32_t *seed)
{
	static const uint16_t codes[] = { BPF_JEQ, BPF_JEQ, BPF_JGT, BPF_JGE };
	size_t place = seccomp_put(text, BPF_JMP | codes[next_random(seed) % 4] | BPF_K,
				   random_number(seed));
	uint32_t left = (uint32_t)(end - place - 1);

	text->at[place].jt = (uint8_t)(next_random(seed) % (left < 256 ? left : 256));
	text->at[place].jf = (uint8_t)(next_random(seed) % 4 < left ? next_random(seed) % 4 : 0);
	if (text->at[place].jf >= left)
		text->at[place].jf = 0;
}

/* Comparisons, then a jump or a return for each outcome.  Returns where it ends. */
static size_t make_random(struct seccomp_text *text, uint32_t *seed)
{
	size_t comparisons = 1 + next_random(seed) % (next_random(seed) % 8 ? 30 : 400);
	size_t end, tree;

	text->count = 0;
	seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	text->at[seccomp_put(text, BPF_JMP | BPF_JEQ | BPF_K, ARCH)].jt = 1;
	seccomp_put(text, BPF_RET | BPF_K, OUTCOMES);
	seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	tree = text->count + comparisons;
	end = tree + OUTCOMES;
	while (text->count < tree)
		put_comparison(text, end, seed);
	for (uint32_t i = 0; i < OUTCOMES; i++)
		if (i % BEHIND)
			seccomp_put(text, BPF_RET | BPF_K, i);
		else
			text->at[seccomp_put(text, 0, 0)] =
				seccomp_jump(end + 2 * (i / BEHIND) - text->count);
	for (uint32_t i = 0; i < OUTCOMES; i += BEHIND) {
		seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, 16);
		seccomp_put(text, BPF_RET | BPF_K, 100 + i);
	}
	return end;
}

static void expect_same_at(struct filter_run *one, struct filter_run *other, uint32_t number)
{
	const struct seccomp_data foreign = { .nr = (int)number, .arch = AUDIT_ARCH_I386 };
	const struct seccomp_data data = { .nr = (int)number, .arch = ARCH };

	assert_int_equal(filter_run(one, &data), filter_run(other, &data));
	assert_int_equal(filter_run(one, &foreign), filter_run(other, &foreign));
}

static void expect_same(const struct seccomp_text *before, const struct seccomp_text *after)
{
	struct filter_run one = { .program = { before->at, before->count } };
	struct filter_run other = { .program = { after->at, after->count } };

	for (size_t i = 0; i < before->count + after->count; i++) {
		uint32_t k = i < before->count ? before->at[i].k : after->at[i - before->count].k;

		for (uint32_t n = 0; n < 3; n++)
			expect_same_at(&one, &other, k - 1 + n);
	}
}

static void shorten(struct seccomp_text *text, size_t end)
{
	seccomp_tree_shorten(text, end, ARCH);
	seccomp_tidy(text);
}

static void the_shortest_form_says_the_same(void **state)
{
	static struct seccomp_text before, after;
	uint32_t seed = 2463534242u;

	(void)state;
	for (int i = 0; i < PROGRAMS; i++) {
		size_t end = make_random(&before, &seed);

		after = before;
		shorten(&after, end);
		expect_same(&before, &after);
	}
}

/* Neighbours take two comparisons, however many they are; one by itself takes one. */
static void neighbours_are_one_stretch(void **state)
{
	static struct seccomp_text text;
	static const uint32_t refused[] = { 100, 101, 102, 103, 104, 105, 200 };
	const size_t count = sizeof(refused) / sizeof(refused[0]);

	(void)state;
	text.count = 0;
	seccomp_put(&text, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	seccomp_put(&text, BPF_JMP | BPF_JEQ | BPF_K, ARCH);
	seccomp_put(&text, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < count; i++)
		text.at[seccomp_put(&text, BPF_JMP | BPF_JEQ | BPF_K, refused[i])].jt =
			(uint8_t)(count - i);
	seccomp_put(&text, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	seccomp_put(&text, BPF_RET | BPF_K, SECCOMP_RET_ERRNO);
	text.at[1].jf = (uint8_t)(text.count - 2);
	seccomp_put(&text, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	shorten(&text, text.count);
	/* Two loads, the architecture's, three, and three to return. */
	assert_int_equal(text.count, 2 + 1 + 3 + 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shortest_form_says_the_same),
		cmocka_unit_test(neighbours_are_one_stretch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
