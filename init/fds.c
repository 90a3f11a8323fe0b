/*
 * Puts fds where a later run of PID 1 finds them.  Refuses to know what they
 * are.
 */
#include "fds.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int fds_keep(int fd, int number)
{
	int rc = number;

	if (fd < 0)
		return fd;
	if (dup2(fd, number) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

void fds_drop(int *fd)
{
	if (*fd > 0)
		close(*fd);
	*fd = 0;
}

int fds_find(int number)
{
	return fcntl(number, F_GETFD) < 0 ? 0 : number;
}
