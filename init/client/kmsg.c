/*
 * Reads and writes records of the kernel's log.  Refuses to know what becomes
 * of them.
 */
#include "client/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "procfile.h"
#include "text.h"

/* A number, and the separator that follows it. */
static bool take_number(const char **at, const char *end, uint64_t *n)
{
	const char *c = *at;

	for (*n = 0; c < end && *c >= '0' && *c <= '9'; c++)
		*n = *n * 10 + (unsigned)(*c - '0');
	if (c == *at || c == end || (*c != ',' && *c != ';'))
		return false;
	*at = c + 1;
	return true;
}

/* "6,339,5140900,-;text\n", and lines of a dictionary, which begin with a blank.
 * Later kernels may have more in front of the semicolon. */
bool kmsg_parse(const char *bytes, size_t len, struct kmsg_record *r)
{
	const char *at = bytes, *end = bytes + len, *stop;
	uint64_t priority, time_us;

	if (!take_number(&at, end, &priority) || !take_number(&at, end, &r->sequence) ||
	    !take_number(&at, end, &time_us))
		return false;
	at = memchr(at - 1, ';', (size_t)(end - at) + 1);
	stop = at ? memchr(at, '\n', (size_t)(end - at)) : NULL;
	if (!stop)
		return false;
	r->facility = (unsigned)(priority >> 3);
	r->level = priority & 7;
	r->time_ms = time_us / 1000;
	r->text = at + 1;
	r->len = (size_t)(stop - r->text);
	return true;
}

int kmsg_open_to_read(void)
{
	int fd = open(PATH_KMSG, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int kmsg_open_to_write(void)
{
	int fd = open(PATH_KMSG, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	/* Else ten lines in five seconds are all that is taken.  On a kernel
	 * whose command line sets it, that stays. */
	procfile_write("/proc/sys/kernel/printk_devkmsg", "on\n");
	return fd;
}

int kmsg_read(int fd, uint64_t from, struct kmsg_record *r)
{
	static char bytes[KMSG_RECORD_MAX];

	for (;;) {
		ssize_t n = read(fd, bytes, sizeof(bytes));

		if (n < 0 && errno == EAGAIN)
			return 0;
		/* EPIPE: the next was overwritten, and the one after it comes.
		 * EINVAL: it is longer than any record is, and was skipped. */
		if (n < 0 && errno != EINTR && errno != EPIPE && errno != EINVAL)
			return -errno;
		if (n == 0)
			return -ENODATA;
		if (n > 0 && kmsg_parse(bytes, (size_t)n, r) && !r->facility &&
		    r->sequence >= from)
			return 1;
	}
}

void kmsg_write(int fd, unsigned level, const char *name, const char *text, size_t len, bool cut)
{
	/* Without its end of line the kernel would hold it back until the next
	 * one comes: perhaps it goes on. */
	static const char end[] = "\n", cut_end[] = " [cut]\n";
	char line[KMSG_LINE_MAX];
	struct text t = { .buf = line, .size = sizeof(line) - sizeof(cut_end) };

	text_add(&t, "<%u>%s: ", level, name);
	text_add_printable(&t, text, len);
	cut |= t.cut;
	t.size = sizeof(line);
	text_add(&t, "%s", cut ? cut_end : end);
	/* If the kernel has no memory for it, nobody can be told. */
	if (write(fd, line, t.len) < 0)
		return;
}
