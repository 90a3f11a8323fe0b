/*
 * Strict filters, as the kernel would run them: what is not listed is refused,
 * or logged as long as one is still learning, which opens nothing that the
 * default filter refuses.
 *
 * links: init/table/seccomp_calls.c init/table/seccomp_rules.c
 * links: init/table/seccomp_checks.c init/table/seccomp_compile.c
 * links: init/table/seccomp_text.c init/table/seccomp_tree.c init/table/arena.c
 * libraries: -lseccomp
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter_sweep.h"

/* What a small server was seen to call, and names that one of the three
 * architectures lacks. */
#define SERVER " accept4 arch_prctl bind brk clone close epoll_ctl epoll_pwait epoll_wait fcntl " \
	       "fcntl64 fstat fstat64 futex futex_time64 getpid ioctl listen lseek mmap mmap2 " \
	       "mprotect munmap open openat prlimit64 read recvfrom rt_sigaction sendto " \
	       "set_robust_list set_tid_address setsockopt socket unshare "

/* The words of " a b c " as the list of a choice. */
static struct words words_of(struct arena *arena, const char *calls)
{
	struct words words = { arena_array(arena, strlen(calls) + 1, sizeof(char *)), 0 };
	char *text = arena_copy(arena, calls, strlen(calls)), *rest = text;

	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			words.at[words.count++] = word;
	return words;
}

static uint32_t by_list(const struct sweep *sweep, const char *call, const uint64_t *args)
{
	return facts_by_list(sweep->list, call, args, sweep->kept);
}

static void sweep_list(const struct facts_list *list, uint64_t kept)
{
	for (size_t i = 0; i < SWEEP_ARCHS; i++) {
		struct arena arena = { NULL };
		struct seccomp_choice choice = {
			.arch = seccomp_calls_of(&arena, sweep_archs[i]), .opened = kept,
			.strict = true, .logs = list->logs, .reaper = list->reaper,
			.listed = words_of(&arena, list->calls),
		};
		struct sweep sweep = {
			.calls = choice.arch, .kept = kept, .list = list, .expected = by_list,
			.for_others = list->logs ? SECCOMP_RET_LOG : ANSWERS(EPERM),
		};

		sweep.run.program = seccomp_compile(&arena, &choice);
		sweep_all(&sweep);
		arena_free(&arena);
	}
}

static void what_is_not_listed_is_refused(void **state)
{
	(void)state;
	sweep_list(&(struct facts_list){ .calls = SERVER }, 0);
	sweep_list(&(struct facts_list){ .calls = " getpid " }, 0);
}

static void arguments_that_are_refused_by_default_stay_refused(void **state)
{
	(void)state;
	sweep_list(&(struct facts_list){ .calls = " socket socketpair clone unshare ioctl "
						  "personality " }, 0);
}

static void a_capability_opens_arguments_and_no_call_that_is_not_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < OPENED_COUNT; i++)
		sweep_list(&(struct facts_list){ .calls = SERVER }, opened[i].by);
	sweep_list(&(struct facts_list){ .calls = SERVER }, UINT64_MAX);
}

/* Who writes the name wants it, and it can be seen in .config. */
static void a_call_that_is_refused_by_default_can_be_listed(void **state)
{
	(void)state;
	sweep_list(&(struct facts_list){ .calls = " io_uring_setup clone3 mount bpf " }, 0);
}

static void the_reaper_finds_its_calls_with_init_alone(void **state)
{
	(void)state;
	sweep_list(&(struct facts_list){ .calls = SERVER, .reaper = true }, 0);
	sweep_list(&(struct facts_list){ .calls = " getpid ", .reaper = true }, 0);
}

static void what_is_not_listed_is_logged_unless_the_default_refuses_it(void **state)
{
	static const uint64_t kept[] = { 0, CAP(SYS_ADMIN), CAP(NET_ADMIN), SECCOMP_NET_HOST,
					 UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		sweep_list(&(struct facts_list){ .calls = " ", .logs = true }, kept[i]);
		sweep_list(&(struct facts_list){ .calls = SERVER, .logs = true }, kept[i]);
	}
	sweep_list(&(struct facts_list){ .calls = SERVER, .logs = true, .reaper = true }, 0);
	sweep_list(&(struct facts_list){ .calls = " io_uring_setup clone3 ", .logs = true }, 0);
}

/* The kernel takes 4,096 instructions, and a distance has eight bits. */
static void a_list_of_all_calls_is_a_program(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++) {
		struct arena arena = { NULL };
		const struct seccomp_calls *calls = seccomp_calls_of(&arena, sweep_archs[i]);
		const char *list = " ";

		for (size_t j = 0; j < calls->count; j++)
			list = arena_printf(&arena, "%s%s ", list, calls->at[j].name);
		sweep_list(&(struct facts_list){ .calls = list }, 0);
		sweep_list(&(struct facts_list){ .calls = list, .logs = true }, 0);
		arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_listed_is_refused),
		cmocka_unit_test(arguments_that_are_refused_by_default_stay_refused),
		cmocka_unit_test(a_capability_opens_arguments_and_no_call_that_is_not_listed),
		cmocka_unit_test(a_call_that_is_refused_by_default_can_be_listed),
		cmocka_unit_test(the_reaper_finds_its_calls_with_init_alone),
		cmocka_unit_test(what_is_not_listed_is_logged_unless_the_default_refuses_it),
		cmocka_unit_test(a_list_of_all_calls_is_a_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
