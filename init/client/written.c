/*
 * Keeps positions over a new start of their owner.  Refuses to know what they
 * lead to.
 */
#include "client/written.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static void load(int fd, uint64_t table, struct written *w)
{
	ssize_t n = pread(fd, w, sizeof(*w), 0);

	if (n < (ssize_t)offsetof(struct written, at))
		memset(w, 0, sizeof(*w));
	w->skip_ms = 0;
	if (n == sizeof(*w) && w->table == table)
		return;
	memset(w->at, 0, sizeof(w->at));
	w->skip_ms = w->time_ms;
	w->table = table;
}

int written_open(const char *path, uint64_t table, struct written *w)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), error = errno;

	memset(w, 0, sizeof(*w));
	w->table = table;
	if (fd < 0)
		return -error;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		error = errno;
		close(fd);
		return -error;
	}
	load(fd, table, w);
	return fd;
}

/* If it fails, the next writer copies some lines once more. */
void written_save(int fd, const struct written *w)
{
	if (fd >= 0 && pwrite(fd, w, sizeof(*w), 0) < 0)
		return;
}
