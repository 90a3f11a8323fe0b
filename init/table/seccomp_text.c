/*
 * Instructions one behind the other, and which of them are needed.  What they
 * mean to a service, it does not know.
 *
 * In a program that the kernel takes, jumps lead forward only: so one walk from
 * the front sees every way before what it leads to.
 */
#include "seccomp_text.h"

#include <stdbool.h>
#include <stdlib.h>

/* What the accumulator may be; nothing, if least is above most: then no way leads
 * here. */
struct range {
	uint32_t least, most;
};

static const struct range nothing = { UINT32_MAX, 0 }, anything = { 0, UINT32_MAX };

size_t seccomp_put(struct seccomp_text *text, uint16_t code, uint32_t k)
{
	if (text->count == BPF_MAXINSNS)
		abort();
	text->at[text->count] = (struct sock_filter){ .code = code, .k = k };
	return text->count++;
}

static bool is_nothing(struct range range)
{
	return range.least > range.most;
}

static struct range both(struct range a, struct range b)
{
	return (struct range){ a.least < b.least ? a.least : b.least,
			       a.most > b.most ? a.most : b.most };
}

static struct range above(struct range in, uint32_t k)
{
	if (k == UINT32_MAX)
		return nothing;
	return (struct range){ in.least > k ? in.least : k + 1, in.most };
}

static struct range below(struct range in, uint32_t k)
{
	if (!k)
		return nothing;
	return (struct range){ in.least, in.most < k ? in.most : k - 1 };
}

/* A value from amidst the others leaves a hole that is not kept in mind. */
static struct range without(struct range in, uint32_t k)
{
	return k == in.least ? above(in, k) : k == in.most ? below(in, k) : in;
}

static bool is_choice(const struct sock_filter *at)
{
	return BPF_CLASS(at->code) == BPF_JMP && at->code != (BPF_JMP | BPF_JA);
}

/* After a comparison: [1] if it was true, [0] if not. */
static void split(const struct sock_filter *at, struct range in, struct range out[2])
{
	switch (at->code) {
	case BPF_JMP | BPF_JEQ | BPF_K:
		out[1] = at->k < in.least || at->k > in.most ? nothing
							     : (struct range){ at->k, at->k };
		out[0] = without(in, at->k);
		break;
	case BPF_JMP | BPF_JGT | BPF_K:
		out[1] = above(in, at->k);
		out[0] = at->k == UINT32_MAX ? in : below(in, at->k + 1);
		break;
	case BPF_JMP | BPF_JGE | BPF_K:
		out[1] = at->k ? above(in, at->k - 1) : in;
		out[0] = below(in, at->k);
		break;
	default:
		out[0] = out[1] = in;
	}
}

struct sock_filter seccomp_jump(size_t distance)
{
	return (struct sock_filter){ .code = BPF_JMP | BPF_JA, .k = (uint32_t)distance };
}

/* Makes a jump of each comparison that can end in one way only. */
static void settle_choices(struct seccomp_text *text)
{
	struct range in[BPF_MAXINSNS + UINT8_MAX + 1], out[2];

	for (size_t i = 0; i < sizeof(in) / sizeof(in[0]); i++)
		in[i] = i ? nothing : anything;
	for (size_t i = 0; i < text->count; i++) {
		struct sock_filter *at = &text->at[i];
		struct range *on = &in[i + 1];

		if (is_nothing(in[i]) || BPF_CLASS(at->code) == BPF_RET)
			continue;
		if (at->code == (BPF_JMP | BPF_JA)) {
			on[at->k] = both(on[at->k], in[i]);
		} else if (!is_choice(at)) {
			*on = anything;
		} else {
			split(at, in[i], out);
			on[at->jt] = both(on[at->jt], out[1]);
			on[at->jf] = both(on[at->jf], out[0]);
			if (is_nothing(out[0]) || is_nothing(out[1]))
				*at = seccomp_jump(is_nothing(out[0]) ? at->jt : at->jf);
		}
	}
}

/* The distance of what a jump by so much ends at, if it is no more than most. */
static uint32_t skip(const struct seccomp_text *text, size_t place, uint32_t distance,
		     uint32_t most)
{
	uint32_t to = distance;

	while (text->at[place + 1 + to].code == (BPF_JMP | BPF_JA)) {
		to += 1 + text->at[place + 1 + to].k;
		if (to <= most)
			distance = to;
	}
	return distance;
}

static void skip_jumps(struct seccomp_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		struct sock_filter *at = &text->at[i];

		if (at->code == (BPF_JMP | BPF_JA)) {
			at->k = skip(text, i, at->k, BPF_MAXINSNS);
		} else if (is_choice(at)) {
			at->jt = (uint8_t)skip(text, i, at->jt, UINT8_MAX);
			at->jf = (uint8_t)skip(text, i, at->jf, UINT8_MAX);
		}
	}
}

static void mark_next(const struct seccomp_text *text, size_t place, bool *lives)
{
	const struct sock_filter *at = &text->at[place];
	bool *on = &lives[place + 1];

	if (at->code == (BPF_JMP | BPF_JA))
		on[at->k] = true;
	else if (is_choice(at))
		on[at->jt] = on[at->jf] = true;
	else if (BPF_CLASS(at->code) != BPF_RET)
		*on = true;
}

static void drop_dead(struct seccomp_text *text)
{
	bool lives[BPF_MAXINSNS + 1] = { true };
	size_t moved[BPF_MAXINSNS], count = 0;

	for (size_t i = 0; i < text->count; i++) {
		moved[i] = count;
		if (!lives[i])
			continue;
		mark_next(text, i, lives);
		count++;
	}
	for (size_t i = 0; i < text->count; i++) {
		struct sock_filter at = text->at[i];
		const size_t *on = &moved[i + 1];

		if (!lives[i])
			continue;
		if (at.code == (BPF_JMP | BPF_JA)) {
			at = seccomp_jump(on[at.k] - moved[i] - 1);
		} else if (is_choice(&at)) {
			at.jt = (uint8_t)(on[at.jt] - moved[i] - 1);
			at.jf = (uint8_t)(on[at.jf] - moved[i] - 1);
		}
		text->at[moved[i]] = at;
	}
	text->count = count;
}

static void share_returns(struct seccomp_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		size_t last = text->count;

		if (BPF_CLASS(text->at[i].code) != BPF_RET)
			continue;
		while (text->at[last - 1].code != text->at[i].code ||
		       text->at[last - 1].k != text->at[i].k)
			last--;
		if (last - 1 > i)
			text->at[i] = seccomp_jump(last - 1 - i - 1);
	}
}

void seccomp_tidy(struct seccomp_text *text)
{
	share_returns(text);
	settle_choices(text);
	skip_jumps(text);
	drop_dead(text);
}
