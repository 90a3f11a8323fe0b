/*
 * What a service says of itself over NOTIFY_SOCKET, sd_notify(3), by hand: so
 * that also what no library would send can be sent.
 */
#include "probe.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

int notify_say(const char *text, size_t len)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int rc, fd;

	if (!path || strlen(path) >= sizeof(to.sun_path)) {
		errno = ENOENT;
		return -1;
	}
	strcpy(to.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	rc = (int)sendto(fd, text, len, 0, (void *)&to, sizeof(to));
	close(fd);
	return rc;
}

static void ping(int signal_number)
{
	static const char word[] = "WATCHDOG=1";
	int error = errno;

	(void)signal_number;
	notify_say(word, sizeof(word) - 1);
	errno = error;
}

/* Ready now, and a ping in every third of WATCHDOG_USEC. */
void notify_begin(void)
{
	static const char word[] = "READY=1\nSTATUS=listening";
	const char *usec = getenv("WATCHDOG_USEC");
	struct sigaction action = { .sa_handler = ping, .sa_flags = SA_RESTART };
	long third = usec ? atol(usec) / 3 : 0;
	struct itimerval every = {
		{ third / 1000000, third % 1000000 }, { third / 1000000, third % 1000000 },
	};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	notify_say(word, sizeof(word) - 1);
}

/* The words as one message, from a child that has ended when it is read. */
static void say_notify(int out, char **argv)
{
	char text[REQUEST_SIZE];
	size_t n = 0;
	int i;

	for (i = 1; argv[i]; i++) {
		n += unescape(text + n, argv[i]);
		if (argv[i + 1])
			text[n++] = ' ';
	}
	answer(out, notify_say(text, n));
}

const struct verb notices[] = {
	{ "notify", "TEXT…", 1, IN_CHILD, say_notify },
	{ .name = NULL },
};
