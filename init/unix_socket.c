/*
 * Binds a socket so that nobody but its owner can ever have connected.
 * Refuses to know what is said through it.
 */
#include "unix_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "text.h"

int unix_socket_bind(int type, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct text t = TEXT_ON(address.sun_path);
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int rc;

	if (fd < 0)
		return -errno;
	text_add(&t, "%s", path);
	errno = ENAMETOOLONG;
	/* bind(2) gives the file the mode that the socket has. */
	if (!t.cut && fchmod(fd, 0600) == 0 && (unlink(path) == 0 || errno == ENOENT) &&
	    bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	rc = -errno;
	close(fd);
	return rc;
}
