/*
 * What is read from the kernel's records of refused system calls, that a
 * process cannot forge them by its name, and the names of the calls.
 *
 * The records are those of Debian's 6.1.192 on x86_64, as it printed them.
 *
 * links: init/finding_parse.c init/finding_name.c
 */
#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "generated/calls.h"
#include "init/finding.h"

#define HEAD "5,327,1549009,-;audit: type=1326 audit(1795343508.944:2): "
#define WHO "auid=4294967295 uid=100000 gid=0 ses=4294967295 subj=unconfined pid=78 "
#define NAMES "comm=\"x\" exe=\"/init\" "
#define CALL "sig=31 arch=c000003e syscall=258 compat=0 ip=0x401c30 code=0x80000000"

/* What each of the records below comes to */
static const struct finding it_says = {
	.time_s = 1795343508, .uid = 100000, .pid = 78, .call = 258, .arch = AUDIT_ARCH_X86_64,
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
	assert_int_equal(f.time_s, it_says.time_s);
	assert_int_equal(f.uid, it_says.uid);
	assert_int_equal(f.pid, it_says.pid);
	assert_int_equal(f.call, it_says.call);
	assert_int_equal(f.arch, it_says.arch);
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
		HEAD WHO NAMES "sig=31 arch=c000003e compat=0\n",
		HEAD WHO NAMES "sig=31\n arch=c000003e syscall=258 compat=0 \n",
		/* No such numbers */
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=-1 compat=0\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2x compat=0\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall= compat=0\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=2147483648 compat=0\n",
		HEAD WHO NAMES "sig=31 arch=1c000003e syscall=2 compat=0\n",
		HEAD WHO NAMES "sig=31 arch=c000003e syscall=73786976294838206465 compat=0\n",
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
	size_t whole = (size_t)(strstr(record, "compat=") - record) + strlen("compat=0");
	struct finding f;

	(void)state;
	for (size_t len = 0; len < sizeof(record); len++) {
		assert_int_equal(parse(record, len, &f), len >= whole);
		if (len >= whole)
			assert_int_equal(f.call, 258);
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
	const int64_t now = it_says.time_s;
	static const struct {
		int pid;
		uint32_t uid_base;
		int age_s;
		bool is;
	} rows[] = {
		{ 78, 0, 0, true }, { 78, 0, 10, true }, { 78, 0, -10, true },
		{ 79, 0, 0, false }, { 79, 100000, 0, false },
		{ 78, 0, 11, false }, { 78, 0, -11, false }, { 78, 0, 315360000, false },
		{ 0, 100000, 0, true }, { 0, 100001, 0, false },
		{ 0, 34465, 0, true }, { 0, 34464, 0, false }, { 0, 100000, 11, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(finding_is_of(&it_says, rows[i].pid, rows[i].uid_base,
					       now + rows[i].age_s), rows[i].is);
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
		cmocka_unit_test(calls_have_the_names_of_the_native_architecture),
	};

	return cmocka_run_group_tests_name("finding", tests, NULL, NULL);
}
