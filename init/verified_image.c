/*
 * Decides what has to be done before an image may be mounted.  Refuses to know which
 * images there are, and where they belong.
 *
 * Only a medium that gives other bytes when it is read a second time gets past a
 * SHA-256 of the whole: dm-verity alone has an answer to that.
 */
#include "verified_image.h"

#include <errno.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "dm.h"
#include "loop.h"
#include "sys.h"
#include "table.h"
#include "text.h"
#include "verify.h"

/* "/proc/self/fd/" and 10 digits. */
#define PATH_SIZE 32

#define ATTRIBUTES (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

struct verified_image {
	int device;		/* the block device that was checked, or that checks */
	uint8_t type;		/* enum image_type */
};

/* --- Nobody changes it any more ----------------------------------------------------- */

/* Who could write there cannot, be it root, until the slot is emptied (slots.h).  A file
 * system that does not know it is the initramfs, or cannot be written itself. */
static int forbid_changes(int fd)
{
	int flags;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0) {
		if (flags & FS_IMMUTABLE_FL)
			return 0;
		flags |= FS_IMMUTABLE_FL;
		if (ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0)
			return 0;
	}
	return errno == ENOTTY || errno == EOPNOTSUPP || errno == EROFS ? 0 : -errno;
}

/* It was opened to be written before that.  The kernel gives nobody a read lease on
 * such a file; mappings count as well. */
static int find_writers(int fd)
{
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return -errno;
	return fcntl(fd, F_SETLEASE, F_UNLCK) < 0 ? -errno : 0;
}

/* In this order: between the two nobody comes. */
static int freeze(int fd, struct refusal *why)
{
	int rc = forbid_changes(fd);

	if (rc == 0)
		rc = find_writers(fd);
	if (rc == -EAGAIN)
		return refusal_set(why, REFUSAL_IMAGE_BUSY, 0);
	return rc < 0 ? refusal_set(why, REFUSAL_IMAGE_FILE, rc) : 0;
}

/* --- What it lies on ---------------------------------------------------------------- */

/* The size of what it lies on is not the medium's to choose: a file has exactly that,
 * and a partition has room for it. */
static int check_size(int fd, const struct stat *st, const struct manifest_image *image,
		      struct refusal *why)
{
	uint64_t size = (uint64_t)st->st_size;
	bool fits;

	if (S_ISBLK(st->st_mode) && ioctl(fd, BLKGETSIZE64, &size) < 0)
		return refusal_set(why, REFUSAL_IMAGE_FILE, -errno);
	fits = S_ISBLK(st->st_mode) ? size >= image->size : size == image->size;
	return fits ? 0 : refusal_set(why, REFUSAL_IMAGE_SIZE, 0);
}

int verified_image_hold(int fd, const struct manifest_image *image, struct refusal *why)
{
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		return refusal_set(why, REFUSAL_IMAGE_FILE, -errno);
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return refusal_set(why, REFUSAL_IMAGE_FILE, -EINVAL);
	rc = S_ISREG(st.st_mode) ? freeze(fd, why) : 0;
	return rc < 0 ? rc : check_size(fd, &st, image, why);
}

/* The block device below: the partition itself, or a loop device over the file. */
static int open_below(int fd, const struct manifest_image *image, struct refusal *why)
{
	struct stat st;
	int rc;

	if (fstat(fd, &st) < 0)
		return refusal_set(why, REFUSAL_IMAGE_FILE, -errno);
	if (S_ISBLK(st.st_mode))
		rc = SYS_INT(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 0);
	else
		rc = loop_attach(fd, image->size);
	return rc < 0 ? refusal_set(why, REFUSAL_LOOP, rc) : rc;
}

/* Takes the device below, and returns the one that checks what is read. */
static int open_verity(int below, const struct manifest_image *image, uint64_t serial,
		       struct refusal *why)
{
	struct stat st;
	int rc = fstat(below, &st) < 0 ? -errno : dm_verity_open(st.st_rdev, image, serial);

	close(below);
	return rc < 0 ? refusal_set(why, REFUSAL_VERITY, rc) : rc;
}

/* Takes the device below, reads all of it, and returns it. */
static int check_all(int below, const struct manifest_image *image, struct refusal *why)
{
	int rc = verify_content(below, image, why);

	if (rc == 0)
		return below;
	close(below);
	return rc;
}

const struct verified_image *verified_image_make(int fd, const struct image *row,
						 const struct manifest_image *image,
						 uint64_t serial, struct refusal *why)
{
	static struct verified_image made = { .device = -1 };
	/* A partition can be written by whoever may open it, at any time. */
	bool verity = VERITY_COUNT && (row->verity || row->is_partition);
	int rc = verified_image_hold(fd, image, why);

	if (rc == 0)
		rc = open_below(fd, image, why);
	if (rc >= 0)
		rc = verity ? open_verity(rc, image, serial, why) : check_all(rc, image, why);
	if (rc < 0)
		return NULL;
	made = (struct verified_image){ .device = rc, .type = image->type };
	return &made;
}

/* --- Its mount ---------------------------------------------------------------------- */

/* By the fd: that path leads to its inode, whatever has its name by now. */
static int set_source(int fs, int device)
{
	char path[PATH_SIZE];
	struct text t = TEXT_ON(path);

	text_add(&t, "/proc/self/fd/%d", device);
	return sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", path);
}

static int make_mount(const struct verified_image *image)
{
	int fs = sys_fsopen(image_type_names[image->type]), rc = fs;

	if (rc >= 0)
		rc = set_source(fs, image->device);
	if (rc >= 0)
		rc = sys_fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL);
	if (rc >= 0)
		rc = sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (rc >= 0)
		rc = sys_fsmount(fs, ATTRIBUTES);
	if (fs >= 0)
		close(fs);
	return rc;
}

int verified_image_mount(const struct verified_image *image, int folder, struct refusal *why)
{
	int mount = make_mount(image), rc = mount;

	if (mount >= 0) {
		rc = sys_move_mount(mount, folder);
		close(mount);
	}
	return rc < 0 ? refusal_set(why, REFUSAL_MOUNT, rc) : 0;
}

void verified_image_drop(const struct verified_image *image)
{
	close(image->device);
}
