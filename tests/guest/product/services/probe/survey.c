/*
 * The peer's verbs that look at the board: what lies in its file systems, how
 * long a service takes to answer, and who hears of an abstract socket.
 */
#include "peer.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* One request each: so many give a median that means something. */
#define TIMES_MAX 2000

/* Folders that are open at the same time; the kernel's trees are no deeper. */
#define DEPTH 32

static void print_time(const struct timespec *t)
{
	printf(" %lld.%09ld", (long long)t->tv_sec, t->tv_nsec);
}

/* Whoever touches a file cannot put its ctime back.  Those of a device node
 * tell of its use, not of the node. */
static int print_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	char target[4096];
	ssize_t n = S_ISLNK(st->st_mode) ? readlink(path, target, sizeof(target)) : 0;

	(void)kind;
	(void)at;
	printf("%s %o %u:%u %u:%u", path, (unsigned)st->st_mode, (unsigned)st->st_uid,
	       (unsigned)st->st_gid, major(st->st_rdev), minor(st->st_rdev));
	if (n > 0)
		printf(" -> %.*s", (int)n, target);
	if (S_ISREG(st->st_mode))
		printf(" %lld", (long long)st->st_size);
	if (!S_ISCHR(st->st_mode) && !S_ISBLK(st->st_mode)) {
		print_time(&st->st_mtim);
		print_time(&st->st_ctim);
	}
	printf("\n");
	return 0;
}

/* Every file below the folders, as far as their own file systems go. */
int peer_digest(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (nftw(argv[i], print_file, DEPTH, FTW_PHYS | FTW_MOUNT))
			return 1;
	return 0;
}

/* Listens by a name in no file system, for so long. */
int peer_abstract(int argc, char **argv)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	size_t n = argc == 3 ? strnlen(argv[1], sizeof(at.sun_path) - 1) : 0;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (!n)
		return 2;
	memcpy(at.sun_path + 1, argv[1], n);
	if (bind(fd, (void *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n)) ||
	    listen(fd, 16))
		return 1;
	peer_sleep_ms(atol(argv[2]));
	return 0;
}

static long clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)(t.tv_sec * 1000000 + t.tv_nsec / 1000);
}

/* Whether it answers `ok` to a question that costs it nothing. */
static int ask_once(const struct sockaddr_in *to)
{
	static const char question[] = "groups\n";
	struct timeval patience = { .tv_sec = 10 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char bytes[64] = "";
	ssize_t n = -1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (!connect(fd, (const void *)to, sizeof(*to)) &&
	    write(fd, question, sizeof(question) - 1) > 0)
		n = read(fd, bytes, sizeof(bytes) - 1);
	close(fd);
	return n >= 2 && !memcmp(bytes, "ok", 2);
}

static int compare(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

/* Asks a probe at ADDRESS so often, one question after the other. */
int peer_times(int argc, char **argv)
{
	static long us[TIMES_MAX];
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(7000) };
	long i, start, answered = 0, n = argc == 3 ? atol(argv[2]) : 0;

	if (n < 1 || n > TIMES_MAX || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 2;
	for (i = 0; i < n; i++) {
		start = clock_us();
		answered += ask_once(&to);
		us[i] = clock_us() - start;
	}
	qsort(us, (size_t)n, sizeof(us[0]), compare);
	printf("answered %ld\nmedian %ld\nmost %ld\n", answered, us[n / 2], us[n - 1]);
	return 0;
}
