/*
 * The default filter, as the kernel would run it: what it refuses, what opens
 * that again, and that nothing of it is there in vain.
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

static uint32_t by_default(const struct sweep *sweep, const char *call, const uint64_t *args)
{
	return facts_by_default(call, args, sweep->kept);
}

static void sweep_default(const char *arch, uint64_t kept)
{
	struct arena arena = { NULL };
	struct seccomp_choice choice = { .arch = seccomp_calls_of(&arena, arch), .opened = kept };
	struct sweep sweep = {
		.calls = choice.arch, .kept = kept, .expected = by_default,
		.for_others = SECCOMP_RET_ALLOW,
	};

	sweep.run.program = seccomp_compile(&arena, &choice);
	sweep_all(&sweep);
	arena_free(&arena);
}

static void every_call_is_answered_as_it_has_to_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++)
		sweep_default(sweep_archs[i], 0);
}

static void what_is_kept_opens_its_calls_and_no_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++)
		for (size_t j = 0; j < OPENED_COUNT; j++)
			sweep_default(sweep_archs[i], opened[j].by);
}

static void all_that_can_be_kept_leaves_what_nothing_opens(void **state)
{
	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++)
		sweep_default(sweep_archs[i], UINT64_MAX);
}

static void other_capabilities_open_nothing(void **state)
{
	(void)state;
	sweep_default("x86_64", CAP(CHOWN) | CAP(KILL) | CAP(SETUID) | CAP(NET_BIND_SERVICE) |
				CAP(MKNOD) | CAP(SYS_RESOURCE));
}

/* What flaws of other runtimes came down to, and what every program does. */
static const struct row {
	const char *call;
	uint64_t args[3];
	uint64_t kept;
	uint32_t action;
} rows[] = {
#define REFUSED ANSWERS(EPERM)
#define DONE SECCOMP_RET_ALLOW
#define JUNK (UINT64_C(1) << 32)
	{ "unshare", { 0x10000000 }, 0, REFUSED },
	{ "unshare", { 0x10000000 }, CAP(SYS_ADMIN), REFUSED },
	{ "unshare", { 0x20000 }, 0, REFUSED },
	{ "unshare", { JUNK | 0x10000000 }, 0, REFUSED },
	{ "unshare", { 0x600 }, 0, DONE },			/* CLONE_FS, CLONE_FILES */
	{ "clone", { 0x11 }, 0, DONE },				/* fork */
	{ "clone", { 0x4111 }, 0, DONE },			/* vfork */
	{ "clone", { 0x3d0f00 }, 0, DONE },			/* pthread_create */
	{ "clone", { JUNK | 0x3d0f00 }, 0, DONE },
	{ "clone", { 0x10000011 }, 0, REFUSED },
	{ "clone", { JUNK | 0x10000011 }, 0, REFUSED },
	{ "clone", { 0x10000011 }, CAP(SYS_ADMIN), REFUSED },
	{ "clone", { 0x20000011 }, CAP(SYS_ADMIN), DONE },
	{ "clone3", { 0 }, 0, ANSWERS(ENOSYS) },
	{ "clone3", { 0 }, CAP(SYS_ADMIN), ANSWERS(ENOSYS) },
	{ "setns", { 3 }, 0, REFUSED },
	{ "mount", { 0 }, 0, REFUSED },
	{ "umount2", { 0 }, 0, REFUSED },
	{ "move_mount", { 0 }, 0, REFUSED },
	{ "chroot", { 0 }, 0, REFUSED },
	{ "open_by_handle_at", { 0 }, 0, REFUSED },
	{ "open_by_handle_at", { 0 }, CAP(DAC_READ_SEARCH), DONE },
	{ "name_to_handle_at", { 0 }, 0, DONE },
	{ "ioctl", { 0, 0x5412 }, 0, REFUSED },			/* TIOCSTI */
	{ "ioctl", { 0, JUNK | 0x5412 }, 0, REFUSED },
	{ "ioctl", { 0, 0x541c }, 0, REFUSED },			/* TIOCLINUX */
	{ "ioctl", { 0, 0x5423 }, 0, REFUSED },			/* TIOCSETD */
	{ "ioctl", { 0, 0x5401 }, 0, DONE },			/* TCGETS */
	{ "ioctl", { 0, 0x5413 }, 0, DONE },			/* TIOCGWINSZ */
	{ "ioctl", { 0x5412, 0x8912 }, 0, DONE },		/* SIOCGIFCONF */
	{ "socket", { 40 }, 0, REFUSED },			/* AF_VSOCK */
	{ "socket", { JUNK | 40 }, 0, REFUSED },
	{ "socket", { 38 }, 0, REFUSED },			/* AF_ALG */
	{ "socket", { JUNK | 38 }, 0, REFUSED },
	{ "socket", { UINT64_C(0xffffffff00000000) | 38 }, UINT64_MAX, REFUSED },
	{ "socket", { 17, 3 }, 0, REFUSED },			/* AF_PACKET */
	{ "socket", { 17, 3 }, CAP(NET_RAW), DONE },
	{ "socket", { 1, 1 }, 0, DONE },
	{ "socket", { 2, 1, 6 }, 0, DONE },
	{ "socket", { JUNK | 2, 1, 6 }, 0, DONE },
	{ "socket", { 10, 2, 17 }, 0, DONE },
	{ "socket", { 2, 2, 1 }, 0, DONE },			/* ping */
	{ "socket", { 16, 3, 0 }, 0, DONE },			/* getifaddrs(3) */
	{ "socket", { 16, 3, 12 }, 0, REFUSED },		/* nf_tables */
	{ "socket", { JUNK | 16, 3, JUNK | 12 }, 0, REFUSED },
	{ "socket", { 16, 3, 12 }, CAP(NET_ADMIN), DONE },
	{ "socket", { 30, 1 }, 0, ANSWERS(EAFNOSUPPORT) },	/* AF_TIPC */
	{ "socket", { 29, 3, 1 }, 0, ANSWERS(EAFNOSUPPORT) },	/* AF_CAN */
	{ "socket", { 29, 3, 1 }, SECCOMP_NET_HOST, DONE },
	{ "socketpair", { 1, 1 }, 0, DONE },
	{ "socketpair", { 30, 1 }, 0, ANSWERS(EAFNOSUPPORT) },
	{ "bpf", { 0 }, 0, REFUSED },
	{ "bpf", { 0 }, CAP(BPF), DONE },
	{ "io_uring_setup", { 8 }, 0, REFUSED },
	{ "io_uring_setup", { 8 }, UINT64_MAX, REFUSED },
	{ "userfaultfd", { 1 }, 0, REFUSED },
	{ "keyctl", { 0 }, 0, REFUSED },
	{ "keyctl", { 0 }, UINT64_MAX, REFUSED },
	{ "add_key", { 0 }, 0, REFUSED },
	{ "request_key", { 0 }, 0, REFUSED },
	{ "perf_event_open", { 0 }, 0, REFUSED },
	{ "kexec_load", { 0 }, 0, REFUSED },
	{ "kexec_file_load", { 0 }, 0, REFUSED },
	{ "init_module", { 0 }, 0, REFUSED },
	{ "finit_module", { 0 }, 0, REFUSED },
	{ "delete_module", { 0 }, 0, REFUSED },
	{ "ptrace", { 16, 1 }, 0, REFUSED },
	{ "ptrace", { 16, 1 }, CAP(SYS_PTRACE), DONE },
	{ "process_vm_writev", { 1 }, 0, REFUSED },
	{ "pidfd_getfd", { 3 }, 0, REFUSED },
	{ "reboot", { 0xfee1dead }, 0, REFUSED },
	{ "clock_settime", { 0 }, 0, REFUSED },
	{ "clock_settime", { 0 }, CAP(SYS_TIME), DONE },
	{ "settimeofday", { 0 }, 0, REFUSED },
	{ "adjtimex", { 0 }, 0, REFUSED },
	{ "syslog", { 3 }, 0, REFUSED },
	{ "personality", { 0x40000 }, 0, REFUSED },		/* ADDR_NO_RANDOMIZE */
	{ "personality", { 0x400000 }, 0, REFUSED },		/* READ_IMPLIES_EXEC */
	{ "personality", { 0xffffffff }, 0, DONE },
	{ "personality", { UINT64_MAX }, 0, DONE },
	{ "read", { 0 }, 0, DONE },
	{ "openat", { 0 }, 0, DONE },
	{ "execve", { 0 }, 0, DONE },
	{ "mlock", { 0 }, 0, DONE },
	{ "memfd_create", { 0 }, 0, DONE },
	{ "landlock_restrict_self", { 0 }, 0, DONE },
	{ "seccomp", { 1 }, 0, DONE },
	{ "fchmodat2", { 0 }, 0, DONE },
};

static size_t count_wrong(const char *arch, const struct row *row)
{
	struct arena arena = { NULL };
	struct seccomp_choice choice = {
		.arch = seccomp_calls_of(&arena, arch), .opened = row->kept,
	};
	struct sweep sweep = { .calls = choice.arch, .kept = row->kept };
	const struct seccomp_call *call = seccomp_calls_find(choice.arch, row->call);
	struct seccomp_data data = { .arch = choice.arch->arch };

	assert_non_null(call);
	data.nr = call->number;
	memcpy(data.args, row->args, sizeof(row->args));
	sweep.run.program = seccomp_compile(&arena, &choice);
	sweep_expect(&sweep, &data, row->call, row->action);
	arena_free(&arena);
	return sweep.wrong;
}

static void known_ways_in_are_closed_and_ordinary_programs_run(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++)
		for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
			wrong += count_wrong(sweep_archs[i], &rows[j]);
	assert_int_equal(wrong, 0);
}

/* They are far above all others, where the default takes a call for too new. */
static void arm_has_the_calls_that_its_libc_begins_with(void **state)
{
	static const int numbers[] = { 0xf0002, 0xf0005 };	/* cacheflush, set_tls */
	struct arena arena = { NULL };
	struct seccomp_choice choice = { .arch = seccomp_calls_of(&arena, "arm") };
	struct filter_run run = { .program = seccomp_compile(&arena, &choice) };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct seccomp_data data = { .nr = numbers[i], .arch = AUDIT_ARCH_ARM };

		assert_int_equal(filter_run(&run, &data), SECCOMP_RET_ALLOW);
	}
	arena_free(&arena);
}

/* A name with a slip of the pen would refuse nothing. */
static void every_rule_is_of_a_call_that_there_is(void **state)
{
	const struct seccomp_calls *calls[SWEEP_ARCHS];
	struct arena arena = { NULL };

	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++)
		calls[i] = seccomp_calls_of(&arena, sweep_archs[i]);
	for (size_t i = 0; i < seccomp_rule_count; i++) {
		const char *name = seccomp_rules[i].call;
		size_t archs = 0;

		for (size_t j = 0; j < SWEEP_ARCHS; j++)
			if (seccomp_calls_find(calls[j], name))
				archs++;
		if (!archs)
			fail_msg("%s is no call", name);
	}
	arena_free(&arena);
}

static void the_same_choice_gives_the_same_program(void **state)
{
	struct arena arena = { NULL };

	(void)state;
	for (size_t i = 0; i < SWEEP_ARCHS; i++) {
		struct seccomp_choice choice = { .arch = seccomp_calls_of(&arena, sweep_archs[i]) };
		struct seccomp_program one = seccomp_compile(&arena, &choice);
		struct seccomp_program other = seccomp_compile(&arena, &choice);

		assert_int_equal(one.count, other.count);
		assert_memory_equal(one.at, other.at, one.count * sizeof(*one.at));
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_is_answered_as_it_has_to_be),
		cmocka_unit_test(what_is_kept_opens_its_calls_and_no_others),
		cmocka_unit_test(all_that_can_be_kept_leaves_what_nothing_opens),
		cmocka_unit_test(other_capabilities_open_nothing),
		cmocka_unit_test(known_ways_in_are_closed_and_ordinary_programs_run),
		cmocka_unit_test(arm_has_the_calls_that_its_libc_begins_with),
		cmocka_unit_test(every_rule_is_of_a_call_that_there_is),
		cmocka_unit_test(the_same_choice_gives_the_same_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
