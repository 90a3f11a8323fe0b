/*
 * Turns rows of DEVICES into numbers that only the running kernel knows, and
 * these into a program that says yes or no.  Refuses to know why a service
 * wants one.
 */
#include "devices.h"

#include <linux/bpf.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sys.h"

/* --- The program -------------------------------------------------------------- */

enum {
	RESULT = BPF_REG_0,
	CONTEXT = BPF_REG_1,	/* struct bpf_cgroup_dev_ctx */
	ASKED = BPF_REG_2,	/* BPF_DEVCG_ACC_… << 16 | BPF_DEVCG_DEV_… */
	MAJOR = BPF_REG_3,
	MINOR = BPF_REG_4,
	TYPE = BPF_REG_5,
	DENIED = BPF_REG_6,
};

#define LOAD(to, field) \
	{ .code = BPF_LDX | BPF_MEM | BPF_W, .dst_reg = to, .src_reg = CONTEXT, \
	  .off = offsetof(struct bpf_cgroup_dev_ctx, field) }
#define COPY(to, from) { .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = to, .src_reg = from }
#define AND(with, value) { .code = BPF_ALU64 | BPF_AND | BPF_K, .dst_reg = with, .imm = value }
#define SKIP_UNLESS(what, value, count) \
	{ .code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = what, .imm = value, .off = count }
#define RETURN(value) \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = RESULT, .imm = value }, \
	{ .code = BPF_JMP | BPF_EXIT }

static const struct bpf_insn head[] = {
	LOAD(ASKED, access_type),
	LOAD(MAJOR, major),
	LOAD(MINOR, minor),
	COPY(TYPE, ASKED),
	AND(TYPE, 0xffff),
};

/* For each of a service's own.  To make the node is allowed with any of them:
 * its /dev is made in this very cgroup. */
static const struct bpf_insn own[] = {
#define OWN_TYPE 0
	SKIP_UNLESS(TYPE, 0, 7),
#define OWN_MAJOR 1
	SKIP_UNLESS(MAJOR, 0, 6),
#define OWN_MINOR 2
	SKIP_UNLESS(MINOR, 0, 5),
	COPY(DENIED, ASKED),
#define OWN_DENIED 4
	AND(DENIED, 0),
	SKIP_UNLESS(DENIED, 0, 2),
	RETURN(1),
};

static const struct bpf_insn tail[] = {
	SKIP_UNLESS(TYPE, BPF_DEVCG_DEV_BLOCK, 2),
	RETURN(0),
#define ROW(name, major, minor) \
	SKIP_UNLESS(MAJOR, major, 3), SKIP_UNLESS(MINOR, minor, 2), RETURN(1),
	DEVICES_HARMLESS(ROW)
	/* Terminals are those of the service's own /dev/pts: the door to new
	 * ones, and each of them. */
	ROW("pts/ptmx", 5, 2)
#undef ROW
	SKIP_UNLESS(MAJOR, 136, 2),
	RETURN(1),
	RETURN(0),
};

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define PROGRAM_MAX (COUNT(head) + SERVICE_DEVICES_MAX * COUNT(own) + COUNT(tail))

struct program {
	struct bpf_insn row[PROGRAM_MAX];
	unsigned count;
};

static void add(struct program *p, const struct bpf_insn *rows, size_t count)
{
	memcpy(p->row + p->count, rows, count * sizeof(*rows));
	p->count += (unsigned)count;
}

static void add_own(struct program *p, const struct service_device *row,
		    const struct device_node *node)
{
	struct bpf_insn *at = p->row + p->count;
	int denied = (row->read ? 0 : BPF_DEVCG_ACC_READ) | (row->write ? 0 : BPF_DEVCG_ACC_WRITE);

	add(p, own, COUNT(own));
	at[OWN_TYPE].imm = S_ISBLK(node->type) ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR;
	at[OWN_MAJOR].imm = (int)major(node->number);
	at[OWN_MINOR].imm = (int)minor(node->number);
	at[OWN_DENIED].imm = denied << 16;
}

static int load(const struct program *p)
{
	static const char license[] = "MIT";
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)p->row;
	attr.insn_cnt = p->count;
	attr.license = (uintptr_t)license;
	return sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static int change(int command, int program, int cgroup, unsigned flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (unsigned)cgroup;
	attr.attach_bpf_fd = (unsigned)program;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = flags;
	return sys_bpf(command, &attr, sizeof(attr));
}

/* What is attached by the same flags already is replaced. */
static int load_and_attach(const struct program *p, int cgroup, unsigned flags)
{
	int fd = load(p), rc;

	if (fd < 0)
		return fd;
	rc = change(BPF_PROG_ATTACH, fd, cgroup, flags);
	close(fd);
	return rc;
}

int devices_confine_all(int cgroup)
{
	struct program p = { .count = 0 };

	add(&p, head, COUNT(head));
	add(&p, tail, COUNT(tail));
	return load_and_attach(&p, cgroup, BPF_F_ALLOW_OVERRIDE);
}

/* FNV-1a */
uint64_t devices_digest(const struct service *s, const struct device_node *nodes)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325);

	for (unsigned i = 0; i < s->device_count; i++) {
		digest = (digest ^ nodes[i].number) * UINT64_C(0x100000001b3);
		digest = (digest ^ nodes[i].type) * UINT64_C(0x100000001b3);
	}
	return digest;
}

/* Without a flag: below this one, nobody's program counts. */
int devices_confine(const struct service *s, const struct device_node *nodes, int cgroup,
		    struct start_error *err)
{
	struct program p = { .count = 0 };
	int rc;

	add(&p, head, COUNT(head));
	for (unsigned i = 0; i < s->device_count; i++)
		add_own(&p, &s->devices[i], &nodes[i]);
	add(&p, tail, COUNT(tail));
	rc = load_and_attach(&p, cgroup, 0);
	return rc < 0 ? start_error_set(err, STAGE_DEVICE_FILTER, rc, NULL) : 0;
}

/* Without flags there is at most one, so it need not be named. */
int devices_release(int cgroup)
{
	int rc = change(BPF_PROG_DETACH, 0, cgroup, 0);

	return rc == -ENOENT ? 0 : rc;
}

/* --- The devices -------------------------------------------------------------- */

/* Never opened: some devices wait for a peer, or ring a bell. */
static int find(const char *path, struct device_node *node)
{
	int fd = sys_openat2(AT_FDCWD, path, O_PATH, RESOLVE_NO_SYMLINKS);
	struct stat st;
	int rc;

	if (fd < 0)
		return fd;
	rc = fstat(fd, &st) < 0 ? -errno : 0;
	close(fd);
	if (rc == 0 && !S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode))
		rc = -ENODEV;
	if (rc == 0)
		*node = (struct device_node){ st.st_mode & S_IFMT, st.st_rdev };
	return rc;
}

int devices_find(const struct service *s, struct device_node *nodes, struct start_error *err)
{
	for (unsigned i = 0; i < s->device_count; i++) {
		const char *path = s->devices[i].path;
		int rc = i < SERVICE_DEVICES_MAX ? find(path, &nodes[i]) : -E2BIG;

		if (rc < 0)
			return start_error_set(err, STAGE_DEVICE, rc, path);
	}
	return 0;
}
