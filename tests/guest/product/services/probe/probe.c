/*
 * The probe's main program: how it lives, and how it ends.  It takes one request
 * a connection.  It reaps whatever is reparented to it, as whoever is PID 1 of a
 * namespace must.
 *
 *   probe serve             answer on port 7000; a signal to stop ends it
 *   probe linger MS         the same, but it takes MS to end
 *   probe stay              the same, but it hears SIGTERM and goes on
 *   probe deaf              the same, but it has no handler for any signal
 *   probe watched           the same, but it says READY=1 and WATCHDOG=1 by sd_notify(3)
 *   probe count MS          the same, but it prints a number every MS
 *   probe need FILE         as watched, but it exits with 1 if there is no FILE
 *   probe check FILE        exit with 0 if there is a FILE, else with 1
 *   probe exit STATUS MS    live for MS, then exit with STATUS
 *   probe run VERB …        one verb, answered on standard output
 *
 * It serves on the port that PORT in its environment says, if there is one, and
 * opens doors beside it (doors.c).
 */
#include "probe.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long linger_ms;

void answer(int out, long rc)
{
	static const char *const names[] = {
		[EPERM] = "EPERM", [ENOENT] = "ENOENT", [ESRCH] = "ESRCH", [EINTR] = "EINTR",
		[EIO] = "EIO", [ENXIO] = "ENXIO", [EAGAIN] = "EAGAIN", [ENOMEM] = "ENOMEM",
		[EACCES] = "EACCES", [EFAULT] = "EFAULT", [EBUSY] = "EBUSY",
		[EEXIST] = "EEXIST", [ENODEV] = "ENODEV", [ENOTDIR] = "ENOTDIR",
		[EISDIR] = "EISDIR", [EINVAL] = "EINVAL", [EMFILE] = "EMFILE",
		[ENOSPC] = "ENOSPC", [EROFS] = "EROFS", [ELOOP] = "ELOOP",
		[ENOSYS] = "ENOSYS", [EOPNOTSUPP] = "EOPNOTSUPP", [EAFNOSUPPORT] = "EAFNOSUPPORT",
		[EPROTONOSUPPORT] = "EPROTONOSUPPORT", [ENETUNREACH] = "ENETUNREACH",
		[EHOSTUNREACH] = "EHOSTUNREACH", [ECONNREFUSED] = "ECONNREFUSED",
		[ECONNRESET] = "ECONNRESET", [ETIMEDOUT] = "ETIMEDOUT",
		[EINPROGRESS] = "EINPROGRESS", [EADDRINUSE] = "EADDRINUSE", [ENODATA] = "ENODATA", [EPIPE] = "EPIPE", [EADDRNOTAVAIL] = "EADDRNOTAVAIL",
	};
	int error = errno;

	if (rc >= 0)
		dprintf(out, "ok\n");
	else if ((size_t)error < sizeof(names) / sizeof(names[0]) && names[error])
		dprintf(out, "%s\n", names[error]);
	else
		dprintf(out, "errno %d\n", error);
}

long ask_tcp(const char *address, const char *port, const char *text, char *reply, size_t size)
{
	struct timeval patience = { .tv_sec = 3 };
	struct sockaddr_storage to;
	int len = probe_address(address, port, &to);
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t used = 0;
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (void *)&to, (socklen_t)len) < 0)
		return -1;
	if (text)
		dprintf(fd, "%s\n", text);
	while (text && used < size - 1 && (n = read(fd, reply + used, size - 1 - used)) > 0)
		used += (size_t)n;
	reply[used] = '\0';
	close(fd);
	return (long)used;
}

static void reap(int signal_number)
{
	int error = errno;

	(void)signal_number;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	errno = error;
}

static void serve_request(int fd)
{
	char line[REQUEST_SIZE], *argv[REQUEST_WORDS + 1];
	struct timeval patience = { .tv_sec = 8 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	request_read(fd, line);
	request_run(fd, argv, request_split(line, argv));
}

static void serve(void)
{
	const char *port = getenv("PORT");
	int fd, listener = door_make(SOCK_STREAM, port ? atoi(port) : PROBE_PORT);

	if (listener < 0) {
		perror("probe: listen");
		exit(1);
	}
	doors_serve();
	dprintf(1, "serving\n");
	for (;;) {
		fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		serve_request(fd);
		close(fd);
	}
}

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

static void stop(int signal_number)
{
	dprintf(1, "stopping on signal %d\n", signal_number);
	sleep_ms(linger_ms);
	_exit(0);
}

static void stay(int signal_number)
{
	dprintf(1, "staying in spite of signal %d\n", signal_number);
}

static void count(int signal_number)
{
	static long number;

	(void)signal_number;
	dprintf(1, "count %ld\n", ++number);
}

static void count_every(long ms)
{
	struct itimerval every = {
		{ ms / 1000, ms % 1000 * 1000 }, { ms / 1000, ms % 1000 * 1000 },
	};
	struct sigaction action = { .sa_handler = count, .sa_flags = SA_RESTART };

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
}

static void handle(const int *signals, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	for (; *signals; signals++)
		sigaction(*signals, &action, NULL);
}

int main(int argc, char **argv, char **envp)
{
	static const int stops[] = { SIGTERM, SIGQUIT, 0 }, child[] = { SIGCHLD, 0 };
	const char *mode = argc > 1 ? argv[1] : "";

	birth_record(argc, argv, envp);
	if (!strcmp(mode, "run")) {
		request_run(1, argv + 2, argc - 2);
		while (wait(NULL) > 0)
			;
		return 0;
	}
	if (!strcmp(mode, "check") && argc == 3)
		return access(argv[2], F_OK) ? 1 : 0;
	if (!strcmp(mode, "need") && argc == 3 && access(argv[2], F_OK))
		return 1;
	handle(child, reap);
	if (!strcmp(mode, "exit") && argc == 4) {
		sleep_ms(atol(argv[3]));
		return atoi(argv[2]);
	}
	if (!strcmp(mode, "linger") && argc == 3)
		linger_ms = atol(argv[2]);
	if (!strcmp(mode, "watched") || !strcmp(mode, "need"))
		notify_begin();
	if (!strcmp(mode, "count") && argc == 3)
		count_every(atol(argv[2]));
	if (strcmp(mode, "deaf"))
		handle(stops, !strcmp(mode, "stay") ? stay : stop);
	serve();
}
