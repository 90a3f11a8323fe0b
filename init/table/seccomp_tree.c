/*
 * Decides in which order a call's number is compared with which others.  libseccomp asks
 * for single numbers, of which many neighbours have the same outcome.  Refuses to know
 * what an outcome means to a service.
 *
 * Attaching a program costs by its length, since the kernel compiles it, and by each
 * call's way through it, which the kernel goes once to learn what always passes.
 */
#include "seccomp_tree.h"

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "seccomp_calls.h"

/* An instruction more costs as much as one step more on the way of so many calls: measured
 * on x86_64, 1.9 us and 22 ns. */
#define LENGTH 86

/* More single numbers than this, one after the other, never pay. */
#define SINGLES_MAX 8

#define NUMBER_OFFSET offsetof(struct seccomp_data, nr)
#define ARCH_OFFSET offsetof(struct seccomp_data, arch)

/* Where a way ends: at an instruction behind the tree, or with a value returned. */
struct outcome {
	bool returns;
	uint32_t at;
};

/* Numbers with the same outcome, up to the next one's first. */
struct stretch {
	uint32_t first;
	struct outcome outcome;
};

/* How a row of stretches is told apart best. */
struct way {
	uint64_t cost;
	size_t split;	/* the first of the upper half; 0: all numbers are asked for singly … */
	size_t rest;	/* … but those with this one's outcome */
};

struct tree {
	struct stretch *stretches;
	size_t count;
	struct way *ways;	/* from i up to j: at i * (count + 1) + j */
	struct seccomp_text *text;
	struct outcome ends[BPF_MAXINSNS];	/* of the jumps in text that have none yet */
	bool is_end[BPF_MAXINSNS];
};

static bool are_same(struct outcome a, struct outcome b)
{
	return a.returns == b.returns && a.at == b.at;
}

static bool is_comparison(const struct sock_filter *at)
{
	return BPF_CLASS(at->code) == BPF_JMP && at->code != (BPF_JMP | BPF_JA);
}

static bool compares(const struct sock_filter *at, uint32_t value)
{
	switch (at->code) {
	case BPF_JMP | BPF_JEQ | BPF_K: return value == at->k;
	case BPF_JMP | BPF_JGT | BPF_K: return value > at->k;
	case BPF_JMP | BPF_JGE | BPF_K: return value >= at->k;
	}
	abort();
}

static struct outcome walk(const struct seccomp_text *text, size_t end, uint32_t arch,
			   uint32_t number)
{
	uint32_t value = 0;
	size_t i = 0;

	while (i < end) {
		const struct sock_filter *at = &text->at[i++];

		if (at->code == (BPF_RET | BPF_K))
			return (struct outcome){ true, at->k };
		if (at->code == (BPF_LD | BPF_W | BPF_ABS))
			value = at->k == ARCH_OFFSET ? arch : number;
		else if (at->code == (BPF_JMP | BPF_JA))
			i += at->k;
		else
			i += compares(at, value) ? at->jt : at->jf;
	}
	return (struct outcome){ false, (uint32_t)i };
}

/* --- Stretches ---------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return one < other ? -1 : one > other;
}

/* Each number before which the outcome may change, and 0; some twice. */
static size_t find_edges(const struct seccomp_text *text, size_t end, uint32_t *edges)
{
	size_t count = 0;

	edges[count++] = 0;
	for (size_t i = 0; i < end; i++) {
		const struct sock_filter *at = &text->at[i];

		if (!is_comparison(at))
			continue;
		if (at->code != (BPF_JMP | BPF_JGT | BPF_K))
			edges[count++] = at->k;
		if (at->code != (BPF_JMP | BPF_JGE | BPF_K) && at->k < UINT32_MAX)
			edges[count++] = at->k + 1;
	}
	qsort(edges, count, sizeof(*edges), compare_numbers);
	return count;
}

static void find_stretches(struct tree *tree, size_t end, uint32_t arch)
{
	static uint32_t edges[2 * BPF_MAXINSNS + 1];
	size_t count = find_edges(tree->text, end, edges);

	tree->stretches = calloc(count, sizeof(*tree->stretches));
	if (!tree->stretches)
		abort();
	for (size_t i = 0; i < count; i++) {
		struct outcome is = walk(tree->text, end, arch, edges[i]);

		if (tree->count && are_same(tree->stretches[tree->count - 1].outcome, is))
			continue;
		tree->stretches[tree->count++] = (struct stretch){ edges[i], is };
	}
}

/* How many numbers are in those from i up to j. */
static uint64_t extent(const struct tree *tree, size_t i, size_t j)
{
	uint64_t end = j < tree->count ? tree->stretches[j].first : UINT64_C(1) << 32;

	return end - tree->stretches[i].first;
}

/* And how many of them can be a call's. */
static uint64_t calls_in(const struct tree *tree, size_t i, size_t j)
{
	const uint64_t most = SECCOMP_NEWEST_CALL + 1;
	uint64_t first = tree->stretches[i].first, end = first + extent(tree, i, j);

	return first >= most ? 0 : (end < most ? end : most) - first;
}

/* --- The best way ------------------------------------------------------------------- */

static struct way *way(const struct tree *tree, size_t i, size_t j)
{
	return &tree->ways[i * (tree->count + 1) + j];
}

/* All numbers but those of the rest's outcome, one by one. */
static void weigh_singles(const struct tree *tree, size_t i, size_t j)
{
	uint64_t singles = 0, cost;
	size_t rest = i;

	for (size_t k = i; k < j; k++)
		if (extent(tree, k, k + 1) > extent(tree, rest, rest + 1))
			rest = k;
	for (size_t k = i; k < j && singles <= SINGLES_MAX; k++)
		if (!are_same(tree->stretches[k].outcome, tree->stretches[rest].outcome))
			singles += extent(tree, k, k + 1);
	cost = singles * (LENGTH + calls_in(tree, i, j));
	if (singles <= SINGLES_MAX && cost < way(tree, i, j)->cost)
		*way(tree, i, j) = (struct way){ .cost = cost, .rest = rest };
}

static void weigh_halves(const struct tree *tree, size_t i, size_t j)
{
	uint64_t own = LENGTH + calls_in(tree, i, j);

	for (size_t k = i + 1; k < j; k++) {
		uint64_t cost = own + way(tree, i, k)->cost + way(tree, k, j)->cost;

		if (cost < way(tree, i, j)->cost)
			*way(tree, i, j) = (struct way){ .cost = cost, .split = k };
	}
}

static void find_ways(struct tree *tree)
{
	tree->ways = calloc(tree->count * (tree->count + 1), sizeof(*tree->ways));
	if (!tree->ways)
		abort();
	for (size_t length = 1; length <= tree->count; length++)
		for (size_t i = 0; i + length <= tree->count; i++) {
			way(tree, i, i + length)->cost = UINT64_MAX;
			weigh_singles(tree, i, i + length);
			weigh_halves(tree, i, i + length);
		}
}

/* --- The program -------------------------------------------------------------------- */

static void put_end(struct tree *tree, struct outcome outcome)
{
	size_t place = seccomp_put(tree->text, BPF_JMP | BPF_JA, 0);

	tree->ends[place] = outcome;
	tree->is_end[place] = true;
}

/* If it is true, on with the next instruction, which is a jump; else behind that. */
static void put_comparison(struct tree *tree, uint16_t code, uint32_t number)
{
	tree->text->at[seccomp_put(tree->text, BPF_JMP | code | BPF_K, number)].jf = 1;
}

static void put_singles(struct tree *tree, size_t i, size_t j, struct outcome rest)
{
	for (size_t k = i; k < j; k++) {
		const struct stretch *at = &tree->stretches[k];

		if (are_same(at->outcome, rest))
			continue;
		for (uint32_t n = 0; n < extent(tree, k, k + 1); n++) {
			put_comparison(tree, BPF_JEQ, at->first + n);
			put_end(tree, at->outcome);
		}
	}
	put_end(tree, rest);
}

static void put_way(struct tree *tree, size_t i, size_t j)
{
	size_t split = way(tree, i, j)->split, jump;

	if (!split) {
		put_singles(tree, i, j, tree->stretches[way(tree, i, j)->rest].outcome);
		return;
	}
	put_comparison(tree, BPF_JGE, tree->stretches[split].first);
	jump = seccomp_put(tree->text, BPF_JMP | BPF_JA, 0);
	put_way(tree, i, split);
	tree->text->at[jump] = seccomp_jump(tree->text->count - jump - 1);
	put_way(tree, split, j);
}

/* What stood behind the old tree follows. */
static void put_behind(struct tree *tree, const struct seccomp_text *old, size_t end)
{
	struct seccomp_text *text = tree->text;
	size_t behind = text->count;

	for (size_t i = end; i < old->count; i++)
		text->at[seccomp_put(text, 0, 0)] = old->at[i];
	for (size_t i = 0; i < behind; i++) {
		struct outcome is = tree->ends[i];

		if (!tree->is_end[i])
			continue;
		if (is.returns)
			text->at[i] = (struct sock_filter){ .code = BPF_RET | BPF_K, .k = is.at };
		else
			text->at[i] = seccomp_jump(behind + is.at - end - i - 1);
	}
}

void seccomp_tree_shorten(struct seccomp_text *text, size_t end, uint32_t arch)
{
	static struct seccomp_text old;
	static struct tree tree;
	struct outcome foreign = walk(text, end, ~arch, 0);

	tree = (struct tree){ .text = text };
	find_stretches(&tree, end, arch);
	find_ways(&tree);
	old = *text;
	text->count = 0;
	seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, ARCH_OFFSET);
	text->at[seccomp_put(text, BPF_JMP | BPF_JEQ | BPF_K, arch)].jt = 1;
	put_end(&tree, foreign);
	seccomp_put(text, BPF_LD | BPF_W | BPF_ABS, NUMBER_OFFSET);
	put_way(&tree, 0, tree.count);
	put_behind(&tree, &old, end);
	free(tree.stretches);
	free(tree.ways);
}
