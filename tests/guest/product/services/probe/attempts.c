/*
 * Verbs that try what a service must not be able to do.  Each is one system
 * call, or the shortest way to it, and tells how the kernel answered.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <netinet/ip_icmp.h>
#include <unistd.h>
#include <grp.h>

static void try_write(int out, char **argv)
{
	int fd = open(argv[1], O_WRONLY | O_CLOEXEC);

	answer(out, fd < 0 ? -1 : write(fd, argv[2], strlen(argv[2])));
}

static void try_open(int out, char **argv)
{
	answer(out, open(argv[1], atoi(argv[2]) | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

static void try_create(int out, char **argv)
{
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	answer(out, fd);
	if (fd >= 0)
		unlink(argv[1]);
}

static void try_mknod(int out, char **argv)
{
	answer(out, mknod(argv[1], S_IFCHR | 0600, makedev(1, 3)));
}

static void try_mount(int out, char **argv)
{
	answer(out, mount("none", argv[2], argv[1], 0, NULL));
}

static void try_remount(int out, char **argv)
{
	answer(out, mount(NULL, argv[1], NULL, MS_REMOUNT | MS_BIND, NULL));
}

static void try_umount(int out, char **argv)
{
	answer(out, umount2(argv[1], MNT_DETACH));
}

static void try_unshare(int out, char **argv)
{
	answer(out, unshare((int)strtoul(argv[1], NULL, 0)));
}

static void try_chroot(int out, char **argv)
{
	answer(out, chroot(argv[1]));
}

static void try_sethostname(int out, char **argv)
{
	answer(out, sethostname(argv[1], strlen(argv[1])));
}

static void try_kill(int out, char **argv)
{
	answer(out, kill(atoi(argv[1]), atoi(argv[2])));
}

static void try_ptrace(int out, char **argv)
{
	answer(out, ptrace(PTRACE_SEIZE, atoi(argv[1]), NULL, NULL));
}

static void try_setid(int out, char **argv)
{
	uid_t id = (uid_t)atoi(argv[1]);

	answer(out, setresuid(id, id, id));
}

static void try_setgroups(int out, char **argv)
{
	gid_t group = 1;

	(void)argv;
	answer(out, setgroups(1, &group));
}

static void try_nice(int out, char **argv)
{
	answer(out, setpriority(PRIO_PROCESS, 0, atoi(argv[1])));
}

static void try_nofile(int out, char **argv)
{
	rlim_t n = (rlim_t)atoi(argv[1]);
	struct rlimit limit = { n, n };

	answer(out, setrlimit(RLIMIT_NOFILE, &limit));
}

/* Asks for one permitted capability back. */
static void try_capset(int out, char **argv)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct one[2] = { { .permitted = 1u << atoi(argv[1]) } };

	answer(out, syscall(SYS_capset, &header, one));
}

static void try_bind(int out, char **argv)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(argv[1])),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	answer(out, fd < 0 ? -1 : bind(fd, (void *)&at, sizeof(at)));
}

static void try_socket(int out, char **argv)
{
	answer(out, socket(atoi(argv[1]), atoi(argv[2]) | SOCK_CLOEXEC, atoi(argv[3])));
}

/* An echo request by the datagram socket that ping_group_range allows. */
static void try_ping(int out, char **argv)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	struct icmphdr echo = { .type = ICMP_ECHO };
	struct timeval patience = { .tv_sec = 3 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	long rc = -1;

	inet_pton(AF_INET, argv[1], &to.sin_addr);
	if (fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) &&
	    sendto(fd, &echo, sizeof(echo), 0, (void *)&to, sizeof(to)) > 0)
		rc = recv(fd, &echo, sizeof(echo), 0);
	answer(out, rc);
	if (rc > 0)
		dprintf(out, "type %d\n", echo.type);
}

static void try_settime(int out, char **argv)
{
	struct timeval now;

	(void)argv;
	gettimeofday(&now, NULL);
	answer(out, settimeofday(&now, NULL));
}

/* Switching ctrl-alt-del off: the command that does least if it works. */
static void try_reboot(int out, char **argv)
{
	(void)argv;
	answer(out, reboot(RB_DISABLE_CAD));
}

static void try_klog(int out, char **argv)
{
	char text[64];

	(void)argv;
	answer(out, klogctl(3 /* SYSLOG_ACTION_READ_ALL */, text, sizeof(text)));
}

static void try_module(int out, char **argv)
{
	(void)argv;
	answer(out, syscall(SYS_init_module, NULL, 0, ""));
}

/* Opens / by handle, as one does who looks for another file system's inodes. */
static void try_handle(int out, char **argv)
{
	struct {
		struct file_handle head;
		char bytes[MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	int mount_id, fd = open(argv[1], O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && !name_to_handle_at(fd, "", &handle.head, &mount_id, AT_EMPTY_PATH))
		answer(out, open_by_handle_at(fd, &handle.head, O_RDONLY | O_CLOEXEC));
	else
		answer(out, -1);
}

const struct verb attempts[] = {
	{ "write", "PATH TEXT", 2, IN_CHILD, try_write },
	{ "open", "PATH FLAGS", 2, IN_CHILD, try_open },
	{ "create", "PATH", 1, IN_CHILD, try_create },
	{ "mknod", "PATH", 1, IN_CHILD, try_mknod },
	{ "mount", "TYPE PATH", 2, IN_CHILD, try_mount },
	{ "remount", "PATH", 1, IN_CHILD, try_remount },
	{ "umount", "PATH", 1, IN_CHILD, try_umount },
	{ "unshare", "FLAGS", 1, IN_CHILD, try_unshare },
	{ "chroot", "PATH", 1, IN_CHILD, try_chroot },
	{ "sethostname", "NAME", 1, IN_CHILD, try_sethostname },
	{ "kill", "PID SIGNAL", 2, IN_CHILD, try_kill },
	{ "ptrace", "PID", 1, IN_CHILD, try_ptrace },
	{ "setuid", "UID", 1, IN_CHILD, try_setid },
	{ "setgroups", "", 0, IN_CHILD, try_setgroups },
	{ "nice", "VALUE", 1, IN_CHILD, try_nice },
	{ "nofile", "LIMIT", 1, IN_CHILD, try_nofile },
	{ "capset", "CAPABILITY", 1, IN_CHILD, try_capset },
	{ "bind", "PORT", 1, IN_CHILD, try_bind },
	{ "socket", "FAMILY TYPE PROTOCOL", 3, IN_CHILD, try_socket },
	{ "ping", "ADDRESS", 1, IN_CHILD, try_ping },
	{ "settime", "", 0, IN_CHILD, try_settime },
	{ "reboot", "", 0, IN_CHILD, try_reboot },
	{ "klog", "", 0, IN_CHILD, try_klog },
	{ "module", "", 0, IN_CHILD, try_module },
	{ "handle", "PATH", 1, IN_CHILD, try_handle },
	{ .name = NULL },
};
