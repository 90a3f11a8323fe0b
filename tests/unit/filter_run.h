/*
 * Runs a system call filter as the kernel would, and remembers which of its
 * instructions were reached and which way its jumps went.  An instruction that
 * seccomp(2) does not take, or a way that leaves the program, fails the test.
 *
 * Include cmocka.h first.
 */
#ifndef TESTS_UNIT_FILTER_RUN_H
#define TESTS_UNIT_FILTER_RUN_H

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "init/table/seccomp_compile.h"

/* What can be seen of an instruction. */
enum { REACHED = 1, JUMPED = 2, WENT_ON = 4 };

struct filter_run {
	struct seccomp_program program;
	unsigned char seen[BPF_MAXINSNS];
};

static inline uint32_t filter_load(const struct seccomp_data *data, uint32_t offset)
{
	uint32_t word;

	if (offset % 4 || offset + 4 > sizeof(*data))
		fail_msg("a load at %u", offset);
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static inline bool filter_jumps(const struct sock_filter *at, uint32_t accumulator)
{
	switch (at->code) {
	case BPF_JMP | BPF_JEQ | BPF_K: return accumulator == at->k;
	case BPF_JMP | BPF_JGT | BPF_K: return accumulator > at->k;
	case BPF_JMP | BPF_JGE | BPF_K: return accumulator >= at->k;
	}
	fail_msg("an instruction of code 0x%02x", at->code);
	return false;
}

/* The action, SECCOMP_RET_…. */
static inline uint32_t filter_run(struct filter_run *run, const struct seccomp_data *data)
{
	const struct seccomp_program *program = &run->program;
	uint32_t accumulator = 0;

	for (size_t i = 0; i < program->count; i++) {
		const struct sock_filter *at = &program->at[i];

		run->seen[i] |= REACHED;
		if (at->code == (BPF_RET | BPF_K))
			return at->k;
		if (at->code == (BPF_LD | BPF_W | BPF_ABS)) {
			accumulator = filter_load(data, at->k);
		} else if (at->code == (BPF_ALU | BPF_AND | BPF_K)) {
			accumulator &= at->k;
		} else if (at->code == (BPF_JMP | BPF_JA)) {
			i += at->k;
		} else {
			bool jumps = filter_jumps(at, accumulator);

			run->seen[i] |= jumps ? JUMPED : WENT_ON;
			i += jumps ? at->jt : at->jf;
		}
	}
	fail_msg("a way leads out of the program");
	return 0;
}

/* Instructions that were not reached, or jumps that went one way only; they are
 * listed. */
static inline size_t filter_count_unseen(const struct filter_run *run)
{
	size_t count = 0;

	for (size_t i = 0; i < run->program.count; i++) {
		const struct sock_filter *at = &run->program.at[i];
		bool chooses = BPF_CLASS(at->code) == BPF_JMP && at->code != (BPF_JMP | BPF_JA);
		unsigned char whole = chooses ? REACHED | JUMPED | WENT_ON : REACHED;

		if (run->seen[i] == whole)
			continue;
		printf("# instruction %zu (0x%02x, %u, %u, 0x%x): seen %u of %u\n", i, at->code,
		       at->jt, at->jf, at->k, run->seen[i], whole);
		count++;
	}
	return count;
}

static inline const char *filter_action_text(uint32_t action)
{
	static char text[32];

	switch (action) {
	case SECCOMP_RET_ALLOW: return "allowed";
	case SECCOMP_RET_LOG: return "logged";
	case SECCOMP_RET_KILL_PROCESS: return "killed";
	}
	snprintf(text, sizeof(text), "0x%x", action);
	if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO)
		snprintf(text, sizeof(text), "%s", strerrorname_np(action & SECCOMP_RET_DATA));
	return text;
}

#endif
