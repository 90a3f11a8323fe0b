/*
 * Reads what the kernel says, and gives it names.  Refuses to judge it
 * (loosened.h).
 */
#include "confined.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "files.h"

static const char *const namespaces[CONFINED_NAMESPACES] = {
	"user", "pid", "mnt", "net", "uts", "ipc", "cgroup", "time",
};

/* In the order of proc_pid_status(5). */
static const char *const sets[CONFINED_SETS] = {
	"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb",
};

/* One after the other, by their numbers. */
static const char capabilities[] =
	"chown\0dac_override\0dac_read_search\0fowner\0fsetid\0kill\0setgid\0setuid\0"
	"setpcap\0linux_immutable\0net_bind_service\0net_broadcast\0net_admin\0net_raw\0"
	"ipc_lock\0ipc_owner\0sys_module\0sys_rawio\0sys_chroot\0sys_ptrace\0sys_pacct\0"
	"sys_admin\0sys_boot\0sys_nice\0sys_resource\0sys_time\0sys_tty_config\0mknod\0"
	"lease\0audit_write\0audit_control\0setfcap\0mac_override\0mac_admin\0syslog\0"
	"wake_alarm\0block_suspend\0audit_read\0perfmon\0bpf\0checkpoint_restore";

#define CAPABILITIES 41

static uint64_t inode(int dir, const char *folder, const char *name)
{
	char path[32];
	struct text t = TEXT_ON(path);
	struct stat st;

	text_add(&t, "%s%s", folder, name);
	return fstatat(dir, path, &st, 0) < 0 ? 0 : st.st_ino;
}

static int64_t status_number(int proc, const char *key, unsigned base)
{
	/* 64 bits in hexadecimal. */
	char buf[20];

	if (!files_field(proc, "status", key, buf, sizeof(buf)))
		return -1;
	return (int64_t)files_parse(buf, base, NULL);
}

void confined_read(struct confined *is, int proc)
{
	for (unsigned i = 0; i < CONFINED_NAMESPACES; i++) {
		is->namespace[i] = inode(proc, "ns/", namespaces[i]);
		is->boards[i] = is->namespace[i] &&
				is->namespace[i] == inode(AT_FDCWD, "/proc/1/ns/", namespaces[i]);
	}
	for (unsigned i = 0; i < CONFINED_SETS; i++)
		is->capabilities[i] = status_number(proc, sets[i], 16);
	is->seccomp = status_number(proc, "Seccomp", 10);
	is->no_new_privs = status_number(proc, "NoNewPrivs", 10);
}

const char *confined_caps_words(struct text *t, int64_t set)
{
	const int64_t known = (INT64_C(1) << CAPABILITIES) - 1;
	const char *name = capabilities;

	if (set <= 0)
		return set ? NULL : "none";
	if ((set & known) == known)
		return "all";
	for (unsigned i = 0; i < CAPABILITIES; i++, name += strlen(name) + 1)
		if (set >> i & 1)
			text_add(t, "%s%s", t->len ? " " : "", name);
	if (set & ~known)
		text_add(t, "%sand newer ones", t->len ? " " : "");
	return t->buf;
}

const char *confined_namespace(unsigned number)
{
	return namespaces[number];
}

void confined_show(struct show *s, const struct confined *is)
{
	static const char *const modes[] = { "none", "strict", "filter" };

	show_open(s, "namespaces", '{');
	for (unsigned i = 0; i < CONFINED_NAMESPACES; i++)
		if (is->namespace[i])
			show_number(s, namespaces[i], SHOW_COUNT, (int64_t)is->namespace[i]);
	show_close(s, '}');
	show_open(s, "capabilities", '{');
	for (unsigned i = 0; i < CONFINED_SETS; i++) {
		char words[CONFINED_CAPS_SIZE];
		struct text t = TEXT_ON(words);

		show_string(s, sets[i], confined_caps_words(&t, is->capabilities[i]));
	}
	show_close(s, '}');
	show_string(s, "seccomp", is->seccomp >= 0 && is->seccomp < 3 ? modes[is->seccomp] : NULL);
	show_number(s, "no_new_privs", SHOW_BOOL, is->no_new_privs);
}
