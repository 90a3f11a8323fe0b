/*
 * Verbs that only look.  Each tells one kind of fact as the kernel tells it.
 */
#include "probe.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* One read's worth; a file of /proc is told whole, up to this many reads. */
#define CHUNK_SIZE 4096
#define CHUNKS_MAX 64

static void tell_birth(int out, char **argv)
{
	(void)argv;
	birth_tell(out);
}

static void tell_link(int out, char **argv)
{
	char target[512];
	ssize_t n = readlink(argv[1], target, sizeof(target));

	answer(out, n);
	if (n >= 0)
		dprintf(out, "%.*s\n", (int)n, target);
}

static void tell_file(int out, char **argv)
{
	char chunk[CHUNK_SIZE];
	int fd = open(argv[1], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, chunk, sizeof(chunk));
	int i;

	answer(out, n);
	for (i = 0; n > 0 && i < CHUNKS_MAX; i++) {
		if (write(out, chunk, (size_t)n) != n)
			return;
		n = read(fd, chunk, sizeof(chunk));
	}
}

static char kind_of(mode_t mode)
{
	static const struct {
		mode_t type;
		char letter;
	} kinds[] = {
		{ S_IFDIR, 'd' }, { S_IFCHR, 'c' }, { S_IFBLK, 'b' }, { S_IFREG, '-' },
		{ S_IFLNK, 'l' }, { S_IFIFO, 'p' }, { S_IFSOCK, 's' },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((mode & S_IFMT) == kinds[i].type)
			return kinds[i].letter;
	return '?';
}

static void tell_entry(int out, int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	dprintf(out, "%s %c%04o %u:%u %u:%u %lld\n", name, kind_of(st.st_mode),
		(unsigned)st.st_mode & 07777u, (unsigned)st.st_uid, (unsigned)st.st_gid,
		major(st.st_rdev), minor(st.st_rdev), (long long)st.st_size);
}

static void tell_folder(int out, char **argv)
{
	DIR *dir = opendir(argv[1]);
	struct dirent *entry;

	answer(out, dir ? 0 : -1);
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			tell_entry(out, dirfd(dir), entry->d_name);
}

static void tell_stat(int out, char **argv)
{
	struct stat st;

	answer(out, lstat(argv[1], &st));
	tell_entry(out, AT_FDCWD, argv[1]);
}

static void tell_statfs(int out, char **argv)
{
	struct statfs fs;

	if (statfs(argv[1], &fs) < 0) {
		answer(out, -1);
		return;
	}
	answer(out, 0);
	dprintf(out, "type 0x%lx\nbytes %llu\nflags 0x%lx\n", (unsigned long)fs.f_type,
		(unsigned long long)fs.f_blocks * fs.f_bsize, (unsigned long)fs.f_flags);
}

static void tell_interface(int out, const struct ifaddrs *at)
{
	const struct sockaddr_in *address = (const void *)at->ifa_addr;
	const struct sockaddr_in *mask = (const void *)at->ifa_netmask;
	char text[INET_ADDRSTRLEN];

	dprintf(out, "%s %s", at->ifa_name, at->ifa_flags & IFF_UP ? "up" : "down");
	if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET)
		dprintf(out, " %s/%d",
			inet_ntop(AF_INET, &address->sin_addr, text, sizeof(text)),
			__builtin_popcount(mask->sin_addr.s_addr));
	dprintf(out, "\n");
}

static void tell_interfaces(int out, char **argv)
{
	struct ifaddrs *first = NULL, *at;

	(void)argv;
	answer(out, getifaddrs(&first));
	for (at = first; at; at = at->ifa_next)
		tell_interface(out, at);
}

static void tell_hostname(int out, char **argv)
{
	struct utsname names;

	(void)argv;
	answer(out, uname(&names));
	dprintf(out, "%s\n", names.nodename);
}

static void tell_groups(int out, char **argv)
{
	gid_t groups[64];
	int i, n = getgroups(64, groups);

	(void)argv;
	answer(out, n);
	for (i = 0; i < n; i++)
		dprintf(out, "%u\n", (unsigned)groups[i]);
}

static void tell_namespaces(int out, char **argv)
{
	static const char *const kinds[] = { "mnt", "pid", "net", "ipc", "uts", "user", "cgroup" };
	char path[64], target[64];
	ssize_t n;
	size_t i;

	(void)argv;
	answer(out, 0);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(path, sizeof(path), "/proc/self/ns/%s", kinds[i]);
		n = readlink(path, target, sizeof(target));
		dprintf(out, "%s %.*s\n", kinds[i], n < 0 ? 0 : (int)n, target);
	}
}

/* Standard input, as it is: without the answer's first line. */
static void tell_input(int out, char **argv)
{
	char chunk[CHUNK_SIZE];
	ssize_t n;

	(void)argv;
	while ((n = read(0, chunk, sizeof(chunk))) > 0)
		if (write(out, chunk, (size_t)n) != n)
			return;
}

static volatile sig_atomic_t resized;

static void resize(int signal_number)
{
	(void)signal_number;
	resized = 1;
}

static void tell_size(int out)
{
	struct winsize size;

	if (ioctl(0, TIOCGWINSZ, &size) < 0)
		answer(out, -1);
	else
		dprintf(out, "size %d %d\n", size.ws_row, size.ws_col);
}

/* The terminal on standard input, and once more when its size has changed. */
static void tell_terminal(int out, char **argv)
{
	struct timespec tick = { 0, 20000000 };
	const char *name = ttyname(0);
	int i;

	(void)argv;
	signal(SIGWINCH, resize);
	if (!isatty(0) || !isatty(1) || !isatty(2)) {
		answer(out, -1);
		return;
	}
	answer(out, 0);
	dprintf(out, "name %s\nforeground %d\n", name ? name : "?", tcgetpgrp(0) == getpgrp());
	tell_size(out);
	for (i = 0; !resized && i < 500; i++)
		nanosleep(&tick, NULL);
	tell_size(out);
}

static void tell_reply(int out, char **argv)
{
	char reply[CHUNK_SIZE], text[REQUEST_SIZE] = "";
	long n;
	int i;

	for (i = 3; argv[i]; i++) {
		strcat(text, i > 3 ? " " : "");	/* words of one request: they fit */
		strcat(text, argv[i]);
	}
	n = ask_tcp(argv[1], argv[2], argv[3] ? text : NULL, reply, sizeof(reply));
	answer(out, n);
	if (n > 0)
		dprintf(out, "%s\n", reply);
}

const struct verb facts[] = {
	{ "birth", "", 0, IN_CHILD, tell_birth },
	{ "link", "PATH", 1, IN_CHILD, tell_link },
	{ "read", "PATH", 1, IN_CHILD, tell_file },
	{ "list", "PATH", 1, IN_CHILD, tell_folder },
	{ "stat", "PATH", 1, IN_CHILD, tell_stat },
	{ "statfs", "PATH", 1, IN_CHILD, tell_statfs },
	{ "interfaces", "", 0, IN_CHILD, tell_interfaces },
	{ "hostname", "", 0, IN_CHILD, tell_hostname },
	{ "groups", "", 0, IN_CHILD, tell_groups },
	{ "namespaces", "", 0, IN_CHILD, tell_namespaces },
	{ "input", "", 0, IN_CHILD, tell_input },
	{ "terminal", "", 0, IN_MAIN, tell_terminal },
	{ "connect", "ADDRESS PORT [TEXT…]", 2, IN_CHILD, tell_reply },
	{ .name = NULL },
};
