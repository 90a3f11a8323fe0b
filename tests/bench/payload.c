/*
 * The service of every contender: the first thing that main() does is to look at the
 * clock, and it says what it saw.  It decides nothing and needs nothing: no file, no
 * memory beyond its own.
 *
 *   payload        says "main NANOSECONDS" and waits for ever
 *   payload once   says it and ends
 *   payload show   says it, and what the kernel has of it in /proc/self/status, and ends
 *   payload print KILOBYTES   says it, prints so much in lines of 64 bytes, is named
 *                             "payload, done" then, and waits
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define NUMBER_SIZE 20		/* digits of UINT64_MAX */

/* In one write: lines of several services may go to one file. */
static void say(uint64_t ns)
{
	char text[5 + NUMBER_SIZE + 1], *at = text + sizeof(text);

	*--at = '\n';
	do
		*--at = (char)('0' + ns % 10);
	while (ns /= 10);
	at -= 5;
	memcpy(at, "main ", 5);
	if (write(STDOUT_FILENO, at, (size_t)(text + sizeof(text) - at)) < 0)
		_exit(1);
}

static int show(void)
{
	static char text[4096];
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));

	return len < 0 || write(STDOUT_FILENO, text, (size_t)len) != len;
}

static void print(long kilobytes)
{
	char line[64];

	memset(line, '.', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	for (long left = kilobytes * 16; left > 0; left--)
		if (write(STDOUT_FILENO, line, sizeof(line)) != (ssize_t)sizeof(line))
			_exit(1);
	prctl(PR_SET_NAME, "payload, done");
}

int main(int argc, char **argv)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	say((uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
	if (argc > 1 && !strcmp(argv[1], "once"))
		return 0;
	if (argc > 1 && !strcmp(argv[1], "show"))
		return show();
	if (argc > 2 && !strcmp(argv[1], "print"))
		print(atol(argv[2]));
	/* As PID 1 of its namespace it is ended by SIGKILL alone. */
	for (;;)
		pause();
}
