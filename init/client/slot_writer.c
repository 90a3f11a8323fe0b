/*
 * Decides in which order a release comes to the disk.  Refuses to know what is in it,
 * and whether anybody vouches for that.
 */
#include "slot_writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "paths.h"
#include "sys.h"

/* The manifest while it is not complete; no image has such a name. */
#define MANIFEST_COMING SLOT_MANIFEST ".new"

/* What a file system needs beside the bytes of a file, for its folder and for where
 * they lie: a 256th, and some blocks. */
#define OVERHEAD(bytes) ((bytes) / 256 + 16 * 1024)

/* Free blocks that nobody gets: ext4 keeps a 50th or so many for itself, whichever is
 * less (ext4_calculate_resv_clusters() of the kernel).  Those that it keeps for root are
 * for us as well. */
#define BLOCKS_KEPT(blocks) ((blocks) / 50 < 4096 ? (blocks) / 50 : 4096)

/* Entries of a folder that are read at once: a slot has a few. */
#define ENTRIES_SIZE 4096

/* Its row, if the board's table names it.  Others are kept as files: another /init may
 * have a use for them. */
static const struct image *row_of(const struct manifest_image *image)
{
	unsigned place = manifest_image_place(image);

	return place == REFUSAL_NO_IMAGE_ID ? NULL : &images[place];
}

static bool has_partition(const struct manifest_image *image)
{
	const struct image *row = row_of(image);

	return row && row->is_partition;
}

/* --- Room ---------------------------------------------------------------------- */

/* -errno, or 0 if it is large enough. */
static int check_partition(unsigned slot, const struct manifest_image *image)
{
	int fd = slot_open_partition(slot, row_of(image)), rc = 0;
	uint64_t size = 0;

	if (fd < 0)
		return fd;
	if (ioctl(fd, BLKGETSIZE64, &size) < 0)
		rc = -errno;
	else if (size < image->size)
		rc = -EFBIG;
	close(fd);
	return rc;
}

/* What is given back when a file is removed. */
static uint64_t held_by(int folder, const char *name)
{
	struct stat st;

	return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || st.st_nlink != 1 ? 0 :
	       (uint64_t)st.st_blocks * 512;
}

static int open_folder(unsigned slot)
{
	int named = slot_open(slot), fd;

	if (named < 0)
		return named;
	/* One that only names it can be neither read nor given to fsync(2). */
	fd = openat(named, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(named);
	return fd;
}

static uint64_t held(unsigned slot)
{
	static union {
		struct dirent entry;
		char bytes[ENTRIES_SIZE];
	} buf;
	int folder = open_folder(slot), n;
	uint64_t bytes = 0;

	if (folder < 0)
		return 0;
	while ((n = SYS_INT(SYS_getdents64, folder, &buf, sizeof(buf))) > 0)
		for (int at = 0; at < n;) {
			const struct dirent *entry = (const void *)(buf.bytes + at);

			if (entry->d_type == DT_REG)
				bytes += held_by(folder, entry->d_name);
			at += entry->d_reclen;
		}
	close(folder);
	return bytes;
}

static void add(uint64_t *sum, uint64_t bytes)
{
	if (__builtin_add_overflow(*sum, bytes, sum))
		*sum = UINT64_MAX;
}

int slot_writer_room(unsigned slot, const struct manifest *release, struct slot_room *room)
{
	struct statvfs fs;
	uint64_t free, kept;

	*room = (struct slot_room){ .needed = OVERHEAD(MANIFEST_SIZE_MAX) };
	for (uint32_t i = 0; i < release->count; i++) {
		const struct manifest_image *image = &release->image[i];
		int rc = has_partition(image) ? check_partition(slot, image) : 0;

		if (rc < 0) {
			room->row = row_of(image);
			return rc;
		}
		if (!has_partition(image))
			add(&room->needed, image->size + OVERHEAD(image->size));
	}
	if (statvfs(PATH_DATA, &fs) < 0)
		return -errno;
	kept = BLOCKS_KEPT(fs.f_blocks);
	free = fs.f_bfree > kept ? fs.f_bfree - kept : 0;
	room->there = free * fs.f_frsize + held(slot);
	return room->there < room->needed ? -ENOSPC : 0;
}

/* --- Writing ------------------------------------------------------------------- */

static int sync_and_close(int fd)
{
	int rc = fsync(fd) < 0 ? -errno : 0;

	/* What is read next of it shall come from the disk, and services need the room. */
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	close(fd);
	return rc;
}

static int sync_folder(const struct slot_writer *w)
{
	return fsync(w->folder) < 0 ? -errno : 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A new one: what a link leads to is not written. */
static int create(const struct slot_writer *w, const char *name)
{
	int fd = openat(w->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			0600);

	return fd < 0 ? -errno : fd;
}

int slot_writer_begin(struct slot_writer *w, unsigned slot)
{
	int rc = slot_empty(slot);

	*w = (struct slot_writer){ .slot = slot, .folder = -1, .file = -1 };
	if (rc < 0)
		return rc;
	w->folder = open_folder(slot);
	return w->folder < 0 ? w->folder : 0;
}

int slot_writer_open(struct slot_writer *w, const struct manifest_image *image)
{
	int rc;

	w->file = has_partition(image) ? slot_open_partition(w->slot, row_of(image)) :
					 create(w, image->name);
	if (w->file < 0 || has_partition(image))
		return w->file < 0 ? w->file : 0;
	/* Not every file system can say beforehand that it is full. */
	rc = -posix_fallocate(w->file, 0, (off_t)image->size);
	return rc == -EOPNOTSUPP || rc == -EINVAL ? 0 : rc;
}

int slot_writer_add(const struct slot_writer *w, const void *bytes, size_t len)
{
	return write_all(w->file, bytes, len);
}

int slot_writer_close(struct slot_writer *w)
{
	int rc = sync_and_close(w->file);

	w->file = -1;
	return rc;
}

static int put(const struct slot_writer *w, const char *name, const void *bytes, size_t len)
{
	int fd = create(w, name), rc;

	if (fd < 0)
		return fd;
	rc = write_all(fd, bytes, len);
	if (rc == 0)
		return sync_and_close(fd);
	close(fd);
	return rc;
}

int slot_writer_end(struct slot_writer *w, const void *manifest, size_t manifest_len,
		    const void *signature, size_t signature_len)
{
	int rc = put(w, SLOT_SIGNATURE, signature, signature_len);

	if (rc == 0)
		rc = sync_folder(w);
	if (rc == 0)
		rc = put(w, MANIFEST_COMING, manifest, manifest_len);
	if (rc == 0 && renameat(w->folder, MANIFEST_COMING, w->folder, SLOT_MANIFEST) < 0)
		rc = -errno;
	if (rc == 0)
		rc = sync_folder(w);
	if (rc < 0)
		return rc;
	close(w->folder);
	w->folder = -1;
	return 0;
}

int slot_writer_drop(struct slot_writer *w)
{
	if (w->file >= 0)
		close(w->file);
	if (w->folder < 0)
		return -ENOENT;
	close(w->folder);
	w->folder = -1;
	return slot_empty(w->slot);
}
