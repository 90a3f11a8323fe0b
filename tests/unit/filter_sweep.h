/*
 * Runs a filter with every number there is, and those whose arguments matter
 * with all arguments that might, and holds what it says against a function.
 */
#ifndef TESTS_UNIT_FILTER_SWEEP_H
#define TESTS_UNIT_FILTER_SWEEP_H

#include "filter_facts.h"
#include "filter_run.h"

/* Well beyond the newest call. */
#define SWEEP_NUMBERS 1024

#define X32_BIT 0x40000000u

struct sweep {
	const struct seccomp_calls *calls;
	struct filter_run run;
	uint64_t kept;
	const void *list;
	/* What is said of a call of the architecture. */
	uint32_t (*expected)(const struct sweep *sweep, const char *call, const uint64_t *args);
	uint32_t for_others;	/* of a number up to the newest that is none's */
	size_t wrong;
};

static const char *const sweep_archs[] = { "x86_64", "arm64", "arm" };

#define SWEEP_ARCHS (sizeof(sweep_archs) / sizeof(sweep_archs[0]))

static inline void sweep_expect(struct sweep *sweep, const struct seccomp_data *data,
				const char *call, uint32_t expected)
{
	uint32_t action = filter_run(&sweep->run, data);

	if (action == expected)
		return;
	sweep->wrong++;
	printf("# arch 0x%x, keeps 0x%llx, %s (%d), arguments 0x%llx 0x%llx 0x%llx: ",
	       data->arch, (unsigned long long)sweep->kept, call, data->nr,
	       (unsigned long long)data->args[0], (unsigned long long)data->args[1],
	       (unsigned long long)data->args[2]);
	printf("%s, ", filter_action_text(action));
	printf("not %s\n", filter_action_text(expected));
}

static inline void sweep_call(struct sweep *sweep, const struct seccomp_call *call,
			      const uint64_t *args)
{
	struct seccomp_data data = { .nr = call->number, .arch = sweep->calls->arch };
	uint64_t seen[6];

	memcpy(seen, args, sizeof(seen));
	memcpy(data.args, seen, sizeof(seen));
	sweep_expect(sweep, &data, call->name, sweep->expected(sweep, call->name, seen));
}

/* The values of one argument: all small ones, every bit, and the odd ones.  The
 * upper half of the register says nothing. */
static inline void sweep_arguments(struct sweep *sweep, const struct seccomp_call *call,
				   unsigned int argument, uint64_t *args)
{
	static const uint64_t odd[] = {
		0x5401, 0x5412, 0x541c, 0x5423, 0x20008, 0x20001, 0x3d0f00, 0x7fffffff, 0xfffffffe,
		0xffffffff,
	};
	const uint64_t upper[] = { 0, UINT64_C(1) << 32, UINT64_C(0xffffffff) << 32 };

	for (size_t i = 0; i < sizeof(upper) / sizeof(upper[0]); i++) {
		for (uint64_t value = 0; value < 64; value++) {
			args[argument] = upper[i] | value;
			sweep_call(sweep, call, args);
		}
		for (int bit = 0; bit < 32; bit++) {
			args[argument] = upper[i] | UINT64_C(1) << bit;
			sweep_call(sweep, call, args);
		}
		for (size_t j = 0; j < sizeof(odd) / sizeof(odd[0]); j++) {
			args[argument] = upper[i] | odd[j];
			sweep_call(sweep, call, args);
		}
	}
}

static inline void sweep_one(struct sweep *sweep, const struct seccomp_call *call)
{
	uint64_t args[6] = { 0 };
	uint32_t action;

	sweep_call(sweep, call, args);
	if (!facts_by_arguments(call->name, args, sweep->kept, &action))
		return;
	for (unsigned int argument = 0; argument < 3; argument++) {
		memset(args, 0, sizeof(args));
		sweep_arguments(sweep, call, argument, args);
	}
	/* The protocols of netlink, whatever the upper half of its family. */
	args[0] = UINT64_C(1) << 32 | 16;
	sweep_arguments(sweep, call, 2, args);
}

static inline bool sweep_knows(const struct seccomp_calls *calls, int number)
{
	for (size_t i = 0; i < calls->count; i++)
		if (calls->at[i].number == number)
			return true;
	return false;
}

/* Numbers that are no call: unused ones, newer ones, x32's, and none at all. */
static inline void sweep_others(struct sweep *sweep)
{
	struct seccomp_data data = { .arch = sweep->calls->arch };

	for (data.nr = 0; data.nr < SWEEP_NUMBERS; data.nr++)
		if (!sweep_knows(sweep->calls, data.nr))
			sweep_expect(sweep, &data, "no call",
				     data.nr > SECCOMP_NEWEST_CALL ? ANSWERS(ENOSYS)
								   : sweep->for_others);
	data.nr = -1;
	sweep_expect(sweep, &data, "-1", ANSWERS(ENOSYS));
	for (uint32_t number = 0; number < SWEEP_NUMBERS; number++) {
		data.nr = (int)(X32_BIT | number);
		sweep_expect(sweep, &data, "x32", data.arch == AUDIT_ARCH_X86_64
				? SECCOMP_RET_KILL_PROCESS : ANSWERS(ENOSYS));
	}
}

static inline void sweep_foreign(struct sweep *sweep)
{
	static const uint32_t archs[] = {
		AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM,
		AUDIT_ARCH_ARMEB, 0,
	};
	struct seccomp_data data = { 0 };

	for (size_t i = 0; i < sizeof(archs) / sizeof(archs[0]); i++) {
		data.arch = archs[i];
		if (data.arch == sweep->calls->arch)
			continue;
		for (data.nr = 0; data.nr < SWEEP_NUMBERS; data.nr++)
			sweep_expect(sweep, &data, "foreign", SECCOMP_RET_KILL_PROCESS);
	}
}

/* All of it; nothing may be wrong, and nothing of the program unseen. */
static inline void sweep_all(struct sweep *sweep)
{
	memset(sweep->run.seen, 0, sizeof(sweep->run.seen));
	sweep->wrong = 0;
	for (size_t i = 0; i < sweep->calls->count; i++)
		sweep_one(sweep, &sweep->calls->at[i]);
	sweep_others(sweep);
	sweep_foreign(sweep);
	assert_int_equal(sweep->wrong, 0);
	assert_int_equal(filter_count_unseen(&sweep->run), 0);
}

#endif
