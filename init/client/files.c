/*
 * Reads, and refuses to know what it is about.
 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int files_open(struct files_lines *f, int dir, const char *path)
{
	f->at = f->len = 0;
	f->fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	return f->fd < 0 ? -errno : 0;
}

/* More behind what is there.  False at the end. */
static bool fill(struct files_lines *f)
{
	ssize_t n;

	memmove(f->buf, f->buf + f->at, f->len - f->at);
	f->len -= f->at;
	f->at = 0;
	n = read(f->fd, f->buf + f->len, sizeof(f->buf) - 1 - f->len);
	if (n <= 0)
		return false;
	f->len += (size_t)n;
	return true;
}

char *files_next_line(struct files_lines *f)
{
	for (;;) {
		char *line = f->buf + f->at, *end = memchr(line, '\n', f->len - f->at);

		if (end) {
			*end = '\0';
			f->at = (size_t)(end - f->buf) + 1;
			return line;
		}
		if (!fill(f))
			break;
	}
	if (f->at == f->len)
		return NULL;
	f->buf[f->len] = '\0';
	f->at = f->len;
	return f->buf;
}

void files_close(struct files_lines *f)
{
	close(f->fd);
}

int files_read(int dir, const char *path, char *buf, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t len;

	buf[0] = '\0';
	if (fd < 0)
		return -errno;
	len = read(fd, buf, size);
	if (len < 0)
		len = -errno;
	else if ((size_t)len == size)
		len = -EMSGSIZE;
	close(fd);
	if (len > 0 && buf[len - 1] == '\n')
		len--;
	buf[len > 0 ? len : 0] = '\0';
	return (int)len;
}

uint64_t files_parse(const char *s, unsigned base, const char **end)
{
	uint64_t n = 0;

	for (;; s++) {
		unsigned digit = *s >= 'a' && *s <= 'f' ? (unsigned)(*s - 'a') + 10 :
				 *s >= '0' && *s <= '9' ? (unsigned)(*s - '0') : base;

		if (digit >= base)
			break;
		n = n * base + digit;
	}
	if (end)
		*end = s;
	return n;
}

bool files_field(int dir, const char *path, const char *key, char *buf, size_t size)
{
	struct files_lines f;
	size_t len = strlen(key);
	bool found = false;

	if (files_open(&f, dir, path) < 0)
		return false;
	for (const char *line; !found && (line = files_next_line(&f));) {
		if (strncmp(line, key, len) || line[len] != ':')
			continue;
		for (line += len + 1; *line == ' ' || *line == '\t';)
			line++;
		found = strlen(line) < size;
		if (found)
			memcpy(buf, line, strlen(line) + 1);
	}
	files_close(&f);
	return found;
}
