/*
 * Decides whether what comes is what is asked for.  Refuses to know what a release is.
 */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tar.h"

static int refuse(struct bundle *b, const char *why)
{
	b->why = why;
	return -EBADMSG;
}

int bundle_open(struct bundle *b, const char *path, int stop)
{
	struct stat st;
	int rc = 0;

	*b = (struct bundle){ .fd = STDIN_FILENO, .file = -1, .stop = stop };
	if (!strcmp(path, "-"))
		return 0;
	/* A FIFO without a writer must not keep it here. */
	b->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (b->fd < 0)
		return -errno;
	if (fstat(b->fd, &st) < 0)
		rc = -errno;
	else if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		rc = -EINVAL;
	else
		b->is_folder = S_ISDIR(st.st_mode);
	if (rc < 0)
		bundle_close(b);
	return rc;
}

/* Until there is something to read: -EINTR if that is to stop. */
static int wait_for_bytes(const struct bundle *b, int fd)
{
	struct pollfd fds[] = {
		{ .fd = b->stop, .events = POLLIN }, { .fd = fd, .events = POLLIN },
	};

	while (poll(fds, 2, -1) < 0)
		if (errno != EINTR)
			return -errno;
	return fds[0].revents ? -EINTR : 0;
}

/* Fewer than len only at the end of what there is. */
static int read_bytes(const struct bundle *b, uint8_t *to, size_t len)
{
	int fd = b->is_folder ? b->file : b->fd;
	size_t have = 0;

	while (have < len) {
		int rc = wait_for_bytes(b, fd);
		ssize_t n = rc < 0 ? 0 : read(fd, to + have, len - have);

		if (rc < 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return rc < 0 ? rc : -errno;
		if (n == 0)
			break;
		have += n > 0 ? (size_t)n : 0;
	}
	return (int)have;
}

static int read_block(struct bundle *b, uint8_t block[TAR_BLOCK])
{
	int n = read_bytes(b, block, TAR_BLOCK);

	if (n >= 0 && n < TAR_BLOCK)
		return refuse(b, "is not there: the archive ends before it");
	return n < 0 ? n : 0;
}

static int take_padding(struct bundle *b)
{
	uint8_t bytes[TAR_BLOCK];
	int n = read_bytes(b, bytes, b->padding);

	if (n < 0)
		return n;
	if ((unsigned)n < b->padding)
		return refuse(b, "is not there: the archive ends before it");
	while (n)
		if (bytes[--n])
			return refuse(b, "has something before it that is in no file");
	b->padding = 0;
	return 0;
}

static int next_in_archive(struct bundle *b, const char *name, uint64_t *size)
{
	uint8_t block[TAR_BLOCK];
	char is[TAR_NAME_SIZE];
	enum tar_header header;
	int rc = take_padding(b);

	if (rc == 0)
		rc = read_block(b, block);
	if (rc < 0)
		return rc;
	header = tar_read(block, is, size);
	if (header != TAR_FILE)
		return refuse(b, tar_words(header));
	if (strcmp(is, name))
		return refuse(b, "is not there: another file has its place");
	b->padding = tar_padding(*size);
	return 0;
}

static int next_in_folder(struct bundle *b, const char *name, uint64_t *size)
{
	struct stat st;

	if (b->file >= 0)
		close(b->file);
	b->file = openat(b->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (b->file < 0)
		return errno == ENOENT ? refuse(b, tar_words(TAR_END)) :
		       errno == ELOOP ? refuse(b, tar_words(TAR_LINK)) : -errno;
	if (fstat(b->file, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return refuse(b, tar_words(TAR_TYPE));
	*size = (uint64_t)st.st_size;
	return 0;
}

int bundle_next(struct bundle *b, const char *name, uint64_t *size)
{
	int rc;

	if (b->left)
		return -EINVAL;
	rc = b->is_folder ? next_in_folder(b, name, size) : next_in_archive(b, name, size);
	if (rc == 0)
		b->left = *size;
	return rc;
}

int bundle_read(struct bundle *b, void *to, size_t len)
{
	size_t want = len < b->left ? len : (size_t)b->left;
	int n = read_bytes(b, to, want < INT_MAX ? want : INT_MAX);

	if (n < 0)
		return n;
	if ((size_t)n < want)
		return refuse(b, "ends too early");
	b->left -= (uint64_t)n;
	return n;
}

int bundle_end(struct bundle *b)
{
	uint8_t block[TAR_BLOCK];
	char name[TAR_NAME_SIZE];
	uint64_t size;
	unsigned blocks = 0;
	int n = b->is_folder ? 0 : take_padding(b);

	if (b->is_folder || n < 0)
		return n;
	while ((n = read_bytes(b, block, TAR_BLOCK)) == TAR_BLOCK) {
		if (tar_read(block, name, &size) != TAR_END || ++blocks > TAR_END_MOST)
			return refuse(b, "has something behind its last file");
	}
	if (n < 0)
		return n;
	return n || blocks < TAR_END_LEAST ? refuse(b, "has no proper end") : 0;
}

void bundle_close(struct bundle *b)
{
	if (b->file >= 0)
		close(b->file);
	if (b->fd > STDIN_FILENO)
		close(b->fd);
	b->fd = b->file = -1;
}
