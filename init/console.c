/*
 * Decides how a line looks and what is dropped when the terminal is slower
 * than what is said.  Refuses to know who speaks, and never waits.
 */
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "paths.h"
#include "text.h"

/* What a boot says before the terminal takes its first byte, with room for a
 * few dozen lines of services; the tty's own buffer is 4 KB. */
#define WAITING_SIZE 8192

/* Time, name and the mark of a cut, around the line. */
#define LINE_SIZE (CONSOLE_LINE_MAX + 64)

static int fd = -1;
static char waiting[WAITING_SIZE];
static size_t first, used;	/* where what waits begins, and how much it is */
static unsigned dropped;
static bool full;	/* the terminal took nothing more, the last time */
static volatile sig_atomic_t writing;	/* and what was written still waits */
static bool held;	/* lines wait for console_flush() */

void console_open(void)
{
	if (fd < 0)
		fd = open(PATH_CONSOLE, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int console_waiting_fd(void)
{
	return used ? fd : -1;
}

static void wait_bytes(const char *bytes, size_t len)
{
	size_t at = (first + used) % sizeof(waiting);
	size_t part = len < sizeof(waiting) - at ? len : sizeof(waiting) - at;

	memcpy(waiting + at, bytes, part);
	memcpy(waiting, bytes + part, len - part);
	used += len;
}

static void write_waiting(void)
{
	while (used && fd >= 0) {
		size_t part = used < sizeof(waiting) - first ? used : sizeof(waiting) - first;
		ssize_t n;

		writing = true;
		n = write(fd, waiting + first, part);
		if (n > 0) {
			first = (first + (size_t)n) % sizeof(waiting);
			used -= (size_t)n;
		}
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		writing = false;

		/* A terminal that is gone would be ready for ever. */
		if (n < 0 && errno != EAGAIN && errno != EINTR) {
			close(fd);
			fd = -1;
		}
		full = n <= 0;
		if (full)
			return;
	}
}

void console_drain(void)
{
	if (!writing)
		write_waiting();
}

/* Whole lines wait or are dropped: half a line would deceive.  Of PID 1's own none is
 * dropped untried. */
static void put_line(const char *bytes, size_t len, size_t room)
{
	if (used + len > room && (!full || room == sizeof(waiting)))
		write_waiting();
	if (used + len > room)
		dropped++;
	else
		wait_bytes(bytes, len);
}

void console_flush(void)
{
	unsigned count = dropped;

	write_waiting();
	if (count && used < sizeof(waiting) / 2) {
		dropped = 0;
		console_say("console: %u lines did not fit and were dropped", count);
	}
}

static void begin_line(struct text *t, const char *name, uint64_t now_ms)
{
	text_add(t, "[%u.%03u] %s: ", (unsigned)(now_ms / 1000), (unsigned)(now_ms % 1000), name);
}

/* t leaves one byte of its buffer free for the newline. */
static void end_line(struct text *t, size_t room)
{
	t->buf[t->len] = '\n';
	put_line(t->buf, t->len + 1, room);
}

/* Of a service, or PID 1's own if name is NULL. */
static void say(const char *name, const char *fmt, va_list args)
{
	uint64_t now = clock_now_ms();
	char line[LINE_SIZE];
	struct text t = TEXT_ON(line);
	size_t at;

	begin_line(&t, name ? name : "pith", now);
	at = t.len;
	text_vadd(&t, fmt, args);
	log_own(name, line + at, t.len - at, now);
	end_line(&t, sizeof(waiting));
	if (!held)
		console_flush();
}

void console_hold(bool on)
{
	held = on;
	console_flush();
}

void console_say(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(NULL, fmt, args);
	va_end(args);
}

void console_say_of(const char *name, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(name, fmt, args);
	va_end(args);
}

void console_relay(const char *name, const char *bytes, size_t len, bool cut)
{
	/* A service that floods must not crowd out what PID 1 has to say, nor
	 * cost it a system call a line: the loop flushes once in each turn. */
	const size_t room = sizeof(waiting) / 2;
	char line[LINE_SIZE];
	struct text t = TEXT_ON(line);

	if (full && used + len > room) {
		dropped++;	/* nor the work of a line that nobody will see */
		return;
	}
	begin_line(&t, name, clock_now_ms());
	text_add_printable(&t, bytes, len);
	text_add(&t, "%s", cut ? " [cut]" : "");
	end_line(&t, room);
}
