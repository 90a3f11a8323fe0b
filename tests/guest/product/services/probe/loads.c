/*
 * Verbs that use something up, or print: what limits, reaping and the log are
 * there for.
 */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MEGABYTE ((size_t)1 << 20)

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static long clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (long)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

/* SysV shared memory that outlives whoever made it. */
static void load_shm(int out, char **argv)
{
	size_t size = (size_t)atoi(argv[1]) * MEGABYTE;
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0600);
	void *at = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

	if (at != (void *)-1)
		memset(at, 1, size);
	answer(out, at == (void *)-1 ? -1 : 0);
}

/* Takes memory until somebody puts an end to it. */
static void load_hog(int out, char **argv)
{
	char *at;

	(void)argv;
	dprintf(out, "taking memory\n");
	for (;;) {
		at = mmap(NULL, MEGABYTE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at != MAP_FAILED)
			memset(at, 1, MEGABYTE);
	}
}

/* Forks until it may not, answers, and keeps all of them for a while. */
static void load_forkbomb(int out, char **argv)
{
	long count = 0;
	pid_t pid;

	setpgid(0, 0);
	while (count < 100000 && (pid = fork()) >= 0) {
		if (!pid) {
			close(out);
			for (;;)
				pause();
		}
		count++;
	}
	answer(out, -1);
	dprintf(out, "forked %ld\n", count);
	close(out);
	sleep_ms(atol(argv[1]));
	kill(0, SIGKILL);
}

/* Processes whose parent ends before they do. */
static void load_orphans(int out, char **argv)
{
	int i, n = atoi(argv[1]);
	long made = 0;
	pid_t pid;

	for (i = 0; i < n; i++) {
		pid = fork();
		if (!pid) {
			if (!fork())
				sleep_ms(20);
			_exit(0);
		}
		if (pid > 0 && waitpid(pid, NULL, 0) == pid)
			made++;
	}
	answer(out, 0);
	dprintf(out, "made %ld\n", made);
}

/* An orphan that lives for a while and tells who its parent is by then. */
static void load_orphan(int out, char **argv)
{
	pid_t middle = fork();

	if (!middle) {
		if (!fork()) {
			sleep_ms(atol(argv[1]));
			answer(out, 0);
			dprintf(out, "ppid %d\n", getppid());
		}
		_exit(0);
	}
	waitpid(middle, NULL, 0);
}

static void load_files(int out, char **argv)
{
	long count = 0;

	(void)argv;
	while (count < 100000 && open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0)
		count++;
	answer(out, -1);
	dprintf(out, "opened %ld\n", count);
}

static void load_fill(int out, char **argv)
{
	static char block[65536];
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	long long bytes = 0;
	ssize_t n = fd;

	while (n >= 0 && bytes < 1 << 30) {
		n = write(fd, block, sizeof(block));
		bytes += n > 0 ? n : 0;
	}
	answer(out, n);
	dprintf(out, "wrote %lld\n", bytes);
	unlink(argv[1]);
}

/* How much of the CPU it gets when it wants all of it. */
static void load_spin(int out, char **argv)
{
	long end = clock_ms(CLOCK_MONOTONIC) + atol(argv[1]);
	long before = clock_ms(CLOCK_PROCESS_CPUTIME_ID);

	while (clock_ms(CLOCK_MONOTONIC) < end)
		;
	answer(out, 0);
	dprintf(out, "cpu %ld\n", clock_ms(CLOCK_PROCESS_CPUTIME_ID) - before);
}

/* Numbered lines on standard output, as fast as it takes them. */
static void load_flood(int out, char **argv)
{
	long i, lines = atol(argv[1]), start = clock_ms(CLOCK_MONOTONIC);

	for (i = 0; i < lines; i++)
		dprintf(1, "flood %ld ........................................\n", i);
	answer(out, 0);
	dprintf(out, "ms %ld\n", clock_ms(CLOCK_MONOTONIC) - start);
}

/* Short lines for so long, in writes as large as the pipe takes, after the answer. */
static void load_torrent(int out, char **argv)
{
	static const char line[] = "torrent of words that nobody reads\n";
	static char block[65536];
	long end = clock_ms(CLOCK_MONOTONIC) + atol(argv[1]);
	size_t at;

	for (at = 0; at + sizeof(line) - 1 <= sizeof(block); at += sizeof(line) - 1)
		memcpy(block + at, line, sizeof(line) - 1);
	answer(out, 0);
	close(out);
	while (clock_ms(CLOCK_MONOTONIC) < end && write(1, block, at) > 0)
		;
}

size_t unescape(char *to, const char *from)
{
	size_t n = 0;

	while (*from) {
		if (from[0] == '\\' && from[1] == 'n') {
			to[n++] = '\n';
			from += 2;
		} else if (from[0] == '\\' && from[1] == 'x' && from[2] && from[3]) {
			to[n++] = (char)strtol((char[]){ from[2], from[3], 0 }, NULL, 16);
			from += 4;
		} else {
			to[n++] = *from++;
		}
	}
	return n;
}

/* One write(2) on standard output (1) or error (2). */
static void load_say(int out, char **argv)
{
	char text[REQUEST_SIZE];
	size_t n = 0;
	int i;

	for (i = 2; argv[i]; i++) {
		n += unescape(text + n, argv[i]);
		text[n++] = argv[i + 1] ? ' ' : '\n';
	}
	answer(out, write(atoi(argv[1]), text, n));
}

/* One line of so many letters. */
static void load_longline(int out, char **argv)
{
	size_t n = (size_t)atoi(argv[1]);
	char *line = malloc(n + 1);

	memset(line, 'x', n);
	line[n] = '\n';
	answer(out, write(1, line, n + 1));
	free(line);
}

const struct verb loads[] = {
	{ "shm", "MEGABYTES", 1, IN_CHILD, load_shm },
	{ "hog", "", 0, IN_CHILD, load_hog },
	{ "forkbomb", "HOLD_MS", 1, IN_CHILD, load_forkbomb },
	{ "orphans", "COUNT", 1, IN_CHILD, load_orphans },
	{ "orphan", "MS", 1, IN_CHILD, load_orphan },
	{ "files", "", 0, IN_CHILD, load_files },
	{ "fill", "PATH", 1, IN_CHILD, load_fill },
	{ "spin", "MS", 1, IN_CHILD, load_spin },
	{ "flood", "LINES", 1, IN_CHILD, load_flood },
	{ "say", "FD TEXT…", 2, IN_CHILD, load_say },
	{ "longline", "LENGTH", 1, IN_CHILD, load_longline },
	{ "torrent", "MS", 1, IN_CHILD, load_torrent },
	{ .name = NULL },
};
