/*
 * What is read from the kernel's records of refused system calls, that a
 * process cannot forge them by its name, and the names of the calls.
 *
 * The records are those of Debian's 6.1.192 on x86_64, as it printed them.
 *
 * links: init/finding_parse.c init/finding_name.c
 */
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

#include "generated/calls.h"
#include "init/finding.h"

#define HEAD "5,327,1549009,-;audit: type=1326 audit(1795343508.944:2): "
#define WHO "auid=4294967295 uid=100000 gid=0 ses=4294967295 subj=unconfined pid=78 "
#define NAMES "comm=\"x\" exe=\"/init\" "
#define REST "compat=0 ip=0x401c30 code=0x80000000\n"
#define CALL "sig=31 arch=c000003e syscall=258 compat=0 ip=0x401c30 code=0x80000000"

/* What each of the records below comes to */
static const struct finding it_says = {
	.time_ms = 1795343508944, .uid = 100000, .pid = 78, .call = 258,
	.arch = AUDIT_ARCH_X86_64, .action = SECCOMP_RET_KILL_PROCESS,
};

/* In memory that ends where the record does. */
static bool parse(const char *record, size_t len, struct finding *finding)
{
	char *exact = malloc(len ? len : 1);
	bool is;

	memcpy(exact, record, len);
	is = finding_parse(exact, len, finding);
	free(exact);
	return is;
}

static void assert_reads(const char *record)
{
	struct finding f;

	assert_true(parse(record, strlen(record), &f));
	assert_int_equal(f.time_ms, it_says.time_ms);
	assert_int_equal(f.uid, it_says.uid);
	assert_int_equal(f.pid, it_says.pid);
	assert_int_equal(f.call, it_says.call);
	assert_int_equal(f.arch, it_says.arch);
	assert_int_equal(f.action, it_says.action);
}

static void a_record_says_who_and_which_call(void **state)
{
	static const char *const records[] = {
		HEAD WHO NAMES CALL "\n",
		/* Other kernels: no label, the printing thread, a dictionary. */
		HEAD "auid=0 uid=100000 gid=0 ses=1 pid=78 " NAMES CALL "\n",
		"5,327,1549009,-,caller=T33;audit: type=1326 audit(1795343508.944:2): "
			WHO NAMES CALL "\n",
		HEAD WHO NAMES CALL "\n SUBSYSTEM=x\n DEVICE=+y\n",
		/* A label with blanks, as AppArmor's */
		HEAD "auid=0 uid=100000 gid=0 ses=1 subj=x (enforce) pid=78 " NAMES CALL "\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		assert_reads(records[i]);
}

static void a_process_cannot_lead_astray_by_its_name(void **state)
{
	static const char *const names[] = {
		/* "pid=1 syscall=2" */
		"comm=7069643D312073797363616C6C3D32 exe=\"/init\" ",
		"comm=\"pid=1\" exe=\"/syscall=1\" ",
		"comm=\"b\\x5csyscall=1\" exe=\"/init\" ",
		"comm=\"\" exe=\"/init\" ",
		/* The kernel does not write these, but what is in quotes is passed over. */
		"comm=\"x arch=1 syscall=2 compat=3\" exe=\"/init\" ",
		"comm=\"x exe=y arch=1\" exe=\" syscall=2 compat=3 \" ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char record[512] = HEAD WHO;

		strcat(strcat(strcat(record, names[i]), CALL), "\n");
		assert_reads(record);
	}
}

static void nothing_else_is_such_a_record(void **state)
{
	static const char *const records[] = {
		"", "\n", ";", "5", "5;", "5,327,1549009,-;audit: type=1326 audit(",
		"6,158,653690,-;audit: initializing netlink subsys (disabled)\n",
		"5,164,659264,-;audit: type=2000 audit(1795343507.480:1): state=initialized "
			"audit_enabled=0 res=1\n",
		/* Written by user space: the kernel gives it a facility. */
		"13,332,1565222,-;audit: type=1326 audit(1795343508.944:2): " WHO NAMES CALL "\n",
		"8,332,1565222,-;audit: type=1326 audit(1795343508.944:2): " WHO NAMES CALL "\n",
		/* Inside a message of the kernel about something else */
		"5,327,1549009,-;x audit: type=1326 audit(1795343508.944:2): " WHO NAMES CALL "\n",
		"5,327,1549009,-;x\n audit: type=1326 audit(1795343508.944:2): "
			WHO NAMES CALL "\n",
		/* In another order, or without something */
		HEAD "pid=78 auid=0 uid=0 " NAMES CALL "\n",
		HEAD WHO CALL " " NAMES "\n",
		HEAD WHO NAMES "sig=31 arch=c000003e " REST,
		HEAD WHO NAMES "sig=31\n arch=c000003e syscall=258 compat=0 \n",
		/* No such numbers */
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=-1 " REST,
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2x " REST,
		HEAD WHO NAMES "sig=31 arch=c000003e syscall= " REST,
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2147483648 " REST,
		HEAD WHO NAMES "sig=31 arch=1c000003e syscall=2 " REST,
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=73786976294838206465 " REST,
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2 compat=0 code=80000000\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2 compat=0 code=0x\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2 compat=0 code=0x8x\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2 compat=0 code=0x180000000\n",
		"5,327,1549009,-;audit: type=1326 audit(1795343508:2): " WHO NAMES CALL "\n",
		"5,327,1549009,-;audit: type=1326 audit(1795343508.1000:2): " WHO NAMES CALL "\n",
		"5,327,1549009,-;audit: type=1326 audit(9223372036854776.000:2): "
			WHO NAMES CALL "\n",
		HEAD "auid=0 uid=4294967296 gid=0 ses=1 pid=78 " NAMES CALL "\n",
		HEAD "auid=0 uid=100000 gid=0 ses=1 pid=2147483648 " NAMES CALL "\n",
	};
	struct finding f;

	(void)state;
	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
		assert_false(parse(records[i], strlen(records[i]), &f));
}

static void a_record_that_was_cut_is_none_or_the_same(void **state)
{
	static const char record[] = HEAD WHO NAMES CALL "\n";
	size_t whole = sizeof(record) - 1;
	struct finding f;

	(void)state;
	for (size_t len = 0; len < sizeof(record); len++) {
		assert_int_equal(parse(record, len, &f), len >= whole);
		if (len >= whole)
			assert_int_equal(f.action, SECCOMP_RET_KILL_PROCESS);
	}
}

static void random_bytes_do_no_harm(void **state)
{
	static const char record[] = HEAD WHO NAMES CALL "\n";
	static const char likely[] = " =\"\n;09af,(.";

	(void)state;
	srandom(3);
	for (int round = 0; round < 100000; round++) {
		char other[sizeof(record)];
		struct finding f;

		memcpy(other, record, sizeof(record));
		for (long n = random() % 8; n >= 0; n--)
			other[random() % (long)sizeof(other)] = random() % 2 ?
				(char)random() : likely[random() % (long)sizeof(likely)];
		if (parse(other, sizeof(other), &f))
			assert_true(f.pid >= 0 && f.call >= 0);
	}
}

static void only_a_fresh_record_of_the_process_is_its_own(void **state)
{
	static const struct {
		int pid;
		uint32_t uid_base;
		int64_t age_ms;
		bool is;
	} rows[] = {
		{ 78, 0, 0, true }, { 78, 0, 8000, true }, { 78, 0, 8010, true },
		{ 78, 0, -10000, true }, { 79, 0, 0, false }, { 79, 100000, 0, false },
		{ 78, 0, 8011, false }, { 78, 0, -10001, false },
		{ 78, 0, 315360000000, false }, { 78, 0, -315360000000, false },
		{ 0, 100000, 0, true }, { 0, 100001, 0, false },
		{ 0, 34465, 0, true }, { 0, 34464, 0, false }, { 0, 100000, 8011, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct finding_wish wish = {
			.killed = true, .pid = rows[i].pid, .uid_base = rows[i].uid_base,
			.age_max_ms = 8000,
		};

		assert_int_equal(finding_is_wanted(&it_says, &wish,
						   it_says.time_ms + rows[i].age_ms), rows[i].is);
	}
}

static void a_kill_and_an_error_are_not_taken_for_each_other(void **state)
{
	static const struct {
		uint32_t action;
		int32_t call;
		uint32_t arch;
		bool is_kill, is_error;
	} rows[] = {
		{ SECCOMP_RET_KILL_PROCESS, 0, CALLS_ARCH, true, false },
		{ SECCOMP_RET_KILL_THREAD, 0, CALLS_ARCH, true, false },
		{ SECCOMP_RET_TRAP, 0, CALLS_ARCH, true, false },
		{ SECCOMP_RET_KILL_PROCESS, 39, AUDIT_ARCH_MIPS, true, false },
		{ SECCOMP_RET_ERRNO, 0, CALLS_ARCH, false, true },
		/* What is answered as unknown */
		{ SECCOMP_RET_ERRNO, SYS_clone3, CALLS_ARCH, false, false },
		{ SECCOMP_RET_ERRNO, 4000, CALLS_ARCH, false, false },
		/* What was done */
		{ SECCOMP_RET_LOG, 0, CALLS_ARCH, false, false },
		{ SECCOMP_RET_USER_NOTIF, 0, CALLS_ARCH, false, false },
		{ SECCOMP_RET_TRACE, 0, CALLS_ARCH, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct finding finding = {
			.pid = 5, .call = rows[i].call, .arch = rows[i].arch,
			.action = rows[i].action,
		};
		struct finding_wish wish = { .killed = true, .pid = 5 };

		assert_int_equal(finding_is_wanted(&finding, &wish, 0), rows[i].is_kill);
		wish.killed = false;
		assert_int_equal(finding_is_wanted(&finding, &wish, 0), rows[i].is_error);
	}
}

/* The first, one before the gaps, one behind them, and what has no call. */
static void calls_have_the_names_of_the_native_architecture(void **state)
{
	static const struct {
		uint32_t arch;
		int32_t call;
		const char *name;
	} rows[] = {
		{ AUDIT_ARCH_X86_64, 0, "read" }, { AUDIT_ARCH_X86_64, 258, "mkdirat" },
		{ AUDIT_ARCH_X86_64, 334, "rseq" }, { AUDIT_ARCH_X86_64, 335, NULL },
		{ AUDIT_ARCH_X86_64, 424, "pidfd_send_signal" },
		{ AUDIT_ARCH_X86_64, 435, "clone3" },
		{ AUDIT_ARCH_AARCH64, 0, "io_setup" }, { AUDIT_ARCH_AARCH64, 34, "mkdirat" },
		{ AUDIT_ARCH_AARCH64, 244, NULL }, { AUDIT_ARCH_AARCH64, 260, "wait4" },
		{ AUDIT_ARCH_AARCH64, 435, "clone3" },
		{ AUDIT_ARCH_ARM, 0, "restart_syscall" }, { AUDIT_ARCH_ARM, 7, NULL },
		{ AUDIT_ARCH_ARM, 323, "mkdirat" }, { AUDIT_ARCH_ARM, 435, "clone3" },
		{ AUDIT_ARCH_ARM, 0x0f0001, NULL }, { AUDIT_ARCH_ARM, 0x900003, NULL },
		{ CALLS_ARCH, -1, NULL }, { CALLS_ARCH, INT32_MIN, NULL },
		{ CALLS_ARCH, INT32_MAX, NULL },
		{ CALLS_ARCH, 0x40000000, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = finding_call_name(rows[i].call, rows[i].arch);

		if (rows[i].arch != CALLS_ARCH || !rows[i].name)
			assert_null(name);
		else
			assert_string_equal(name, rows[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_says_who_and_which_call),
		cmocka_unit_test(a_process_cannot_lead_astray_by_its_name),
		cmocka_unit_test(nothing_else_is_such_a_record),
		cmocka_unit_test(a_record_that_was_cut_is_none_or_the_same),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(only_a_fresh_record_of_the_process_is_its_own),
		cmocka_unit_test(a_kill_and_an_error_are_not_taken_for_each_other),
		cmocka_unit_test(calls_have_the_names_of_the_native_architecture),
	};

	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
