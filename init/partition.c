/*
 * Decides which partition has a label.  Refuses to know what is on it.
 */
#include "partition.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "sys.h"
#include "text.h"

/* A partition's has ten short lines. */
#define UEVENT_SIZE 512

/* Entries of a folder that are read at once. */
#define ENTRIES_SIZE 2048

/* --- Its uevent ------------------------------------------------------------------- */

/* The value of a key, up to *end, or NULL. */
static const char *value_of(const char *text, size_t len, const char *key, const char **end)
{
	const char *stop = text + len;
	size_t key_len = strlen(key);

	for (const char *next; text < stop; text = next + 1) {
		next = memchr(text, '\n', (size_t)(stop - text));
		if (!next)
			return NULL;
		if ((size_t)(next - text) > key_len && !memcmp(text, key, key_len) &&
		    text[key_len] == '=') {
			*end = next;
			return text + key_len + 1;
		}
	}
	return NULL;
}

static bool read_number(unsigned *to, const char *text, size_t len, const char *key)
{
	const char *end, *at = value_of(text, len, key, &end);

	*to = 0;
	if (!at || at == end || end - at > 7)
		return false;
	for (; at < end; at++) {
		if (*at < '0' || *at > '9')
			return false;
		*to = *to * 10 + (unsigned)(*at - '0');
	}
	return true;
}

bool partition_read(struct partition *to, const char *uevent, size_t len, const char *label)
{
	const char *end, *at = value_of(uevent, len, "PARTNAME", &end);
	size_t label_len = strlen(label);
	unsigned major, minor;

	if (!at || (size_t)(end - at) != label_len || memcmp(at, label, label_len))
		return false;
	at = value_of(uevent, len, "DEVNAME", &end);
	if (!at || at == end || (size_t)(end - at) >= sizeof(to->name) ||
	    !read_number(&major, uevent, len, "MAJOR") ||
	    !read_number(&minor, uevent, len, "MINOR"))
		return false;
	*to = (struct partition){ .number = makedev(major, minor) };
	memcpy(to->name, at, (size_t)(end - at));
	return true;
}

/* --- All of them ------------------------------------------------------------------ */

static bool has_label(int folder, const char *name, const char *label, struct partition *to)
{
	char path[NAME_MAX + sizeof("/uevent")], uevent[UEVENT_SIZE];
	struct text t = TEXT_ON(path);
	ssize_t n;
	int fd;

	text_add(&t, "%s/uevent", name);
	fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, uevent, sizeof(uevent));
	close(fd);
	return n > 0 && partition_read(to, uevent, (size_t)n, label);
}

/* How many have it, with one of them. */
static int find(int folder, const char *label, struct partition *to)
{
	static union {
		struct dirent entry;
		char bytes[ENTRIES_SIZE];
	} buf;
	int found = 0, n;

	while ((n = SYS_INT(SYS_getdents64, folder, &buf, sizeof(buf))) > 0)
		for (int at = 0; at < n;) {
			const struct dirent *entry = (const void *)(buf.bytes + at);

			found += has_label(folder, entry->d_name, label, to);
			at += entry->d_reclen;
		}
	return n < 0 ? n : found;
}

static int open_device(const struct partition *is, int flags)
{
	char path[sizeof("/dev/") + PARTITION_NAME_SIZE];
	struct text t = TEXT_ON(path);
	struct stat st;
	int fd;

	text_add(&t, "/dev/%s", is->name);
	fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) && st.st_rdev == is->number)
		return fd;
	close(fd);
	return -ENODEV;
}

int partition_open(const char *label, int flags)
{
	int folder = open("/sys/class/block", O_RDONLY | O_DIRECTORY | O_CLOEXEC), found;
	struct partition is;

	if (folder < 0)
		return -errno;
	found = find(folder, label, &is);
	close(folder);
	if (found < 0)
		return found;
	if (found > 1)
		return -ENOTUNIQ;
	return found ? open_device(&is, flags) : -ENOENT;
}
