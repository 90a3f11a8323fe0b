/*
 * Names and numbers of system calls.  Decides which of libseccomp's count: those
 * up to the newest that was judged, on every machine the same.
 */
#include "seccomp_calls.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

/* arm's own calls, such as set_tls; asm/unistd.h. */
#define ARM_PRIVATE 0x0f0000
#define ARM_PRIVATE_COUNT 7

static void add(struct arena *arena, struct seccomp_calls *calls, int number)
{
	char *name = seccomp_syscall_resolve_num_arch(calls->arch, number);

	if (!name)
		return;
	calls->at[calls->count].number = number;
	calls->at[calls->count++].name = arena_copy(arena, name, strlen(name));
	free(name);
}

static uint32_t token_of(const char *arch)
{
	static const struct {
		const char *arch;
		uint32_t token;
	} known[] = {
		{ "x86_64", SCMP_ARCH_X86_64 },
		{ "arm64", SCMP_ARCH_AARCH64 },
		{ "arm", SCMP_ARCH_ARM },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].arch, arch))
			return known[i].token;
	return 0;
}

const struct seccomp_calls *seccomp_calls_of(struct arena *arena, const char *arch)
{
	uint32_t token = token_of(arch);
	struct seccomp_calls *calls;

	if (!token)
		return NULL;
	calls = arena_alloc(arena, sizeof(*calls));
	calls->arch = token;
	calls->at = arena_array(arena, SECCOMP_NEWEST_CALL + 1 + ARM_PRIVATE_COUNT,
				sizeof(*calls->at));
	for (int number = 0; number <= SECCOMP_NEWEST_CALL; number++)
		add(arena, calls, number);
	if (token == SCMP_ARCH_ARM)
		for (int number = 0; number < ARM_PRIVATE_COUNT; number++)
			add(arena, calls, ARM_PRIVATE + number);
	return calls;
}

const struct seccomp_call *seccomp_calls_find(const struct seccomp_calls *calls, const char *name)
{
	for (size_t i = 0; i < calls->count; i++)
		if (!strcmp(calls->at[i].name, name))
			return &calls->at[i];
	return NULL;
}

/* For those libseccomp has numbers of its own, below zero. */
bool seccomp_calls_is_foreign(const struct seccomp_calls *calls, const char *name)
{
	int number = seccomp_syscall_resolve_name_arch(calls->arch, name);

	return number < 0 && number != __NR_SCMP_ERROR;
}
