/*
 * The programs that say which device may be opened, run here row by row as the
 * kernel would: for every device that they name and those beside them, with
 * every access.  And how a row of DEVICES becomes a number.
 *
 * links: init/sys.c init/devices.c init/stage.c init/text.c
 * libraries: -Wl,--wrap=syscall
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "init/devices.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define PROGRAM_MAX 512
#define CGROUP 77

/* --- The kernel's side ----------------------------------------------------------- */

static struct bpf_insn program[PROGRAM_MAX];
static unsigned count, reached[PROGRAM_MAX];
static int attached_to, attached_by, loaded;
static int load_error, attach_error, detach_error, released;

static long refuse(int error)
{
	errno = -error;
	return -1;
}

static long load(const union bpf_attr *attr)
{
	if (load_error)
		return refuse(load_error);
	assert_int_equal(attr->prog_type, BPF_PROG_TYPE_CGROUP_DEVICE);
	assert_in_range(attr->insn_cnt, 1, PROGRAM_MAX);
	assert_non_null((const char *)(uintptr_t)attr->license);
	count = attr->insn_cnt;
	memcpy(program, (const void *)(uintptr_t)attr->insns, count * sizeof(*program));
	memset(reached, 0, sizeof(reached));
	loaded = open("/dev/null", O_RDONLY);
	return loaded;
}

static long attach(const union bpf_attr *attr)
{
	if (attach_error)
		return refuse(attach_error);
	assert_int_equal(attr->attach_type, BPF_CGROUP_DEVICE);
	assert_int_equal(attr->attach_bpf_fd, loaded);
	attached_to = (int)attr->target_fd;
	attached_by = (int)attr->attach_flags;
	return 0;
}

/* What the kernel does without a program of that number. */
static long detach(const union bpf_attr *attr)
{
	if (detach_error)
		return refuse(detach_error);
	assert_int_equal(attr->attach_type, BPF_CGROUP_DEVICE);
	assert_int_equal(attr->attach_flags, 0);
	released = (int)attr->target_fd;
	return 0;
}

static long bpf(long command, const union bpf_attr *attr)
{
	switch (command) {
	case BPF_PROG_LOAD:
		return load(attr);
	case BPF_PROG_ATTACH:
		return attach(attr);
	case BPF_PROG_DETACH:
		return detach(attr);
	default:
		return refuse(-EINVAL);
	}
}

long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);

long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (number != SYS_bpf)
		return __real_syscall(number, a, b, c, d, e, f);
	return bpf(a, (const void *)b);
}

/* What the program says: 0 or 1.  It knows the instructions that are used, and
 * as the kernel's checker does, it goes forward only and no further than the end. */
static bool allows(bool block, unsigned major, unsigned minor, unsigned access)
{
	const uint32_t context[] = {
		access << 16 | (block ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR), major, minor,
	};
	/* What nobody has set is no answer. */
	uint64_t value[10] = { 99, 99, 99, 99, 99, 99, 99, 99, 99, 99 };

	for (unsigned at = 0; at < count; at++) {
		const struct bpf_insn *i = &program[at];
		uint64_t *to = &value[i->dst_reg];

		reached[at]++;
		switch (i->code) {
		case BPF_LDX | BPF_MEM | BPF_W:
			assert_int_equal(i->src_reg, BPF_REG_1);
			assert_in_range(i->off, 0, sizeof(context) - 4);
			*to = context[i->off / 4];
			break;
		case BPF_ALU64 | BPF_MOV | BPF_X:
			*to = value[i->src_reg];
			break;
		case BPF_ALU64 | BPF_MOV | BPF_K:
			*to = (uint64_t)(int64_t)i->imm;
			break;
		case BPF_ALU64 | BPF_AND | BPF_K:
			*to &= (uint64_t)(int64_t)i->imm;
			break;
		case BPF_JMP | BPF_JNE | BPF_K:
			assert_true(i->off > 0);
			if (*to != (uint64_t)(int64_t)i->imm)
				at += (unsigned)i->off;
			break;
		case BPF_JMP | BPF_EXIT:
			assert_in_range(value[0], 0, 1);
			return value[0];
		default:
			fail_msg("instruction %u is unknown: %02x", at, i->code);
		}
	}
	fail_msg("the program has no end");
	return false;
}

/* --- The programs ------------------------------------------------------------------ */

#define MKNOD BPF_DEVCG_ACC_MKNOD
#define READ BPF_DEVCG_ACC_READ
#define WRITE BPF_DEVCG_ACC_WRITE
#define ALL (MKNOD | READ | WRITE)
#define NOTHING (-1)

/* Every one of these is asked for with every access. */
struct question {
	bool block;
	unsigned major, minor;
	int allowed;	/* of it, or NOTHING, not even a look */
};

static const struct question of_all[] = {
	{ false, 1, 3, ALL },		/* null */
	{ false, 1, 5, ALL },		/* zero */
	{ false, 1, 7, ALL },		/* full */
	{ false, 1, 8, ALL },		/* random */
	{ false, 1, 9, ALL },		/* urandom */
	{ false, 5, 0, ALL },		/* tty */
	{ false, 5, 2, ALL },		/* ptmx */
	{ false, 136, 0, ALL },		/* a terminal */
	{ false, 136, 1048575, ALL },
	{ true, 1, 3, NOTHING },	/* a RAM disk */
	{ true, 5, 0, NOTHING },
	{ true, 136, 0, NOTHING },
	{ false, 1, 1, NOTHING },	/* mem */
	{ false, 1, 2, NOTHING },
	{ false, 1, 4, NOTHING },	/* port */
	{ false, 1, 6, NOTHING },
	{ false, 1, 10, NOTHING },
	{ false, 1, 11, NOTHING },	/* kmsg */
	{ false, 1, 259, NOTHING },	/* 3, were it cut to 8 bits */
	{ false, 5, 1, NOTHING },	/* console */
	{ false, 5, 3, NOTHING },
	{ false, 0, 0, NOTHING },
	{ false, 4, 0, NOTHING },
	{ false, 10, 200, NOTHING },	/* tun */
	{ false, 135, 0, NOTHING },
	{ false, 137, 0, NOTHING },
	{ false, 4095, 1048575, NOTHING },
	{ true, 8, 0, NOTHING },
};

static void ask(const struct question *questions, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct question *q = &questions[i];

		for (unsigned access = 0; access <= ALL; access++) {
			bool right = q->allowed != NOTHING && !(access & ~(unsigned)q->allowed);

			if (allows(q->block, q->major, q->minor, access) != right)
				fail_msg("%c %u:%u with access %u", "cb"[q->block], q->major,
					 q->minor, access);
		}
	}
}

static void assert_all_reached(void)
{
	for (unsigned i = 0; i < count; i++)
		if (!reached[i])
			fail_msg("instruction %u was never reached", i);
}

static void harmless_ones_alone(void **state)
{
	(void)state;
	assert_int_equal(devices_confine_all(CGROUP), 0);
	assert_int_equal(attached_to, CGROUP);
	assert_int_equal(attached_by, BPF_F_ALLOW_OVERRIDE);
	assert_true(fcntl(loaded, F_GETFD) < 0);
	ask(of_all, COUNT(of_all));
	assert_all_reached();
}

static const struct service_device own_rows[] = {
	{ "/dev/ttyS1", true, true },
	{ "/dev/rtc0", true, false },
	{ "/dev/lp0", false, true },
	{ "/dev/vda", true, true },
	{ "/dev/highest", true, false },
};

static struct device_node own_nodes[COUNT(own_rows)];

/* makedev() is no constant everywhere. */
static int number_own(void **state)
{
	const struct device_node nodes[] = {
		{ S_IFCHR, makedev(4, 65) }, { S_IFCHR, makedev(252, 0) },
		{ S_IFCHR, makedev(6, 0) }, { S_IFBLK, makedev(254, 0) },
		{ S_IFBLK, makedev(4095, 1048575) },
	};

	(void)state;
	memcpy(own_nodes, nodes, sizeof(own_nodes));
	return 0;
}

static const struct question of_own[] = {
	{ false, 4, 65, ALL },
	{ false, 252, 0, MKNOD | READ },
	{ false, 6, 0, MKNOD | WRITE },
	{ true, 254, 0, ALL },
	{ true, 4095, 1048575, MKNOD | READ },
	{ true, 4, 65, NOTHING },
	{ true, 252, 0, NOTHING },
	{ false, 254, 0, NOTHING },
	{ false, 4, 64, NOTHING },
	{ false, 4, 66, NOTHING },
	{ false, 3, 65, NOTHING },
	{ false, 65, 4, NOTHING },
	{ true, 254, 1, NOTHING },
};

static const struct service owner = {
	.name = "owner", .devices = own_rows, .device_count = COUNT(own_rows),
};

static void own_ones_as_well(void **state)
{
	struct start_error err = { 0 };

	(void)state;
	assert_int_equal(devices_confine(&owner, own_nodes, CGROUP, &err), 0);
	assert_int_equal(attached_to, CGROUP);
	assert_int_equal(attached_by, 0);
	assert_true(fcntl(loaded, F_GETFD) < 0);
	ask(of_own, COUNT(of_own));
	ask(of_all, COUNT(of_all) - 1);
	assert_all_reached();
}

static void as_many_as_there_may_be(void **state)
{
	struct service_device rows[SERVICE_DEVICES_MAX];
	struct device_node nodes[SERVICE_DEVICES_MAX];
	const struct service s = { .devices = rows, .device_count = SERVICE_DEVICES_MAX };
	struct start_error err = { 0 };

	(void)state;
	for (unsigned i = 0; i < SERVICE_DEVICES_MAX; i++) {
		rows[i] = (struct service_device){ "/dev/x", true, false };
		nodes[i] = (struct device_node){ S_IFCHR, makedev(200, i) };
	}
	assert_int_equal(devices_confine(&s, nodes, CGROUP, &err), 0);
	for (unsigned i = 0; i <= SERVICE_DEVICES_MAX; i++)
		ask(&(struct question){ false, 200, i, i < SERVICE_DEVICES_MAX ? MKNOD | READ :
					NOTHING }, 1);
}

/* --- What can go wrong --------------------------------------------------------------- */

static void assert_error(const struct start_error *err, int stage, int error, const char *what)
{
	assert_int_equal(err->stage, stage);
	assert_int_equal(err->error, error);
	assert_string_equal(err->what, what);
}

static void a_kernel_that_cannot(void **state)
{
	struct start_error err = { 0 };

	(void)state;
	load_error = -EINVAL;
	assert_int_equal(devices_confine_all(CGROUP), -EINVAL);
	assert_int_equal(devices_confine(&owner, own_nodes, CGROUP, &err), -EINVAL);
	assert_error(&err, STAGE_DEVICE_FILTER, -EINVAL, "");
	load_error = 0;
	attach_error = -EPERM;
	assert_int_equal(devices_confine_all(CGROUP), -EPERM);
	assert_true(fcntl(loaded, F_GETFD) < 0);
	assert_int_equal(devices_confine(&owner, own_nodes, CGROUP, &err), -EPERM);
	assert_error(&err, STAGE_DEVICE_FILTER, -EPERM, "");
	attach_error = 0;
}

static void another_rows_go(void **state)
{
	(void)state;
	assert_int_equal(devices_release(CGROUP), 0);
	assert_int_equal(released, CGROUP);
	detach_error = -ENOENT;		/* there was none */
	assert_int_equal(devices_release(CGROUP), 0);
	detach_error = -EINVAL;
	assert_int_equal(devices_release(CGROUP), -EINVAL);
	detach_error = 0;
}

static void finds_its_devices(void **state)
{
	static const struct {
		const char *path;
		int error;
	} bad[] = {
		{ "/dev/there-is-none", -ENOENT },
		{ "/dev/fd", -ELOOP },		/* a link */
		{ "/dev/fd/0", -ELOOP },	/* behind one */
		{ "/dev/null/x", -ENOTDIR },
		{ "/dev", -ENODEV },
		{ "/etc/passwd", -ENODEV },
	};
	struct service_device rows[] = {
		{ "/dev/null", true, true }, { "/dev/zero", true, true },
	};
	const struct service s = { .devices = rows, .device_count = COUNT(rows) };
	struct device_node nodes[COUNT(rows)];
	struct start_error err;

	(void)state;
	assert_int_equal(devices_find(&s, nodes, &err), 0);
	assert_int_equal(nodes[0].type, S_IFCHR);
	assert_int_equal(nodes[0].number, makedev(1, 3));
	assert_int_equal(nodes[1].number, makedev(1, 5));
	for (size_t i = 0; i < COUNT(bad); i++) {
		rows[1].path = bad[i].path;
		err = (struct start_error){ 0 };
		assert_int_equal(devices_find(&s, nodes, &err), bad[i].error);
		assert_error(&err, STAGE_DEVICE, bad[i].error, bad[i].path);
	}
}

static void more_than_there_may_be(void **state)
{
	struct service_device rows[SERVICE_DEVICES_MAX + 1];
	const struct service s = { .devices = rows, .device_count = COUNT(rows) };
	struct device_node nodes[SERVICE_DEVICES_MAX];
	struct start_error err = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		rows[i] = (struct service_device){ "/dev/null", true, true };
	assert_int_equal(devices_find(&s, nodes, &err), -E2BIG);
	assert_error(&err, STAGE_DEVICE, -E2BIG, "/dev/null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(harmless_ones_alone),
		cmocka_unit_test(own_ones_as_well),
		cmocka_unit_test(as_many_as_there_may_be),
		cmocka_unit_test(a_kernel_that_cannot),
		cmocka_unit_test(another_rows_go),
		cmocka_unit_test(finds_its_devices),
		cmocka_unit_test(more_than_there_may_be),
	};

	return cmocka_run_group_tests(tests, number_own, NULL);
}
