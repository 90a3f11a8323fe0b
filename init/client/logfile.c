/*
 * Decides which file a line goes to and what is done when it cannot go there.
 * Refuses to know where lines come from.
 */
#include "client/logfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>	/* rename(2) alone */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* "[seconds.millis] pith: N lines were not written: " and the kernel's reason,
 * of at most some 50 bytes. */
#define NOTE_SIZE 160

static void close_file(struct logfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

/* As mkdir -p does; what cannot be made is found out by who opens the file. */
static void make_folders(const char *path)
{
	char folder[LOGFILE_PATH_SIZE];
	struct text t = TEXT_ON(folder);

	for (const char *c = path; *c; c++) {
		if (*c == '/' && c > path)
			mkdir(folder, 0755);
		text_add(&t, "%c", *c);
	}
}

/* A crash may have left half a line. */
static int end_last_line(const struct logfile *f)
{
	char last = '\n';

	if (f->size && pread(f->fd, &last, 1, (off_t)f->size - 1) < 0)
		return -errno;
	return last == '\n' || write(f->fd, "\n", 1) == 1 ? 0 : -errno;
}

static int open_file(struct logfile *f)
{
	struct stat st;
	int rc;

	make_folders(f->path);
	f->fd = open(f->path, O_RDWR | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0600);
	if (f->fd < 0)
		return -errno;
	if (fstat(f->fd, &st) < 0)
		return -errno;
	f->size = (uint64_t)st.st_size;
	rc = end_last_line(f);
	if (rc == 0 && fstat(f->fd, &st) == 0)
		f->size = (uint64_t)st.st_size;
	return rc;
}

/* A volume may have been mounted over it, or somebody may have removed it. */
static void leave_if_replaced(struct logfile *f)
{
	struct stat there, here;

	if (f->fd < 0 || (stat(f->path, &there) == 0 && fstat(f->fd, &here) == 0 &&
			  there.st_dev == here.st_dev && there.st_ino == here.st_ino))
		return;
	close_file(f);
}

/* The name of the n-th; the first one has no number. */
static const char *name_of(const struct logfile *f, uint32_t n, char name[LOGFILE_PATH_SIZE])
{
	struct text t = { .buf = name, .size = LOGFILE_PATH_SIZE };

	text_add(&t, "%s", f->path);
	if (n)
		text_add(&t, ".%u", n);
	return t.cut ? "" : name;
}

/* From the oldest on, so that a crash loses no more than the oldest. */
static int rotate(struct logfile *f)
{
	char from[LOGFILE_PATH_SIZE], to[LOGFILE_PATH_SIZE];

	if (fdatasync(f->fd) < 0)
		return -errno;
	for (uint32_t n = f->files - 1; n > 0; n--)
		if (rename(name_of(f, n - 1, from), name_of(f, n, to)) < 0 && errno != ENOENT)
			return -errno;
	close_file(f);
	return open_file(f);
}

/* Of whole lines as many as fit into room bytes. */
static size_t fitting(const char *lines, size_t len, uint64_t room)
{
	const char *end;

	if (len <= room)
		return len;
	end = memrchr(lines, '\n', (size_t)room);
	return end ? (size_t)(end - lines) + 1 : 0;
}

/* Returns how many bytes of whole lines were written.  Of a line of which a part
 * did not fit on the disk, that part goes again. */
static size_t append(struct logfile *f, const char *lines, size_t len)
{
	ssize_t n = write(f->fd, lines, len);
	size_t whole = n > 0 ? fitting(lines, len, (uint64_t)n) : 0;

	if (n < 0)
		f->error = -errno;
	else if (whole < len)
		f->error = -ENOSPC;	/* a second write(2) would say no more */
	if (n > 0 && (size_t)n > whole && ftruncate(f->fd, (off_t)(f->size + whole)) < 0)
		f->error = -errno;
	f->size += whole;
	return whole;
}

/* The same, over as many files as it takes. */
static size_t write_lines(struct logfile *f, const char *lines, size_t len)
{
	size_t done = 0;

	while (done < len && !f->error) {
		uint64_t room = f->size < f->size_max ? f->size_max - f->size : 0;
		size_t part = fitting(lines + done, len - done, room);

		if (!part && f->size) {
			f->error = rotate(f);
			continue;
		}
		if (!part)
			part = (size_t)((char *)memchr(lines + done, '\n', len - done) -
					(lines + done)) + 1;
		done += append(f, lines + done, part);
	}
	return done;
}

static void write_note(struct logfile *f, int error, uint64_t now_ms)
{
	char note[NOTE_SIZE];
	struct text t = TEXT_ON(note);

	if (!f->lost)
		return;
	text_add(&t, "[%u.%03u] pith: %llu lines were not written: %s\n",
		 (unsigned)(now_ms / 1000), (unsigned)(now_ms % 1000),
		 (unsigned long long)f->lost, strerror(-error));
	if (write_lines(f, note, t.len) == t.len)
		f->lost = 0;
}

static void lose(struct logfile *f, const char *lines, size_t len, uint64_t now_ms)
{
	for (size_t i = 0; i < len; i++)
		f->lost += lines[i] == '\n';
	close_file(f);
	f->delay_ms = f->delay_ms ? 2 * f->delay_ms : LOGFILE_AGAIN_MS;
	if (f->delay_ms > LOGFILE_AGAIN_MAX_MS)
		f->delay_ms = LOGFILE_AGAIN_MAX_MS;
	f->again_ms = now_ms + f->delay_ms;
}

void logfile_write(struct logfile *f, const char *lines, size_t len, uint64_t now_ms)
{
	int error = f->error;
	size_t done;

	if (now_ms < f->again_ms) {
		for (size_t i = 0; i < len; i++)
			f->lost += lines[i] == '\n';
		return;
	}
	leave_if_replaced(f);
	f->error = f->fd < 0 ? open_file(f) : 0;
	write_note(f, error, now_ms);
	done = write_lines(f, lines, len);
	if (f->error)
		lose(f, lines + done, len - done, now_ms);
	else
		f->delay_ms = 0;
}
