/*
 * Decides who owns which folder and what others may do with it.  Refuses to know
 * where the folders lie.
 */
#include "storage_folders.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "sys.h"

/* As long as a name may be in any file system. */
#define NAME_SIZE 256

/* The fd of a folder in parent that is made if it is not there, or -errno. */
static int enter(int parent, const char *name, mode_t mode)
{
	if (mkdirat(parent, name, mode) < 0 && errno != EEXIST)
		return -errno;
	return sys_openat2(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
			   RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
}

/* What is right is not written: a medium may be read-only, or worn by it. */
static int give(int fd, uint32_t uid, uint32_t gid)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_uid == uid && st.st_gid == gid)
		return 0;
	return fchown(fd, uid, gid) < 0 ? -errno : 0;
}

/* The step from parent, which is closed, into the first name of path. */
static int step_into(int parent, const char *path, size_t len, bool last, const struct service *s)
{
	char name[NAME_SIZE];
	int fd, rc;

	if (len >= sizeof(name)) {
		close(parent);
		return -ENAMETOOLONG;
	}
	memcpy(name, path, len);
	name[len] = '\0';
	/* Nobody but the service has business in its folder. */
	fd = enter(parent, name, last ? 0700 : 0755);
	close(parent);
	if (fd < 0)
		return fd;
	rc = last ? give(fd, s->uid_base + s->uid, s->uid_base + s->gid) : give(fd, 0, 0);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

int storage_make_folder(const char *at, const struct service *s,
			const struct service_volume *volume)
{
	int fd = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *path = volume->folder;

	if (fd < 0)
		return -errno;
	while (fd >= 0 && path) {
		const char *slash = strchrnul(path, '/');

		fd = step_into(fd, path, (size_t)(slash - path), !*slash, s);
		path = *slash ? slash + 1 : NULL;
	}
	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}
