/*
 * The peer's verbs that run programs: many at once, on a terminal, as another
 * user, and while no process can be made any more.
 */
#include "peer.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PID_MAX "/proc/sys/kernel/pid_max"

/* How long the table of processes is kept full after a process was killed. */
#define FULL_MS 1500

_Noreturn void peer_become(char **argv)
{
	execvp(argv[0], argv);
	fprintf(stderr, "peer: %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

int peer_as(int argc, char **argv)
{
	uid_t uid = argc > 2 ? (uid_t)atoi(argv[1]) : 0;

	if (argc < 3 || setgroups(0, NULL) || setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		return 2;
	peer_become(argv + 2);
}

/* A child that becomes the program, in silence, once there is a byte for it in the
 * gate, or the gate is closed. */
static pid_t prepare(char **argv, const int gate[2])
{
	pid_t pid = fork();
	int null;
	char byte;

	if (pid)
		return pid;
	close(gate[1]);
	(void)!read(gate[0], &byte, 1);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(null, 0);
	dup2(null, 1);
	peer_become(argv);
}

static int exit_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int peer_crowd(int argc, char **argv)
{
	long i, count[256] = { 0 }, n = argc > 2 ? atol(argv[1]) : 0, made = 0;
	int gate[2], status;

	if (pipe2(gate, O_CLOEXEC))
		return 2;
	for (i = 0; i < n; i++)
		made += prepare(argv + 2, gate) > 0;
	printf("made %ld\n", made);
	close(gate[1]);
	while (wait(&status) > 0)
		count[exit_status(status) & 255]++;
	for (i = 0; i < 256; i++)
		if (count[i])
			printf("status %ld: %ld\n", i, count[i]);
	return 0;
}

static void write_pid_max(const char *text)
{
	int fd = open(PID_MAX, O_WRONLY | O_CLOEXEC);

	(void)!write(fd, text, strlen(text));
	close(fd);
}

static long clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

/* Processes that do nothing, until no more can be made, for at least so long.
 * They end with this one. */
static long fill(long ms)
{
	long count = 0, end = clock_ms() + ms;
	pid_t pid;

	do {
		while ((pid = fork()) > 0)
			count++;
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
		peer_sleep_ms(1);
	} while (clock_ms() < end);
	return count;
}

/*
 * While the table of processes is full: asks PID 1 over a connection that was
 * there before and over a new one, lets PROGRAM run, which was a process
 * before, and kills PID.
 */
int peer_full(int argc, char **argv)
{
	int status = 0, gate[2], before = argc > 4 ? peer_connect(argv[1]) : -1, after;
	struct control_answer answer;
	pid_t program;

	if (before < 0 || pipe2(gate, O_CLOEXEC))
		return 2;
	program = prepare(argv + 4, gate);
	write_pid_max(argv[2]);
	printf("made %ld\n", fill(0));
	printf("before %d\n", peer_attach(before, &answer));
	after = peer_connect(argv[1]);
	printf("after %d\n", after < 0 ? -errno : peer_attach(after, &answer));
	(void)!write(gate[1], "", 1);	/* the others hold it open */
	waitpid(program, &status, 0);
	printf("program %d\n", exit_status(status));
	fill(0);
	printf("killed %d\n", kill(atoi(argv[3]), SIGKILL));
	fill(FULL_MS);
	printf("still %d\n", peer_attach(before, &answer));
	write_pid_max("32768");
	return 0;
}

static int open_pty(struct winsize *size, char *name, size_t room)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || grantpt(fd) || unlockpt(fd) || ptsname_r(fd, name, room) ||
	    ioctl(fd, TIOCSWINSZ, size))
		return -1;
	return fd;
}

static _Noreturn void become_on(const char *name, char **argv)
{
	int tty;

	setsid();
	tty = open(name, O_RDWR | O_CLOEXEC);	/* and it is this session's */
	dup2(tty, 0);
	dup2(tty, 1);
	dup2(tty, 2);
	peer_become(argv);
}

/* What the program prints is passed on; at its first word the size changes. */
int peer_pty(int argc, char **argv)
{
	struct winsize first = { 0 }, then = { 0 };
	char name[64], bytes[4096];
	int fd, status = 0;
	ssize_t n;
	pid_t pid;

	if (argc < 6)
		return 2;
	first.ws_row = (unsigned short)atoi(argv[1]);
	first.ws_col = (unsigned short)atoi(argv[2]);
	then.ws_row = (unsigned short)atoi(argv[3]);
	then.ws_col = (unsigned short)atoi(argv[4]);
	fd = open_pty(&first, name, sizeof(name));
	if (fd < 0)
		return 2;
	pid = fork();
	if (!pid)
		become_on(name, argv + 5);
	while ((n = read(fd, bytes, sizeof(bytes))) > 0) {
		(void)!write(1, bytes, (size_t)n);
		if (memmem(bytes, (size_t)n, "size ", 5))
			ioctl(fd, TIOCSWINSZ, &then);
	}
	waitpid(pid, &status, 0);
	return exit_status(status);
}
