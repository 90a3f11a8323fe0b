/*
 * Writes a setting and says whether the kernel took it, or looks at one.  Refuses to know
 * what it means.
 */
#include "procfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int procfile_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

int procfile_first(const char *path)
{
	unsigned char first;
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return -errno;
	rc = read(fd, &first, 1) == 1 ? first : -EIO;
	close(fd);
	return rc;
}
