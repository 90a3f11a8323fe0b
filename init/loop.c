/*
 * Decides which loop device is taken.  Refuses to know what is in the file.
 */
#include "loop.h"

#include <errno.h>
#include <linux/loop.h>
#include <linux/major.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "manifest.h"
#include "sys.h"
#include "text.h"

#define PATH_LOOP_CONTROL "/dev/loop-control"

/* Somebody else may take the free one first, but not for ever. */
#define TRIES 32

/* "/dev/loop" and 10 digits. */
#define PATH_SIZE 24

/* minor is the number unless the module was told max_part, which nobody does here. */
static int open_number(int number)
{
	char path[PATH_SIZE];
	struct text t = TEXT_ON(path);
	struct stat st;
	int fd;

	text_add(&t, "/dev/loop%d", number);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) && major(st.st_rdev) == LOOP_MAJOR)
		return fd;
	close(fd);
	return -ENODEV;
}

/* -EBUSY: it is not free any more. */
static int attach(int control, const struct loop_config *config)
{
	int number = ioctl(control, LOOP_CTL_GET_FREE), fd, rc;

	if (number < 0)
		return -errno;
	fd = open_number(number);
	if (fd < 0)
		return fd;
	if (ioctl(fd, LOOP_CONFIGURE, config) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}

int loop_attach(int file, uint64_t size)
{
	const struct loop_config config = {
		.fd = (unsigned)file, .block_size = IMAGE_BLOCK_SIZE,
		.info = { .lo_sizelimit = size, .lo_flags = LO_FLAGS_READ_ONLY |
			  LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO },
	};
	int control = open(PATH_LOOP_CONTROL, O_RDWR | O_CLOEXEC), rc = -EBUSY;

	if (control < 0)
		return -errno;
	for (unsigned i = 0; i < TRIES && rc == -EBUSY; i++)
		rc = attach(control, &config);
	close(control);
	return rc;
}
