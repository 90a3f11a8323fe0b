/*
 * Decides where the files of a release lie, and how a slot is emptied.  Refuses to know
 * what is in them.  What lies on the partition is not trusted: no link is followed, no
 * mount, and nothing but a regular file is opened.
 */
#include "slots.h"

#include <dirent.h>
#include <errno.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "partition.h"
#include "paths.h"
#include "sys.h"
#include "table.h"
#include "text.h"

/* No service has a name with a dot, so no volume's folder is this one. */
#define RELEASES_NAME	&PATH_RELEASES[sizeof(PATH_DATA "/") - 1]

#define PATH_LOCK	PATH_RUN "/slots"

/* Entries of a folder that are read at once: a slot has a few. */
#define ENTRIES_SIZE 2048

/* Folders in a slot, where none should be. */
#define DEPTH_MAX 8

#define FIXED (FS_IMMUTABLE_FL | FS_APPEND_FL)

/* NAME_a, as long as a partition's label may be. */
#define LABEL_SIZE 37

#define HERE (RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV)

const char *slot_name(unsigned slot)
{
	static const char *const names[SLOT_COUNT] = {
		[SLOT_NONE] = "none", [SLOT_A] = "a", [SLOT_B] = "b", [SLOT_FACTORY] = "factory",
	};

	return slot < SLOT_COUNT ? names[slot] : names[SLOT_NONE];
}

unsigned slot_other(unsigned slot)
{
	return slot == SLOT_B || slot == SLOT_NONE ? SLOT_A : SLOT_B;
}

unsigned slot_to_write(unsigned in_use, const struct record *record)
{
	bool counts = record->current == SLOT_A || record->current == SLOT_B;

	return slot_other(counts && in_use != SLOT_A && in_use != SLOT_B ? record->current : in_use);
}

int slots_open_file(int folder, const char *name)
{
	int fd = sys_openat2(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, HERE);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

static int open_folder(int above, const char *name)
{
	return sys_openat2(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, HERE);
}

int slot_open(unsigned slot)
{
	static const char *const paths[SLOT_COUNT] = {
		[SLOT_A] = PATH_RELEASES "/a", [SLOT_B] = PATH_RELEASES "/b",
		[SLOT_FACTORY] = PATH_FACTORY,
	};

	if (slot >= SLOT_COUNT || !paths[slot])
		return -ENOENT;
	return sys_openat2(AT_FDCWD, paths[slot], O_PATH | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
}

/* --- Removing ------------------------------------------------------------------- */

/* What was verified cannot be removed (verified_image.c), nor what somebody else has
 * marked so. */
static void let_change(int fd)
{
	int flags;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) < 0 || !(flags & FIXED))
		return;
	flags &= ~FIXED;
	ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

static int remove_all(int folder, unsigned depth);

static int remove_folder(int above, const char *name, unsigned depth)
{
	int fd = open_folder(above, name), rc;

	if (fd < 0)
		return fd;
	let_change(fd);
	rc = depth < DEPTH_MAX ? remove_all(fd, depth + 1) : -ELOOP;
	close(fd);
	return rc < 0 ? rc : SYS_INT(SYS_unlinkat, above, name, AT_REMOVEDIR);
}

static int remove_entry(int folder, const char *name, unsigned depth)
{
	int fd = slots_open_file(folder, name), rc;

	if (fd >= 0) {
		let_change(fd);
		close(fd);
	}
	rc = SYS_INT(SYS_unlinkat, folder, name, 0);
	/* One that is fixed is refused before it is seen that it is a folder. */
	if (rc == -EISDIR || rc == -EPERM)
		rc = remove_folder(folder, name, depth);
	return rc;
}

int slots_remove(int folder, const char *name)
{
	return remove_entry(folder, name, 0);
}

/* How many were removed, of those that were read in one go. */
static int remove_some(int folder, unsigned depth)
{
	_Alignas(struct dirent) char buf[ENTRIES_SIZE];
	int n = SYS_INT(SYS_getdents64, folder, buf, sizeof(buf)), removed = 0, rc;

	for (int at = 0; at < n;) {
		const struct dirent *entry = (const void *)(buf + at);

		at += entry->d_reclen;
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		rc = remove_entry(folder, entry->d_name, depth);
		/* On a damaged file system it may be listed all the same. */
		if (rc < 0 && rc != -ENOENT)
			return rc;
		removed += rc == 0;
	}
	return n < 0 ? n : removed;
}

/* From the beginning, until there is nothing: what was removed may have moved others. */
static int remove_all(int folder, unsigned depth)
{
	int rc;

	do
		rc = lseek(folder, 0, SEEK_SET) < 0 ? -errno : remove_some(folder, depth);
	while (rc > 0);
	return rc;
}

/* --- Folders -------------------------------------------------------------------- */

/* Root's alone, whoever made it. */
static int own(int fd)
{
	struct stat st;

	let_change(fd);
	if (fstat(fd, &st) < 0)
		return -errno;
	if ((st.st_uid || st.st_gid) && fchown(fd, 0, 0) < 0)
		return -errno;
	if ((st.st_mode & 07777) != 0700 && fchmod(fd, 0700) < 0)
		return -errno;
	return 0;
}

static int make_folder(int above, const char *name)
{
	if (mkdirat(above, name, 0700) < 0)
		return errno == EEXIST ? 0 : -errno;
	return fsync(above) < 0 ? -errno : 0;
}

/* The fd of a folder that is made if it is not there, in the place of whatever else has
 * its name. */
static int enter(int above, const char *name)
{
	int fd = open_folder(above, name), rc;

	if (fd == -ENOTDIR || fd == -ELOOP)
		slots_remove(above, name);
	if (fd < 0) {
		rc = make_folder(above, name);
		fd = rc < 0 ? rc : open_folder(above, name);
	}
	rc = fd < 0 ? fd : own(fd);
	if (rc == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return rc;
}

/* While no partition is mounted there, PATH_DATA is a folder of PID 1's. */
static int open_data(void)
{
	int fd = sys_openat2(AT_FDCWD, PATH_DATA, O_RDONLY | O_DIRECTORY, RESOLVE_NO_SYMLINKS);
	struct stat data, above;

	if (fd < 0)
		return fd;
	if (fstat(fd, &data) == 0 && stat(PATH_RUN, &above) == 0 && data.st_dev != above.st_dev)
		return fd;
	close(fd);
	return -ENODEV;
}

int slots_make_folder(void)
{
	int data = open_data(), fd;

	if (data < 0)
		return data;
	fd = enter(data, RELEASES_NAME);
	close(data);
	return fd;
}

/* No release is there any more, on the disk, before any of it is gone. */
static int empty(int folder)
{
	int rc = slots_remove(folder, SLOT_MANIFEST);

	if (rc == -ENOENT)
		rc = 0;
	if (rc == 0 && fsync(folder) < 0)
		rc = -errno;
	if (rc == 0)
		rc = remove_all(folder, 0);
	if (rc == 0 && fsync(folder) < 0)
		rc = -errno;
	return rc;
}

int slot_empty(unsigned slot)
{
	int releases, folder, rc;

	if (slot != SLOT_A && slot != SLOT_B)
		return -EINVAL;
	releases = slots_make_folder();
	if (releases < 0)
		return releases;
	folder = enter(releases, slot_name(slot));
	close(releases);
	if (folder < 0)
		return folder;
	rc = empty(folder);
	close(folder);
	return rc;
}

/* --- Images --------------------------------------------------------------------- */

static bool is_on_partition(unsigned slot, const struct image *row)
{
	return PARTITION_COUNT && row->is_partition && slot != SLOT_FACTORY;
}

static int open_partition(unsigned slot, const struct image *row, int flags)
{
	char label[LABEL_SIZE];
	struct text t = TEXT_ON(label);

	text_add(&t, "%s_%s", row->name, slot_name(slot));
	return t.cut ? -ENAMETOOLONG : partition_open(label, flags);
}

int slot_open_image(unsigned slot, int folder, const struct image *row)
{
	return is_on_partition(slot, row) ? open_partition(slot, row, O_RDONLY) :
					    slots_open_file(folder, row->name);
}

int slot_open_partition(unsigned slot, const struct image *row)
{
	/* Of a block device O_EXCL says: unless it is mounted, or part of another. */
	return is_on_partition(slot, row) ? open_partition(slot, row, O_WRONLY | O_EXCL) : -EINVAL;
}

int slots_lock(void)
{
	int fd = open(PATH_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	close(fd);
	return -EWOULDBLOCK;
}
