/*
 * Looks at arguments, as BPF.  libseccomp would compare the whole register, in
 * two halves, and knows no "otherwise": so these are written here, and read
 * the low half alone.
 */
#include "seccomp_checks.h"

#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdlib.h>

/* All three architectures are little-endian. */
#define LOW_HALF(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))

/* Jumps of one check that end in a verdict: one for each case of the longest in
 * seccomp_rules.c, and one for what is otherwise, have room twice over. */
#define ENDS_MAX 64

struct ends {
	struct {
		size_t jump;
		bool on_match;
		uint32_t returns;
		bool done;
	} at[ENDS_MAX];
	size_t count;
};

struct check {
	struct seccomp_text *text;
	struct ends ends;
	uint64_t opened;
	uint32_t pass;
};

static void end_jump(struct check *check, size_t jump, bool on_match, int verdict)
{
	struct ends *ends = &check->ends;

	if (ends->count == ENDS_MAX)
		abort();
	ends->at[ends->count].jump = jump;
	ends->at[ends->count].on_match = on_match;
	ends->at[ends->count++].returns = verdict == SECCOMP_PASS ? check->pass :
					  SECCOMP_RET_ERRNO | (uint32_t)verdict;
}

/* A distance counts from the next instruction on. */
static void land(struct seccomp_text *text, size_t jump, bool on_match)
{
	size_t distance = text->count - jump - 1;

	if (distance > UINT8_MAX)
		abort();
	if (on_match)
		text->at[jump].jt = (uint8_t)distance;
	else
		text->at[jump].jf = (uint8_t)distance;
}

static int verdict_of(const struct seccomp_case *one, uint64_t opened)
{
	return one->opened_by & opened ? SECCOMP_PASS : one->verdict;
}

/* A case that says what is said otherwise is left out; one of another kind is
 * always there. */
static void put_look(struct check *check, const struct seccomp_look *look)
{
	size_t jumps[ENDS_MAX] = { 0 }, last = 0;

	seccomp_put(check->text, BPF_LD | BPF_W | BPF_ABS, LOW_HALF(look->argument));
	if (look->mask != UINT32_MAX)
		seccomp_put(check->text, BPF_ALU | BPF_AND | BPF_K, look->mask);
	for (size_t i = 0; i < look->count; i++) {
		const struct seccomp_case *one = &look->cases[i];
		int verdict = verdict_of(one, check->opened);

		if (!one->next && verdict == look->otherwise)
			continue;
		jumps[i] = last = seccomp_put(check->text, BPF_JMP | BPF_JEQ | BPF_K, one->value);
		if (!one->next)
			end_jump(check, last, true, verdict);
	}
	if (!last)
		abort();
	end_jump(check, last, false, look->otherwise);
	for (size_t i = 0; i < look->count; i++) {
		if (!look->cases[i].next)
			continue;
		land(check->text, jumps[i], true);
		put_look(check, look->cases[i].next);
	}
}

void seccomp_put_check(struct seccomp_text *text, const struct seccomp_look *look,
		       uint64_t opened, uint32_t pass)
{
	struct check check = { .text = text, .opened = opened, .pass = pass };
	struct ends *ends = &check.ends;

	put_look(&check, look);
	for (size_t i = 0; i < ends->count; i++) {
		if (ends->at[i].done)
			continue;
		for (size_t j = i; j < ends->count; j++) {
			if (ends->at[j].returns != ends->at[i].returns)
				continue;
			land(text, ends->at[j].jump, ends->at[j].on_match);
			ends->at[j].done = true;
		}
		seccomp_put(text, BPF_RET | BPF_K, ends->at[i].returns);
	}
}
