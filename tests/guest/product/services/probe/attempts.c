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
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
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

static void try_unshare(int out, char **argv)
{
	answer(out, unshare((int)strtoul(argv[1], NULL, 0)));
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

/* Its capabilities among other things. */
static void tell_status(int out)
{
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char buf[4096];
	ssize_t n;

	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0 && write(out, buf, (size_t)n) == n)
		;
}

static void try_setid(int out, char **argv)
{
	uid_t id = (uid_t)atoi(argv[1]);

	answer(out, setresuid(id, id, id));
	tell_status(out);
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

/* Whether somebody listens there, by a name in no file system. */
static void try_abstract(int out, char **argv)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = strnlen(argv[1], sizeof(to.sun_path) - 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(to.sun_path + 1, argv[1], n);
	answer(out, fd < 0 ? -1 : connect(fd, (void *)&to, (socklen_t)(
		offsetof(struct sockaddr_un, sun_path) + 1 + n)));
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

const struct verb attempts[] = {
	{ "write", "PATH TEXT", 2, IN_CHILD, try_write },
	{ "open", "PATH FLAGS", 2, IN_CHILD, try_open },
	{ "unshare", "FLAGS", 1, IN_CHILD, try_unshare },
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
	{ "abstract", "NAME", 1, IN_CHILD, try_abstract },
	{ "ping", "ADDRESS", 1, IN_CHILD, try_ping },
	{ "settime", "", 0, IN_CHILD, try_settime },
	{ "reboot", "", 0, IN_CHILD, try_reboot },
	{ "klog", "", 0, IN_CHILD, try_klog },
	{ "module", "", 0, IN_CHILD, try_module },
	{ .name = NULL },
};
