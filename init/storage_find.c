/*
 * Decides whether a superblock is the one that is looked for, and reads those
 * of every block device.  Refuses to know what is done with it.
 */
#include "storage_find.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "text.h"

/* A hundred partitions; a list that is longer is an error. */
#define PARTITIONS_SIZE 8192

/* Offsets in a superblock.  Both file systems are little-endian. */
#define EXT4_LOG_BLOCK	0x18
#define EXT4_MAGIC	0x38
#define EXT4_GROUP	0x5a
#define EXT4_LABEL	0x78
#define EXT4_LABEL_MAX	16
#define F2FS_LABEL	0x7c

static uint32_t little(const uint8_t *at, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

/* A copy counts only where it belongs: what lies there may be a superblock of
 * some partition of this disk. */
static bool ext4_has(const uint8_t *block, const struct superblock_place *place, const char *label)
{
	size_t len = strlen(label);

	return little(block + EXT4_MAGIC, 2) == 0xef53 &&
	       little(block + EXT4_GROUP, 2) == place->group &&
	       (!place->group || little(block + EXT4_LOG_BLOCK, 4) == place->log_block) &&
	       len <= EXT4_LABEL_MAX && !memcmp(block + EXT4_LABEL, label, len) &&
	       (len == EXT4_LABEL_MAX || !block[EXT4_LABEL + len]);
}

/* In UTF-16; the host tool takes labels of ASCII alone. */
static bool f2fs_has(const uint8_t *block, const struct superblock_place *place, const char *label)
{
	size_t len = strlen(label) + 1;		/* with the NUL */

	(void)place;
	if (little(block, 4) != 0xf2f52010 || len > (SUPERBLOCK_SIZE - F2FS_LABEL) / 2)
		return false;
	for (size_t i = 0; i < len; i++)
		if (little(block + F2FS_LABEL + 2 * i, 2) != (unsigned char)label[i])
			return false;
	return true;
}

/* A write that was cut off may have spoilt the first superblock: the fsck mends
 * it from a copy, if only it is called. */
static const struct superblock_kind kinds[] = {
	{ "ext4", { { 1024, 0, 0 }, { 8193 << 10, 1, 0 }, { 16384 << 11, 1, 1 },
		    { 32768 << 12, 1, 2 } }, ext4_has },
	{ "f2fs", { { 1024, 0, 0 }, { 4096 + 1024, 0, 0 } }, f2fs_has },
};

const struct superblock_kind *superblock_kind(const char *type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].type, type))
			return &kinds[i];
	return NULL;
}

bool storage_partition_name(const char *line, size_t len, char name[STORAGE_NAME_SIZE])
{
	const char *last = memrchr(line, ' ', len);
	size_t size = last ? (size_t)(line + len - last) - 1 : 0;

	/* The heading has no number in front of it. */
	if (!size || size >= STORAGE_NAME_SIZE || last == line ||
	    !memchr("0123456789", last[-1], 10))
		return false;
	memcpy(name, last + 1, size);
	name[size] = '\0';
	return true;
}

static bool holds(const char *name, const struct superblock_kind *kind,
		  const struct superblock_place *place, const char *label,
		  struct storage_device *to)
{
	char path[sizeof("/dev/") + STORAGE_NAME_SIZE];
	struct text t = TEXT_ON(path);
	uint8_t block[SUPERBLOCK_SIZE];
	struct stat st;
	bool found;
	int fd, read_only = 0;

	text_add(&t, "/dev/%s", name);
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return false;
	found = fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) &&
		pread(fd, block, sizeof(block), (off_t)place->at) == sizeof(block) &&
		kind->has(block, place, label);
	if (found) {
		ioctl(fd, BLKROGET, &read_only);
		*to = (struct storage_device){ .number = st.st_rdev, .read_only = read_only };
		memcpy(to->name, name, strlen(name));
	}
	close(fd);
	return found;
}

/* Those without a medium are not in it. */
static int read_partitions(char *to, size_t size)
{
	int fd = open("/proc/partitions", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	while (len < size && (n = read(fd, to + len, size - len)) > 0)
		len += (size_t)n;
	close(fd);
	if (len == size)
		return -EFBIG;
	return n < 0 ? -EIO : (int)len;
}

int storage_find(const struct superblock_kind *kind, const char *label,
		 struct storage_device *to)
{
	static char partitions[PARTITIONS_SIZE];
	int len = read_partitions(partitions, sizeof(partitions)), found = 0;

	if (len < 0)
		return len;
	for (unsigned i = 0; i < SUPERBLOCK_PLACES && kind->place[i].at && !found; i++) {
		const char *line = partitions, *end;
		char name[STORAGE_NAME_SIZE];

		for (; (end = memchr(line, '\n', (size_t)(partitions + len - line))); line = end + 1)
			found += storage_partition_name(line, (size_t)(end - line), name) &&
				 holds(name, kind, &kind->place[i], label, to);
	}
	if (found > 1)
		return -ENOTUNIQ;
	return found ? 0 : -ENOENT;
}
